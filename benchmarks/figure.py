"""One figure: what was measured beside its peer, against what was asked of it; a row to read and a file to keep.

    Figure(figure="build_raw", title="…", size=50_000, ours=12.0, peer=60.0, must=1.0, aim=0.3, unit="s").report()

What is judged is the ratio of ours to the peer's, or ours itself where there is no peer. `must` and `aim` are upper
bounds, lower ones where `at_least`. Works are timed in turn within each round, so that whatever else the machine does
burdens all of them alike, and the median of the rounds counts.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
KEYS = ("figure", "size", "ours", "peer", "ratio", "must", "aim", "holds")
"""What every results file tells at least."""
RUNS = int(os.environ.get("BENCHMARKS_RUNS", "3"))
"""Rounds; BENCHMARKS_RUNS takes fewer where a peer takes minutes. Each results file says how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`ours` and `peer` are in `unit`; `extras` are further numbers worth keeping, by name. `title` is for readers."""

    figure: str
    title: str
    size: int
    ours: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    must: float | None = None
    aim: float | None = None
    at_least: bool = False
    extras: Mapping[str, object] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return None if self.peer is None else self.ours / self.peer

    @property
    def holds(self) -> bool | None:
        """Whether what must be is; None where nothing was asked."""
        return self._within(self.must)

    @property
    def reaches_aim(self) -> bool | None:
        return self._within(self.aim)

    def _within(self, bound: float | None) -> bool | None:
        if bound is None:
            return None
        judged = self.ours if self.ratio is None else self.ratio
        return judged >= bound if self.at_least else judged <= bound

    def as_json(self) -> dict[str, object]:
        first = {name: _short(getattr(self, name)) for name in KEYS}
        more = {name: getattr(self, name) for name in ("reaches_aim", "at_least", "unit", "title", "peer_name")}
        return first | more | {name: _short(value) for name, value in self.extras.items()}

    def report(self) -> None:
        """Print the row and keep the numbers in results_folder()/NAME.json."""
        folder = results_folder()
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.as_json(), ensure_ascii=False, indent=2)
        (folder / f"{self.figure}.json").write_text(text + "\n", encoding="utf-8")
        print(" | ".join(cells(self.as_json())), flush=True)


def cells(row: Mapping[str, object]) -> list[str]:
    """A results file as a row of a table: figure, size, ours, peer, ratio, must, aim, verdict."""
    sign = "≥" if row["at_least"] else "≤"
    scale = "×" if row["ratio"] is not None else row["unit"]
    bounds = ["–" if row[name] is None else f"{sign} {row[name]} {scale}" for name in ("must", "aim")]
    verdict = {None: "–", False: "no", True: "yes"}[_truth(row["holds"])]
    if row["reaches_aim"]:
        verdict = "yes, aim too"
    size, unit = row["size"], row["unit"]
    return [
        str(row["figure"]),
        f"{size:,}" if isinstance(size, int) else str(size),
        *("–" if row[name] is None else f"{row[name]} {unit}".strip() for name in ("ours", "peer")),
        "–" if row["ratio"] is None else f"{row['ratio']} ×",
        *bounds,
        verdict,
    ]


def results_folder() -> Path:
    """Beside the scripts, or where BENCHMARKS_RESULTS says: a try leaves the kept results alone."""
    return Path(os.environ.get("BENCHMARKS_RESULTS") or ROOT / "benchmarks" / "results")


def size_asked(otherwise: int) -> int:
    """The SIZE of the command line."""
    return int(sys.argv[1].replace(",", "").replace("_", "")) if len(sys.argv) > 1 else otherwise


def seconds_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def medians(*works: Callable[[], object], runs: int = RUNS) -> list[float]:
    """The median seconds of each work."""
    rounds = [[seconds_of(work) for work in works] for _ in range(runs)]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def percentiles[T](
    *works: Callable[[T], object], asked: Sequence[T], runs: int = RUNS, percentile: float = 95
) -> list[float]:
    """A percentile of the seconds each work takes over what is asked, each question timed at its median."""
    times = np.array([medians(*(_put(work, each) for work in works), runs=runs) for each in asked])
    return [float(value) for value in np.percentile(times, percentile, axis=0)]


def _put[T](work: Callable[[T], object], question: T) -> Callable[[], object]:
    return lambda: work(question)


def _short(value: object) -> object:
    """Numbers to four digits: more of them only make two runs differ."""
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _truth(value: object) -> bool | None:
    return None if value is None else bool(value)
