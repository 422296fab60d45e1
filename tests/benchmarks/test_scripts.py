"""Each benchmark still runs, at a tiny size; what it measures is no test's business.

Those of quality take no size and print a table of their own.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUALITY = ("elements", "indicators", "position_bias", "tag_suggestions")
SCRIPTS = sorted(path for path in (ROOT / "benchmarks").glob("*.py") if path.name != "corpus.py")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_benchmark_prints_its_row(script: Path) -> None:
    command = [sys.executable, "-m", f"benchmarks.{script.stem}", "30"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.startswith(f"{script.stem} | 30 | ")


@pytest.mark.parametrize("name", QUALITY)
def test_a_benchmark_of_quality_prints_its_table(name: str) -> None:
    few = ["1"] if name == "position_bias" else []
    command = [sys.executable, "-m", f"benchmarks.quality.{name}", *few]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    assert len(done.stdout.splitlines()) > 2


def test_every_benchmark_of_quality_is_tried() -> None:
    assert sorted(path.stem for path in (ROOT / "benchmarks" / "quality").glob("*.py")) == sorted(QUALITY)
