"""Tags and indicators for a text that is being typed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connections

from apps.engine.text import LONGEST_TEXT
from apps.matching import suggestions
from apps.needs.suggestions import suggest
from apps.taxonomy.models import Term, Vocabulary

TEXT = "轧辊表面耐磨涂层寿命偏短，希望用激光熔覆，硬度不低于60HRC，耐温300℃以上。"


def test_tags_and_indicators_are_read_from_a_text(taxonomy: None) -> None:
    found = suggest(TEXT)
    assert {"激光熔覆", "耐磨涂层"} <= {tag.name for tag in found.tags}
    assert [(i.name, i.comparison, i.low, i.unit) for i in found.indicators] == [
        ("硬度", "ge", 60.0, "HRC"),
        ("耐温", "ge", 300.0, "℃"),
    ]
    assert found.indicators[0].source_text == "硬度不低于60HRC"


def test_only_terms_that_people_choose_are_proposed(taxonomy: None) -> None:
    codes = {tag.code for tag in suggest(TEXT * 3 + "高端化工与新材料 智能装备 激光加工").tags}
    kinds = set(Term.objects.filter(code__in=codes).values_list("vocabulary", flat=True))
    assert len(codes) <= suggestions.MOST_TAGS
    assert kinds <= {Vocabulary.TAG, Vocabulary.TECH_FIELD}


@pytest.mark.parametrize("text", ["", " ", "锈", "\x00\ud800", "🙂" * 50, "1234567890", "a" * 300_000])
def test_any_text_has_an_answer(taxonomy: None, text: str) -> None:
    assert suggest(text).tags == []


def test_only_the_beginning_of_a_book_is_read(taxonomy: None) -> None:
    assert suggest("无" * LONGEST_TEXT + TEXT) == suggest("无" * LONGEST_TEXT)


def test_several_people_may_type_at_once(taxonomy: None) -> None:
    expected = suggest(TEXT)  # reads the vocabularies in this thread: others have no test database
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(suggest, [TEXT] * 8)) == [expected] * 8


def test_a_server_starts_though_the_vocabularies_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(text: str) -> None:
        raise DatabaseError("no such table")

    monkeypatch.setattr(suggestions, "suggest", fail)
    monkeypatch.setattr(connections, "close_all", lambda: None)  # the test's own are still needed
    suggestions.read_dictionary()
    assert "no such table" in caplog.text
