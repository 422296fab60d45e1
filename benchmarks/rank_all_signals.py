"""One need against the corpus by all five signals, with filters and reasons, beside scikit-learn's pairwise functions.

The peer adds up linear_kernel of words, of characters and pairs, of the vectors of titles and of whole texts, and of
tags as a binary matrix, and sorts; it compares no indicators, filters nothing and gives no reasons. The engine starts
from the need's text, the peer from its counted terms; both are given the need's vectors.

    .venv/bin/python -m benchmarks.rank_all_signals [SIZE]
"""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.metrics.pairwise import linear_kernel
from sklearn.preprocessing import MultiLabelBinarizer

from apps.engine.blend import Parameters
from apps.engine.documents import Document
from benchmarks.corpus import blocks
from benchmarks.figure import Figure, percentiles, size_asked
from benchmarks.matrices import LexicalMatrices, best
from benchmarks.meanings import with_meanings
from benchmarks.prepared import index_folder, matrices
from benchmarks.ranking import DEPTH, Question, Ranker, questions

SIZE = 50_000
ASKED = 200


class PairwisePeer:
    """All signals but the indicators, by scikit-learn."""

    def __init__(self, lexical: LexicalMatrices, documents: Sequence[Document]) -> None:
        self._lexical = lexical
        self._titles, self._wholes = (_stacked(documents, row) for row in (0, 1))
        self._tags = MultiLabelBinarizer(sparse_output=True)
        self._tagged: sp.csr_matrix = self._tags.fit_transform([document.tags for document in documents])
        self._known = frozenset(self._tags.classes_.tolist())

    def rank(self, question: Question) -> NDArray[np.intp]:
        weights, need = Parameters().weights, question.need
        known = [tag for tag in need.tags if tag in self._known]
        scores = self._lexical.scores(question.counted)
        for rows, row in ((self._titles, 0), (self._wholes, 1)):
            scores += weights["semantics"] / 2 * linear_kernel(_stacked([need], row), rows)[0]
        tags = linear_kernel(self._tags.transform([known]), self._tagged)[0] / max(len(known), 1)
        return best(scores + weights["tags"] * tags, DEPTH)


def main(size: int) -> None:
    documents = [document for block in blocks(size) for document in with_meanings(block).documents]
    asked = questions(min(max(size // 20, 1), ASKED))
    ranker = Ranker(index_folder(size, meanings=True), Parameters(), documents)
    peer = PairwisePeer(matrices(size), documents)

    def ours(question: Question) -> None:
        ranker.matches(question.need, question.wanted)

    def without_reasons(question: Question) -> None:
        ranker.hits(question.need, question.wanted)

    ours(asked[0])
    ours_s, bare_s, peer_s = percentiles(ours, without_reasons, peer.rank, asked=asked)
    Figure(
        figure="rank_all_signals",
        title="一条需求，全部信号、筛选与理由，取前 20 条（p95）",
        size=size,
        ours=1000 * ours_s,
        peer=1000 * peer_s,
        peer_name="sklearn pairwise + argsort",
        unit="ms",
        must=1.0,
        aim=0.3,
        extras={"needs": len(asked), "without_reasons_ms": 1000 * bare_s},
    ).report()


def _stacked(documents: Sequence[Document], row: int) -> NDArray[np.float32]:
    return np.stack([document.vectors[row] for document in documents if document.vectors is not None])


if __name__ == "__main__":
    main(size_asked(SIZE))
