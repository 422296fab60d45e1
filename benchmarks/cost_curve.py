"""What it costs as the corpus grows: one need by all signals and by words and characters, the index's time and bytes.

SIZE is the largest corpus. All signals are ranked with filters and without reasons, whose cost does not grow. The time
of building is that beyond reading the rows. `python -m benchmarks.plot` draws it.

    .venv/bin/python -m benchmarks.cost_curve [SIZE]
"""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.engine.blend import Parameters
from apps.engine.counted import Counted
from apps.engine.documents import Document
from apps.engine.index.segment import Filter
from benchmarks.corpus import need_block
from benchmarks.figure import Figure, percentiles, size_asked
from benchmarks.installation import counter
from benchmarks.matrices import best
from benchmarks.meanings import with_meanings
from benchmarks.prepared import LEXICAL, build_seconds, bytes_of, index_folder, matrices
from benchmarks.ranking import DEPTH, Ranker, filters_of

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
ASKED, ASKED_OF_PEER = 40, 5
"""Needs; the peer takes seconds for each at a million."""


@dataclass(frozen=True, slots=True)
class Question:
    need: Document
    wanted: Filter
    counted: Counted


def main(largest: int) -> None:
    questions = _questions()
    curve = [_point(size, questions) for size in _sizes(largest)]
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


def _questions() -> list[Question]:
    asked = with_meanings(need_block(ASKED))
    return [
        Question(need, wanted, counter().count([need]))
        for need, wanted in zip(asked.documents, filters_of(asked), strict=True)
    ]


def _point(size: int, questions: Sequence[Question]) -> dict[str, float]:
    folder = index_folder(size, meanings=True)
    ranker, lexical, peer = Ranker(folder, Parameters()), Ranker(folder, LEXICAL), matrices(size)
    ranker.hits(questions[0].need, questions[0].wanted)
    all_signals, by_terms = percentiles(
        lambda question: ranker.hits(question.need, question.wanted),
        lambda question: lexical.hits(question.need),
        asked=questions,
    )
    (linear_kernel,) = percentiles(
        lambda question: best(peer.scores(question.counted), DEPTH), asked=questions[:ASKED_OF_PEER], runs=1
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
