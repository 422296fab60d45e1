"""Each benchmark still runs, at a tiny size; what it measures is no test's business.

Those of quality take no size and print a table of their own; those that start processes are tried in test_processes.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import FIGURES
from benchmarks.figure import KEYS, ROOT

QUALITY = ("drift", "elements", "indicators", "position_bias", "tag_suggestions")
PARTS = {
    "clauses",
    "corpus",
    "figure",
    "installation",
    "libraries",
    "matrices",
    "meanings",
    "peers",
    "plot",
    "prepared",
    "ranking",
    "table",
    "__main__",
}
"""What the scripts are made of, and what shows their results."""
SIZE = 60


@pytest.mark.parametrize("name", FIGURES)
def test_a_benchmark_prints_its_row_and_keeps_its_numbers(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", str(SIZE)]
    environment = {**os.environ, "BENCHMARKS_RESULTS": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{name} | {SIZE} | ")
    kept = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
    assert set(KEYS) <= kept.keys()
    assert (kept["figure"], kept["size"]) == (name, SIZE)
    assert kept["ours"] > 0
    assert kept["peer"] > 0
    assert kept["title"]


def test_every_script_is_a_figure_or_a_part_of_them() -> None:
    assert {path.stem for path in (ROOT / "benchmarks").glob("*.py")} == PARTS | set(FIGURES)


@pytest.mark.parametrize("name", QUALITY)
def test_a_benchmark_of_quality_prints_its_table(name: str) -> None:
    few = {"position_bias": ["1"], "drift": ["60"]}.get(name, [])
    command = [sys.executable, "-m", f"benchmarks.quality.{name}", *few]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    assert len(done.stdout.splitlines()) > 2


def test_every_benchmark_of_quality_is_tried() -> None:
    assert sorted(path.stem for path in (ROOT / "benchmarks" / "quality").glob("*.py")) == sorted(QUALITY)
