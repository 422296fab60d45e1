import pytest

from apps.engine.documents import Document
from apps.engine.tag_signal import TagRows, TagSignal
from apps.engine.taxonomy import Taxonomy, Term


def test_similarity_is_wu_and_palmer(taxonomy: Taxonomy) -> None:
    assert taxonomy.similarity("cladding", "cladding") == 1.0
    assert taxonomy.similarity("cladding", "field_surface") == pytest.approx(2 / 3)
    assert taxonomy.similarity("cladding", "coating") == taxonomy.similarity("coating", "cladding") == 0.5
    assert taxonomy.similarity("cladding", "membrane") == 0.0


def test_an_unknown_code_is_its_own_name_and_resembles_only_itself(taxonomy: Taxonomy) -> None:
    assert taxonomy.name("x") == "x"
    assert taxonomy.ancestors("x") == ()
    assert (taxonomy.similarity("x", "x"), taxonomy.similarity("x", "cladding")) == (1.0, 0.0)


def test_a_repeated_code_and_a_circle_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Taxonomy([Term("a", "A"), Term("a", "B")])
    with pytest.raises(ValueError, match="own ancestor"):
        Taxonomy([Term("a", "A", "b"), Term("b", "B", "a")])


def test_a_parent_outside_the_terms_is_absent() -> None:
    assert Taxonomy([Term("a", "A", "gone")]).ancestors("a") == ()


def value_of(taxonomy: Taxonomy, asked: tuple[str, ...], offered: tuple[str, ...]) -> float:
    documents = [Document("c", "", tags=offered), Document("d", "", tags=("vision",)), Document("e", "")]
    values, present = TagSignal(taxonomy).fit(documents).values(Document("n", "", tags=asked), TagRows.of(documents))
    assert present.tolist() == [True, True, False]
    return float(values[0])


def test_the_same_tags_are_worth_one_and_strangers_nothing(taxonomy: Taxonomy) -> None:
    assert value_of(taxonomy, ("cladding", "coating"), ("coating", "cladding")) == pytest.approx(1.0)
    assert value_of(taxonomy, ("cladding",), ("membrane",)) == 0.0


def test_kin_is_worth_more_the_nearer_it_is(taxonomy: Taxonomy) -> None:
    parent = value_of(taxonomy, ("cladding",), ("field_surface",))
    sibling = value_of(taxonomy, ("cladding",), ("coating",))
    assert 1 > parent > sibling > 0


def test_what_the_need_misses_hurts_more_than_what_the_capability_adds(taxonomy: Taxonomy) -> None:
    missing = value_of(taxonomy, ("cladding", "membrane"), ("cladding",))
    extra = value_of(taxonomy, ("cladding",), ("cladding", "membrane"))
    assert extra > missing
