"""What it costs as the corpus grows: one need by words and characters and by all signals, the index's time and bytes.

SIZE is the largest corpus. Time and bytes are those of an index of words and characters. All signals are ranked up to
MEANINGS_UP_TO, with filters and without reasons, whose cost does not grow. The time of building is that beyond reading
the rows. `python -m benchmarks.plot` draws it.

    .venv/bin/python -m benchmarks.cost_curve [SIZE]
"""

from collections.abc import Sequence

from apps.engine.blend import Parameters
from benchmarks.figure import Figure, percentiles, size_asked
from benchmarks.matrices import best
from benchmarks.prepared import LEXICAL, build_seconds, bytes_of, index_folder, matrices
from benchmarks.ranking import DEPTH, Question, Ranker, questions

SIZES = (10_000, 30_000, 100_000, 1_000_000)
MEANINGS_UP_TO = 100_000
"""Mixing vectors for more listings takes longer than all else together."""

ASKED, ASKED_OF_PEER = 40, 3
"""Needs; the peer takes seconds for each at a million."""


def main(largest: int) -> None:
    asked = questions(ASKED)
    curve = [_point(size, asked) for size in _sizes(largest)]
    last = curve[-1]
    Figure(
        figure="cost_curve",
        title="规模增长时一条需求的耗时（按词汇，p95）",
        size=largest,
        ours=last["lexical_ms"],
        peer=last["linear_kernel_ms"],
        peer_name="linear_kernel + argsort",
        unit="ms",
        extras={"curve": curve},
    ).report()


def _sizes(largest: int) -> list[int]:
    return [size for size in SIZES if size < largest] + [largest]


def _point(size: int, asked: Sequence[Question]) -> dict[str, float]:
    folder, peer = index_folder(size), matrices(size)
    by_terms = _p95(Ranker(folder, LEXICAL), asked)
    (linear_kernel,) = percentiles(
        lambda question: best(peer.scores(question.counted), DEPTH), asked=asked[:ASKED_OF_PEER], runs=1
    )
    point = {
        "size": size,
        "lexical_ms": _short(1000 * by_terms),
        "linear_kernel_ms": _short(1000 * linear_kernel),
        "build_s": _short(build_seconds(folder)),
        "megabytes": _short(bytes_of(folder) / 1e6),
    }
    if size <= MEANINGS_UP_TO:
        whole = Ranker(index_folder(size, meanings=True), Parameters())
        point["all_signals_ms"] = _short(1000 * _p95(whole, asked, is_filtered=True))
    return point


def _p95(ranker: Ranker, asked: Sequence[Question], *, is_filtered: bool = False) -> float:
    def rank(question: Question) -> None:
        ranker.hits(question.need, question.wanted if is_filtered else None)

    rank(asked[0])
    (seconds,) = percentiles(rank, asked=asked)
    return seconds


def _short(value: float) -> float:
    return float(f"{value:.4g}")


if __name__ == "__main__":
    main(size_asked(SIZES[-1]))
