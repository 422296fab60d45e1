"""A word is found in whatever case it is written, on either database."""

import pytest

from apps.core.mentions import mentioning
from apps.taxonomy.models import Term

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def term() -> Term:
    return Term.objects.create(vocabulary="tag", code="cnc", name="数控cnc机床", name_en="Machining")


def found(word: str) -> bool:
    return Term.objects.filter(mentioning(word, "name_en", "name"), code="cnc").exists()


@pytest.mark.parametrize("word", ["cnc", "CNC", "数控", "控CNC机", "MACHIN"])
def test_a_word_is_found_whatever_its_case(word: str) -> None:
    assert found(word)


@pytest.mark.parametrize("word", ["激光", "laser", "%", "_"])
def test_a_word_that_stands_nowhere_is_not_found(word: str) -> None:
    assert not found(word)
