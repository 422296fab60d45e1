"""The engine behind the need form's elements and clarity."""

import pytest
from django.utils.translation import override

from apps.core.content import IndicatorValues
from apps.matching.analysis import EngineAnalyst
from apps.matching.documents import need_document, need_rows
from apps.needs.analysis import Said
from apps.needs.clarity import PLACES
from apps.needs.elements import need_texts
from apps.needs.models import Need, NeedElement
from apps.needs.services import need_analyse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("taxonomy")]
TEXTS = {
    "title": "轧辊耐磨涂层寿命偏短",
    "background": "轧辊用热喷涂修复，三个月就磨损报废。",
    "goal": "硬度达到 60 HRC 以上，不得停产。",
}


def test_elements_stand_where_they_say() -> None:
    found = EngineAnalyst().elements(TEXTS)
    assert {"object", "problem", "indicator", "constraint"} <= {element.kind for element in found}
    for element in found:
        assert TEXTS[element.field][element.start : element.end] == element.text
        assert 0 <= element.confidence <= 1


def test_what_two_texts_say_is_found_once() -> None:
    found = [(element.kind, element.text) for element in EngineAnalyst().elements(TEXTS)]
    assert len(found) == len(set(found))


def test_each_gain_comes_true() -> None:
    said = Said(texts=TEXTS)
    before = EngineAnalyst().clarity(said)
    indicator = IndicatorValues("硬度", "ge", 60.0, None, "HRC")
    after = EngineAnalyst().clarity(Said(texts=TEXTS, indicators=[indicator]))
    (gap,) = (gap for gap in before.gaps if gap.code == "indicators")
    assert after.score - before.score == gap.points
    assert before.score + sum(gap.points for gap in before.gaps) == 100


def test_the_gain_is_told_once() -> None:
    assert not any("预计可提高" in gap.text for gap in EngineAnalyst().clarity(Said(texts=TEXTS)).gaps)


def test_gaps_are_told_in_the_language_of_the_reader() -> None:
    with override("en"):
        told = [gap.text for gap in EngineAnalyst().clarity(Said(texts=dict.fromkeys(TEXTS, ""))).gaps]
    assert told
    assert not any("\u3000" <= letter <= "\u9fff" for text in told for letter in text)


def test_every_place_on_the_form_belongs_to_a_gap() -> None:
    blank = EngineAnalyst().clarity(Said(texts=dict.fromkeys(TEXTS, "")))
    assert PLACES.keys() <= {gap.code for gap in blank.gaps}


def test_a_stored_need_is_read_with_its_places(need: Need) -> None:
    assert need_analyse(need=need)
    texts = need_texts(need)
    rows = list(NeedElement.objects.filter(need=need))
    assert rows
    assert all(texts[row.field][row.start : row.end] == row.text for row in rows if row.field)
    assert need.clarity_points is not None


@pytest.mark.parametrize(
    "text",
    ["", "锈", "1234567890" * 600, "😀" * 6000, "Wear of rolls. " * 400, "轧辊" * 3000, "一二三" * 9000, "1" * 20_000],
)
def test_odd_texts_have_an_answer(text: str) -> None:
    analyst = EngineAnalyst()
    found = analyst.elements({"title": text[:60], "goal": text})
    clarity = analyst.clarity(Said(texts={"goal": text}, elements=[(e.kind, e.text) for e in found]))
    assert 0 <= clarity.score <= 100


def test_what_people_added_counts_in_the_match_and_what_they_rule_out_does_not(need: Need) -> None:
    for kind, text, state in (
        ("material", "球墨铸铁", "added"),
        ("constraint", "不用含氰工艺", "added"),
        ("material", "陶瓷", "proposed"),
        ("process", "电镀", "removed"),
    ):
        NeedElement.objects.create(need=need, kind=kind, text=text, state=state)
    body = need_document(need_rows(Need.objects.filter(pk=need.pk)).get()).body
    assert "球墨铸铁" in body
    assert not any(word in body for word in ("含氰", "陶瓷", "电镀"))
