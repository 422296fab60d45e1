"""A thousand needs against the corpus by words and characters, the top 20 of each: two processes of the service beside
sparse_dot_topn with two threads.

The processes are there already, as workers are, each with the index opened; they start from texts, the peer from one
matrix of both sorts of terms, each weighed as the engine weighs it.

    .venv/bin/python -m benchmarks.rank_many [SIZE]
"""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import scipy.sparse as sp
from sparse_dot_topn import sp_matmul_topn

from apps.engine.blend import Parameters
from apps.engine.documents import Document
from benchmarks.corpus import needs
from benchmarks.figure import Figure, medians, size_asked
from benchmarks.installation import counter
from benchmarks.matrices import LexicalMatrices
from benchmarks.prepared import LEXICAL, SORTS, index_folder, matrices
from benchmarks.ranking import DEPTH, Ranker

SIZE = 1_000_000
ASKED = 1_000
PROCESSES = 2
AT_ONCE = 25
"""Needs that a process takes in one go."""

_ranker: Ranker | None = None


def main(size: int) -> None:
    asked = needs(min(size, ASKED))
    query, corpus = peer_matrices(matrices(size), asked)
    folder = index_folder(size)
    with ProcessPoolExecutor(
        PROCESSES, multiprocessing.get_context("spawn"), initializer=_open, initargs=(folder,)
    ) as pool:
        list(pool.map(_rank, asked[: 4 * PROCESSES]))
        ours_seconds, peer_seconds = medians(
            lambda: list(pool.map(_rank, asked, chunksize=AT_ONCE)),
            lambda: sp_matmul_topn(query, corpus, top_n=DEPTH, sort=True, n_threads=PROCESSES),
        )
    Figure(
        figure="rank_many",
        title="一千条需求批量匹配，按词汇各取前 20 条（2 个进程）",
        size=size,
        ours=ours_seconds,
        peer=peer_seconds,
        peer_name="sparse_dot_topn, 2 threads",
        unit="s",
        must=1.3,
        aim=0.5,
        extras={"needs": len(asked), "needs_per_second": len(asked) / ours_seconds},
    ).report()


def peer_matrices(peer: LexicalMatrices, asked: Sequence[Document]) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Needs × terms, and terms × documents: of both sorts of terms one below the other."""
    counted, weights = counter().count(asked), Parameters().weights
    queries = [weights[sort] * getattr(peer, sort).vectors(getattr(counted, sort)) for sort in SORTS]
    columns = [getattr(peer, sort).rows.T.tocsr() for sort in SORTS]
    return sp.csr_matrix(sp.hstack(queries, format="csr")), sp.csr_matrix(sp.vstack(columns, format="csr"))


def _open(folder: Path) -> None:
    global _ranker  # noqa: PLW0603 - one per process is the point
    _ranker = Ranker(folder, LEXICAL)


def _rank(need: Document) -> list[int]:
    if _ranker is None:
        raise RuntimeError("the process was not prepared")
    return [int(row) for row in _ranker.hits(need).rows]


if __name__ == "__main__":
    main(size_asked(SIZE))
