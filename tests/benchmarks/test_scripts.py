"""Each benchmark still runs, at a tiny size; what it measures is no test's business."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(path for path in (ROOT / "benchmarks").glob("*.py") if path.name != "corpus.py")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_benchmark_prints_its_row(script: Path) -> None:
    command = [sys.executable, "-m", f"benchmarks.{script.stem}", "30"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.startswith(f"{script.stem} | 30 | ")
