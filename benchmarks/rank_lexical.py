"""One need against the corpus by words and characters: the top 20, beside linear_kernel and argsort.

The engine starts from the need's text, the peer from its counted terms; the peer's matrices are there already. For
information the peer is also measured with its matrices kept term by term (kept_by_term_ms).

    .venv/bin/python -m benchmarks.rank_lexical [SIZE]
"""

from apps.engine.counted import Counted
from apps.engine.documents import Document
from benchmarks.corpus import needs
from benchmarks.figure import Figure, percentiles, size_asked
from benchmarks.installation import counter
from benchmarks.matrices import ByTerm, best
from benchmarks.prepared import LEXICAL, index_folder, matrices
from benchmarks.ranking import DEPTH, Ranker

SIZE = 1_000_000
ASKED = 24
ASKED_OF_PEER = 4
"""Needs: the peer takes half a minute for each of them at a million, whatever the need."""

type Question = tuple[Document, Counted]


def main(size: int) -> None:
    ranker, peer = Ranker(index_folder(size), LEXICAL), matrices(size)
    asked = [(need, counter().count([need])) for need in needs(3 * ASKED)[::3]]

    def ours(question: Question) -> None:
        ranker.hits(question[0])

    def theirs(question: Question) -> None:
        best(peer.scores(question[1]), DEPTH)

    ours(asked[0])
    ours_s, _ = percentiles(ours, lambda _: None, asked=asked)
    _, peer_s = percentiles(ours, theirs, asked=asked[:: len(asked) // ASKED_OF_PEER])
    by_term = ByTerm(peer)
    (by_term_s,) = percentiles(lambda question: best(by_term.scores(question[1]), DEPTH), asked=asked)
    Figure(
        figure="rank_lexical",
        title="一条需求，按词汇取前 20 条（p95）",
        size=size,
        ours=1000 * ours_s,
        peer=1000 * peer_s,
        peer_name="linear_kernel + argsort",
        unit="ms",
        must=0.3,
        aim=0.05,
        extras={"needs": len(asked), "kept_by_term_ms": 1000 * by_term_s},
    ).report()


if __name__ == "__main__":
    main(size_asked(SIZE))
