"""Every figure of the engine, each at the size that was asked for: `python -m benchmarks [SIZE]`, which takes an hour.

One figure alone: `python -m benchmarks.NAME [SIZE]`. Those that start processes of the service are in
benchmarks/processes, those of quality in benchmarks/quality.
"""

import subprocess
import sys

from benchmarks.figure import ROOT

FIGURES = (
    "build_raw",
    "build_kept",
    "rank_all_signals",
    "rank_lexical",
    "rank_many",
    "search_libraries",
    "cost_curve",
)


def main(arguments: list[str]) -> int:
    """How many of them failed to run; a figure that misses what must be is told, and is no failure."""
    commands = [[sys.executable, "-m", f"benchmarks.{name}", *arguments] for name in FIGURES]
    return sum(subprocess.run(command, cwd=ROOT, check=False).returncode != 0 for command in commands)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
