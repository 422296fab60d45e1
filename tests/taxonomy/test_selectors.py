"""Reading the vocabularies."""

import pytest

from apps.taxonomy.models import Alias, Term
from apps.taxonomy.selectors import engine_terms, search_terms, term, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def welding() -> Term:
    field = Term.objects.create(vocabulary="tech_field", code="x_field", name="测试领域")
    made = Term.objects.create(vocabulary="tag", code="x_weld", name="试焊接", name_en="Trial welding", parent=field)
    Alias.objects.create(term=made, text="试焊")
    return made


def test_engine_terms_carry_the_parent_and_every_name(welding: Term) -> None:
    found = {row.code: row for row in engine_terms()}["x_weld"]
    assert found == ("x_weld", "试焊接", "x_field", ("试焊", "Trial welding"), "tag")


def test_engine_terms_are_chains_fields_and_tags_each_code_once() -> None:
    rows = engine_terms()
    assert {row.vocabulary for row in rows} == {"industry_chain", "tech_field", "tag"}
    assert len({row.code for row in rows}) == len(rows)


def test_a_retired_term_is_offered_no_more_but_the_engine_still_knows_it(welding: Term) -> None:
    Term.objects.filter(pk=welding.pk).update(is_active=False)
    assert term("tag", "x_weld") is None
    assert welding not in terms("tag")
    assert welding not in search_terms("tag", "试焊")
    assert "x_weld" in {row.code for row in engine_terms()}


@pytest.mark.parametrize("words", ["试焊接", "trial weld", "试焊"])
def test_a_term_is_found_once_by_name_english_name_and_alias(welding: Term, words: str) -> None:
    assert list(search_terms("tag", words)) == [welding]


def test_a_term_is_looked_up_in_its_own_vocabulary_only(welding: Term) -> None:
    assert term("tag", "x_weld") == welding
    assert term("tech_field", "x_weld") is None
