"""What it costs as the corpus grows: one need by all signals and by words and characters, the index's time and bytes.

SIZE is the largest corpus. All signals are ranked with filters and without reasons, whose cost does not grow. The time
of building is that beyond reading the rows. `python -m benchmarks.plot` draws it.

    .venv/bin/python -m benchmarks.cost_curve [SIZE]
"""

from collections.abc import Sequence

from apps.engine.blend import Parameters
from benchmarks.figure import Figure, percentiles, size_asked
from benchmarks.matrices import best
from benchmarks.prepared import LEXICAL, build_seconds, bytes_of, index_folder, matrices
from benchmarks.ranking import DEPTH, Question, Ranker, questions

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
ASKED, ASKED_OF_PEER = 40, 5
"""Needs; the peer takes seconds for each at a million."""


def main(largest: int) -> None:
    asked = questions(ASKED)
    curve = [_point(size, asked) for size in _sizes(largest)]
    last = curve[-1]
    Figure(
        figure="cost_curve",
        title="规模增长时一条需求的耗时（全部信号，不含理由，p95）",
        size=largest,
        ours=last["all_signals_ms"],
        peer=last["linear_kernel_ms"],
        peer_name="linear_kernel + argsort, words and characters only",
        unit="ms",
        extras={"curve": curve},
    ).report()


def _sizes(largest: int) -> list[int]:
    return [size for size in SIZES if size < largest] + [largest]


def _point(size: int, asked: Sequence[Question]) -> dict[str, float]:
    folder = index_folder(size, meanings=True)
    ranker, lexical, peer = Ranker(folder, Parameters()), Ranker(folder, LEXICAL), matrices(size)
    ranker.hits(asked[0].need, asked[0].wanted)
    all_signals, by_terms = percentiles(
        lambda question: ranker.hits(question.need, question.wanted),
        lambda question: lexical.hits(question.need),
        asked=asked,
    )
    (linear_kernel,) = percentiles(
        lambda question: best(peer.scores(question.counted), DEPTH), asked=asked[:ASKED_OF_PEER], runs=1
    )
    return {
        "size": size,
        "all_signals_ms": _short(1000 * all_signals),
        "lexical_ms": _short(1000 * by_terms),
        "linear_kernel_ms": _short(1000 * linear_kernel),
        "build_s": _short(build_seconds(folder)),
        "megabytes": _short(bytes_of(folder) / 1e6),
    }


def _short(value: float) -> float:
    return float(f"{value:.4g}")


if __name__ == "__main__":
    main(size_asked(SIZES[-1]))
