"""Each figure of real processes still runs, at a tiny size; and the parts that would make it wrong unnoticed."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.figure import KEYS, ROOT
from benchmarks.processes.browser import Answer, Fetch, PageError, fetches, watch
from benchmarks.processes.inside import Inside, InsideFailedError
from benchmarks.processes.memory import maps_files_below, pss_bytes, tree
from benchmarks.processes.need_forms import need_forms

SIZE = 240
EMBEDDED = ("publish_to_page", "published_to_found", "memory_of_second_worker")
PATH = "/needs/abc/proposals/"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One prepared city for all of them."""
    return tmp_path_factory.mktemp("kept")


def run(name: str, folder: Path, kept: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.processes.{name}", str(SIZE)]
    environment = {**os.environ, "BENCHMARKS_RESULTS": str(folder), "BENCHMARKS_SCRATCH": str(kept)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{name} | {SIZE} | ")
    result: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    assert set(KEYS) <= result.keys()
    assert result["title"]
    return result


@pytest.mark.processes
@pytest.mark.embedded
@pytest.mark.parametrize("name", EMBEDDED)
def test_a_figure_of_the_embedded_default_is_taken(name: str, tmp_path: Path, kept: Path) -> None:
    assert run(name, tmp_path, kept)["ours"] > 0


@pytest.mark.processes
@pytest.mark.skipif(not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="measured on PostgreSQL")
def test_the_scaling_of_workers_is_taken(tmp_path: Path, kept: Path) -> None:
    result = run("workers_scaling", tmp_path, kept)
    assert result["at_least"]
    assert result["peer"] > 0


def test_every_figure_of_processes_is_tried() -> None:
    scripts = {
        path.stem for path in (ROOT / "benchmarks" / "processes").glob("*.py") if "size_asked(" in path.read_text()
    }
    assert scripts == {*EMBEDDED, "workers_scaling"}


def test_a_page_tells_what_it_asks_for_and_how_often() -> None:
    html = f'<p hx-get="/other/">x</p><div id="a" hx-get="{PATH}?seen=queued-fresh" hx-trigger="every 250ms"><br></div>'
    assert fetches(html) == [Fetch(f"{PATH}?seen=queued-fresh", "every 250ms")]
    assert [Fetch("/", trigger).seconds for trigger in ("every 250ms", "every 3s", "load")] == [0.25, 3.0, None]


def stub(*texts: str | None) -> tuple[Any, list[str]]:
    """A browser that is answered so, None meaning that nothing is new; and what it asked for."""
    asked: list[str] = []
    answers = iter(texts)

    def get(url: str, *, as_fragment: bool) -> Answer:
        assert as_fragment
        asked.append(url)
        text = next(answers)
        return Answer(204, url, "") if text is None else Answer(200, url, text)

    return SimpleNamespace(get=get), asked


def test_a_waiting_page_polls_as_it_is_told_until_the_list_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "perf_counter", lambda: 0.0)
    monkeypatch.setattr(time, "sleep", slept.append)
    page, quick, slow = (
        f'<div hx-get="{PATH}{seen}" hx-trigger="{trigger}"></div>'
        for seen, trigger in (("", "load"), ("?seen=1", "every 250ms"), ("?seen=2", "every 1s"))
    )
    browser, asked = stub(quick, None, slow, None, "the list")
    watch(browser, page, lambda text: "list" in text, path=PATH, patience_seconds=9)
    assert asked == [PATH, f"{PATH}?seen=1", f"{PATH}?seen=1", f"{PATH}?seen=2", f"{PATH}?seen=2"]
    assert slept == [0.25, 0.25, 1.0, 1.0]


def test_a_page_that_waits_for_nothing_is_an_error() -> None:
    browser, _ = stub("<p>没有找到</p>")
    with pytest.raises(PageError, match="没有找到"):
        watch(
            browser, f'<div hx-get="{PATH}" hx-trigger="load"></div>', lambda text: False, path=PATH, patience_seconds=9
        )


def test_memory_is_counted_over_a_process_and_its_children(tmp_path: Path) -> None:
    script = "import sys; kept = bytearray(b'x' * 50_000_000); print(1, flush=True); sys.stdin.read()"
    child = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        child.stdout.readline()
        assert child.pid in tree(os.getpid())
        assert 50_000_000 < pss_bytes(child.pid) < 150_000_000
        assert not maps_files_below(child.pid, tmp_path)
        assert maps_files_below(child.pid, Path(sys.executable).resolve().parents[1])
    finally:
        child.communicate()


def test_needs_are_filled_in_from_all_trades_and_again_from_the_first() -> None:
    forms = need_forms(100)
    assert len(forms) == 100
    assert len({form["industry_chain"] for form in forms[:12]}) > 6
    assert forms[0] in forms[1:]
    assert not {"key", "organisation"} & forms[0].keys()


def test_a_process_that_fails_inside_is_not_taken_for_one_that_ended() -> None:
    with pytest.raises(InsideFailedError, match="no_such_part"), Inside("no_such_part", environment={}):
        pass
