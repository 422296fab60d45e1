"""The peers do what they are said to do: the same terms, the same cosines."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sparse_dot_topn import sp_matmul_topn

from apps.engine.counted import Counted
from apps.engine.documents import Document
from apps.engine.simplified import simplified
from apps.engine.tokens import characters_and_bigrams
from benchmarks.corpus import capabilities, needs
from benchmarks.installation import counter, dictionary, segmenter
from benchmarks.matrices import ByTerm, LexicalMatrices, TfidfMatrix, best
from benchmarks.peers import JiebaCuts, TextPeer, folded, whole_text
from benchmarks.rank_many import peer_matrices

SIZE = 60


@pytest.fixture(scope="module")
def listings() -> list[Document]:
    """Without traditional characters, of which the peers know nothing."""
    plain = [d for d in capabilities(2 * SIZE) if simplified(folded(whole_text(d))) == folded(whole_text(d))]
    return plain[:SIZE]


@pytest.fixture(scope="module")
def halves(listings: list[Document]) -> list[Counted]:
    return [counter().count(listings[: SIZE // 2]), counter().count(listings[SIZE // 2 :])]


@pytest.fixture(scope="module")
def matrices(halves: Sequence[Counted]) -> LexicalMatrices:
    return LexicalMatrices(*(TfidfMatrix.of(getattr(half, sort) for half in halves) for sort in ("words", "bigrams")))


@pytest.fixture(scope="module")
def asked() -> list[Document]:
    return needs(5)


def test_both_sides_see_the_same_characters_and_pairs(listings: list[Document]) -> None:
    for text in map(whole_text, listings):
        assert Counter(JiebaCuts.characters_and_pairs(text)) == Counter(characters_and_bigrams(text))


def test_both_sides_see_the_same_words_but_for_synonyms(listings: list[Document]) -> None:
    cuts, same, of_both = JiebaCuts(dictionary()), 0, 0
    for text in map(whole_text, listings):
        theirs, ours = Counter(cuts.words(text)), Counter(segmenter().words(text))
        same += (theirs & ours).total()
        of_both += max(theirs.total(), ours.total())
    assert same / of_both > 0.9


def test_counted_terms_give_the_cosines_of_a_vectorizer(listings: list[Document], matrices: LexicalMatrices) -> None:
    _, pairs = TextPeer().build(listings)
    ours = matrices.bigrams.rows
    assert np.allclose((ours @ ours.T).toarray(), (pairs @ pairs.T).toarray())


def test_a_document_asked_is_the_document_that_is_kept(halves: Sequence[Counted], matrices: LexicalMatrices) -> None:
    again = matrices.words.vectors(halves[0].words)
    assert np.allclose(again.toarray(), matrices.words.rows[: SIZE // 2].toarray())


def test_a_kept_matrix_is_read_as_it_was(tmp_path: Path, matrices: LexicalMatrices, asked: list[Document]) -> None:
    matrices.words.write(tmp_path, "words")
    read = TfidfMatrix.read(tmp_path, "words")
    query = counter().count(asked).words
    assert np.array_equal(read.rows.toarray(), matrices.words.rows.toarray())
    assert np.array_equal(read.vectors(query).toarray(), matrices.words.vectors(query).toarray())


def test_terms_kept_by_term_give_the_same_scores(matrices: LexicalMatrices, asked: list[Document]) -> None:
    for need in asked:
        counted = counter().count([need])
        assert np.allclose(ByTerm(matrices).scores(counted), matrices.scores(counted))


def test_the_bulk_peer_finds_what_linear_kernel_finds(matrices: LexicalMatrices, asked: list[Document]) -> None:
    query, corpus = peer_matrices(matrices, asked)
    found = sp_matmul_topn(query, corpus, top_n=5, sort=True, n_threads=2)
    for row, need in enumerate(asked):
        scores = matrices.scores(counter().count([need]))
        assert np.allclose(scores[found[row].indices], scores[best(scores, 5)])
