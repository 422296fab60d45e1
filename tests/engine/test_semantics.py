"""The signal of meaning, and switching signals on and off."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from apps.engine.blend import SIGNALS, Parameters
from apps.engine.documents import Document
from apps.engine.encoder import Encoder, Vectors, with_vectors
from apps.engine.matcher import Match, Matcher
from apps.engine.semantic_signal import SemanticRows, values
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter


@pytest.fixture(scope="session")
def encoded(capabilities: Sequence[Document], encoder: Encoder) -> list[Document]:
    return with_vectors(capabilities, encoder)


@pytest.fixture(scope="session")
def encoded_needs(needs: Sequence[Document], encoder: Encoder) -> list[Document]:
    return with_vectors(needs, encoder)


@pytest.fixture
def with_meaning(taxonomy: Taxonomy, segmenter: Segmenter, encoded: list[Document]) -> Matcher:
    return Matcher(taxonomy=taxonomy, segmenter=segmenter).fit(encoded)


def unit(*numbers: float) -> Vectors:
    found = np.array(numbers, np.float32)
    return np.asarray(found / (np.linalg.norm(found) or 1), np.float32)


def document(name: str, title: Vectors, whole: Vectors) -> Document:
    return Document(name, name, vectors=np.stack([title, whole]))


def part(match: Match, name: str) -> float:
    return next(each.value for each in match.parts if each.name == name)


def test_the_value_is_the_weighed_cosine_of_titles_and_of_whole_texts() -> None:
    query = document("q", unit(1, 0, 0), unit(1, 1, 0))
    others = [document("a", unit(1, 1, 0), unit(0, 1, 1)), document("b", unit(-1, 0, 0), unit(0, 0, 1))]
    got, known = values(query, SemanticRows.of(others), title_share=0.25)
    np.testing.assert_allclose(got, [0.25 * 2**-0.5 + 0.75 * 0.5, 0.25 * -1.0], atol=5e-4)
    assert known.all()


def test_a_title_that_says_nothing_leaves_the_whole_texts_to_decide() -> None:
    query = document("q", unit(0, 0), unit(1, 0))
    got, known = values(query, SemanticRows.of([document("a", unit(1, 0), unit(1, 1))]), title_share=0.5)
    assert got == pytest.approx([2**-0.5], abs=5e-4)
    assert known.all()


def test_without_vectors_or_with_those_of_another_size_the_signal_is_missing() -> None:
    query = document("q", unit(1, 0), unit(1, 0))
    rows = SemanticRows.of([Document("none", "甲"), query, document("large", unit(1, 0, 0), unit(1, 0, 0))], 2)
    got, known = values(query, rows, title_share=0.5)
    assert known.tolist() == [False, True, False]
    assert got[0] == got[2] == 0
    assert values(Document("none", "甲"), rows, title_share=0.5)[1].tolist() == [False] * 3


def test_the_cosine_of_a_pair_is_the_very_same_however_it_is_asked_for() -> None:
    chance = np.random.default_rng(5)
    many = [
        document(str(n), *(unit(*row) for row in chance.normal(size=(2, 512)).astype(np.float32))) for n in range(70)
    ]
    at_once, _ = values(many[0], SemanticRows.of(many), title_share=0.3)
    one_by_one = [values(other, SemanticRows.of([many[0]]), title_share=0.3)[0][0] for other in many]
    assert at_once.tolist() == one_by_one


def test_what_is_meant_ranks_before_what_merely_shares_a_word(
    with_meaning: Matcher, taxonomy: Taxonomy, segmenter: Segmenter, encoder: Encoder
) -> None:
    offers = with_vectors([Document("water", "污水净化"), Document("image", "图像处理")], encoder)
    (need,) = with_vectors([Document("n", "工厂废水处理")], encoder)
    plain = Parameters().with_weights({"semantics": 0})
    blind = Matcher(taxonomy=taxonomy, segmenter=segmenter, parameters=plain).fit(offers)
    seeing = Matcher(taxonomy=taxonomy, segmenter=segmenter).fit(offers)
    found = {match.document_id: part(match, "semantics") for match in seeing.rank(need)}
    assert found["water"] > found["image"]
    gap = {
        name: {match.document_id: match.score for match in matcher.rank(need)}
        for name, matcher in (("blind", blind), ("seeing", seeing))
    }
    assert gap["seeing"]["water"] - gap["seeing"]["image"] > gap["blind"]["water"] - gap["blind"]["image"]


def test_a_pair_has_one_score_in_every_direction(
    with_meaning: Matcher, encoded: list[Document], encoded_needs: list[Document]
) -> None:
    for need in encoded_needs:
        ranked = {match.document_id: match for match in with_meaning.rank(need, depth=0)}
        for capability in encoded:
            assert with_meaning.match(need, capability) == ranked[capability.id]


def test_where_a_side_was_not_encoded_the_others_share_the_weight(
    with_meaning: Matcher, encoded_needs: list[Document]
) -> None:
    need = encoded_needs[0]
    silent = replace(need, vectors=None)
    weights = {p.name: p.weight for p in with_meaning.rank(silent)[0].parts}
    assert weights["semantics"] == 0
    assert sum(weights.values()) == pytest.approx(1.0, abs=1e-5)
    assert {p.name: p.weight for p in with_meaning.rank(need)[0].parts}["semantics"] > 0


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_of_weight_0_is_not_listed_and_the_rest_add_up(
    name: str, taxonomy: Taxonomy, segmenter: Segmenter, encoded: list[Document], encoded_needs: list[Document]
) -> None:
    less = Matcher(taxonomy=taxonomy, segmenter=segmenter, parameters=Parameters().with_weights({name: 0})).fit(encoded)
    for match in less.rank(encoded_needs[0], depth=0):
        assert [p.name for p in match.parts] == [each for each in SIGNALS if each != name]
        assert sum(p.contribution for p in match.parts) == pytest.approx(match.score, abs=1e-4)
    assert less.match(encoded_needs[0], encoded[0]).score > 50


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_alone_makes_the_whole_score(
    name: str, taxonomy: Taxonomy, segmenter: Segmenter, encoded: list[Document], encoded_needs: list[Document]
) -> None:
    only = Parameters().with_weights({each: float(each == name) for each in SIGNALS})
    alone = Matcher(taxonomy=taxonomy, segmenter=segmenter, parameters=only).fit(encoded)
    match = alone.match(encoded_needs[0], encoded[0])
    assert [p.name for p in match.parts] == [name]
    assert match.score == pytest.approx(100 * match.parts[0].value, abs=1e-4)


def test_weights_must_be_of_signals_and_not_all_0() -> None:
    with pytest.raises(ValueError, match="no such signals"):
        Parameters().with_weights({"luck": 1})
    with pytest.raises(ValueError):
        Parameters().with_weights({"words": -0.1})
    with pytest.raises(ValueError):
        Parameters().with_weights(dict.fromkeys(SIGNALS, 0))
    assert Parameters().with_weights({"words": 0.4}).weights == Parameters().weights | {"words": 0.4}


@pytest.mark.parametrize(
    "text", ["", "锂", "12345" * 9, "😀" * 50, "\x00\x07", "Walzen beschichten", "طلاء", "字" * 200_000]
)
def test_odd_texts_are_encoded_and_ranked_within_bounds(text: str, with_meaning: Matcher, encoder: Encoder) -> None:
    (odd,) = with_vectors([Document("odd", text, text)], encoder)
    found = with_meaning.rank(odd, depth=0)
    assert len(found) == 10
    assert all(0 <= match.score <= 100 for match in found)
    says_something = any(character.isalpha() for character in text)
    assert any(p.name == "semantics" and p.weight > 0 for match in found for p in match.parts) == says_something
