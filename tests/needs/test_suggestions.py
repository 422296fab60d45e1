"""Tags and indicators proposed while somebody types."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core import suggestions
from apps.core.suggestions import IndicatorIdea, Side, Suggestions, TagIdea
from apps.taxonomy.models import Term

pytestmark = pytest.mark.django_db


class Reader:
    """Finds the same things in every text, and remembers what it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.confidence = 0.9

    def suggest(self, text: str, *, side: Side = "need") -> Suggestions:
        self.texts.append(text)
        tag = Term.objects.get(vocabulary="tag", code="laser_cladding")
        return Suggestions(
            tags=[TagIdea(tag.code, tag.name, self.confidence), TagIdea("no_such_code", "没有", 0.8)],
            indicators=[IndicatorIdea("硬度", "ge", 60.0, None, "HRC", True, "硬度达到 60 HRC 以上")],
        )


@pytest.fixture
def reader() -> Iterator[Reader]:
    earlier = list(suggestions._registered)
    made = Reader()
    suggestions.register(made)
    yield made
    suggestions._registered[:] = earlier


@pytest.fixture
def client(client_of: Callable[[User], Client], sme_owner: User) -> Client:
    return client_of(sme_owner)


def ask(client: Client, **sent: object) -> str:
    return client.post(reverse("needs:suggest"), {"goal": "激光熔覆，硬度达到 60 HRC 以上", **sent}).content.decode()


def test_known_tags_and_indicators_are_offered(client: Client, reader: Reader) -> None:
    page = ask(client)
    assert 'data-code="laser_cladding"' in page
    assert "硬度 ≥ 60 HRC" in page
    assert 'data-low="60"' in page
    assert "no_such_code" not in page


@pytest.mark.parametrize(("confidence", "said"), [(0.9, 90), (0.994, 99), (0.9999, 99), (1.0, 99)])
def test_no_proposal_is_said_to_be_certain(client: Client, reader: Reader, confidence: float, said: int) -> None:
    reader.confidence = confidence
    assert f"把握 {said}%" in ask(client)


def test_what_the_form_has_is_not_offered_again(client: Client, reader: Reader) -> None:
    page = ask(client, **{"tags": ["laser_cladding"], "indicators-3-name": "硬度"})
    assert "data-add" not in page


def test_a_retired_tag_is_not_offered(client: Client, reader: Reader) -> None:
    Term.objects.filter(code="laser_cladding").update(is_active=False)
    assert "laser_cladding" not in ask(client)


def test_without_text_or_without_a_suggester_nothing_is_said(client: Client, reader: Reader) -> None:
    assert "data-add" not in client.post(reverse("needs:suggest"), {"goal": "  "}).content.decode()
    assert reader.texts == []
    suggestions._registered.clear()
    assert "data-add" not in ask(client)


def test_an_endless_text_is_read_to_a_bound(client: Client, reader: Reader) -> None:
    ask(client, background="字" * 100_000)
    assert len(reader.texts[0]) == 6_000


def test_visitors_get_nothing(reader: Reader) -> None:
    assert Client().post(reverse("needs:suggest"), {"goal": "激光"}).status_code == 204
    assert "data-add" not in Client().get(reverse("needs:tags"), {"tag_words": "激光"}).content.decode()


@pytest.mark.parametrize("words", ["激光熔覆", "laser cladding"])
def test_tags_are_found_by_any_of_their_names(client: Client, words: str) -> None:
    page = client.get(reverse("needs:tags"), {"tag_words": words}).content.decode()
    assert 'data-code="laser_cladding"' in page


def test_a_search_that_finds_nothing_says_so(client: Client) -> None:
    assert "没有找到" in client.get(reverse("needs:tags"), {"tag_words": "没有这种东西"}).content.decode()


@pytest.mark.parametrize("words", ["", " ", "\x00", "字" * 1000])
def test_odd_searches_are_harmless(client: Client, words: str) -> None:
    assert client.get(reverse("needs:tags"), {"tag_words": words}).status_code == 200
