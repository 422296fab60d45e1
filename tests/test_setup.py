"""The set-up from a fresh clone: the locks, the search for an interpreter, the stamp, the sentence when it fails."""

import ast
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt", "tools/requirements-uv.txt")


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The bootstrap module, working on an empty project folder that holds only the locks."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "tools" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / ".venv").mkdir()
    for lock in LOCKS[:2]:
        (tmp_path / lock).write_bytes((ROOT / lock).read_bytes())
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "VENV_PYTHON", sys.executable)
    monkeypatch.setattr(module, "STAMP", str(tmp_path / ".venv" / "locks.json"))
    monkeypatch.setattr(module, "TOOLS", str(tmp_path / ".tools"))
    monkeypatch.setattr(module, "UV", str(tmp_path / ".tools" / "bin" / "uv"))
    return module


@pytest.fixture
def installs(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Records which locks would be installed, instead of installing them."""
    done: list[str] = []
    monkeypatch.setattr(bootstrap, "make_venv", lambda: None)
    monkeypatch.setattr(bootstrap, "install", lambda uv, lock: done.append(lock))
    return done


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str, str], str]:
    def write(name: str, body: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return str(path)

    return write


def pinned(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)(?:\[.*?\])?==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_path_and_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.findall(
        r"://|file:|^-|^\s*#.*(?:\s|=)[./~]+/\S|index-url|find-links|trusted-host", text, re.MULTILINE
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_release_has_a_hash(lock: str) -> None:
    blocks = re.split(r"^(?=\S+==)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pinned(lock)) > 0
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_development_lock_holds_the_same_releases_as_the_other() -> None:
    development = pinned("requirements-dev.txt")
    assert {name: development.get(name) for name in pinned("requirements.txt")} == pinned("requirements.txt")


def test_the_bootstrap_is_written_for_python_3_6() -> None:
    ast.parse((ROOT / "tools" / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_broken_shim_and_an_old_python_are_passed_over(
    bootstrap: ModuleType, program: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shim = program("shim/python3", 'echo "python3: command not found" >&2; exit 127')
    old = program("old/python3", "echo '[true, 3, 8]'")
    without_sqlite = program("bare/python3", "echo '[false, 3, 13]'")
    monkeypatch.setattr(bootstrap, "candidate_paths", lambda: [shim, old, without_sqlite, sys.executable])
    assert bootstrap.find_interpreter() == sys.executable


def test_the_tested_version_is_preferred_to_a_newer_one(
    bootstrap: ModuleType, program: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = program("a/python3", "echo '[true, 3, 15]'")
    tested = program("b/python3", "echo '[true, 3, 13]'")
    monkeypatch.setattr(bootstrap, "candidate_paths", lambda: [newer, tested])
    assert bootstrap.find_interpreter() == tested


def test_pyenv_and_uv_interpreters_are_found_with_an_empty_path(
    bootstrap: ModuleType, program: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    of_pyenv = program("home/.pyenv/versions/3.13.0/bin/python3", "exit 0")
    of_uv = program("home/.local/share/uv/python/cpython-3.13.0/bin/python3", "exit 0")
    elsewhere = program("pyenv/versions/3.12.1/bin/python3", "exit 0")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert {of_pyenv, of_uv, elsewhere} <= set(bootstrap.candidate_paths())


def test_a_second_set_up_has_nothing_to_do(bootstrap: ModuleType, installs: list[str]) -> None:
    bootstrap.set_up(for_development=False)
    bootstrap.set_up(for_development=False)
    assert installs == ["requirements.txt"]


def test_the_development_environment_serves_the_demonstration_too(bootstrap: ModuleType, installs: list[str]) -> None:
    bootstrap.set_up(for_development=True)
    bootstrap.set_up(for_development=False)
    assert installs == ["requirements-dev.txt"]


def test_a_changed_lock_is_installed_again(bootstrap: ModuleType, installs: list[str], tmp_path: Path) -> None:
    bootstrap.set_up(for_development=False)
    with (tmp_path / "requirements.txt").open("a") as lock:
        lock.write("another==1.0\n")
    bootstrap.set_up(for_development=False)
    assert installs == ["requirements.txt", "requirements.txt"]


def test_a_set_up_that_broke_off_is_not_taken_for_finished(
    bootstrap: ModuleType, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.set_up(for_development=False)

    def fail(uv: str | None, lock: str) -> None:
        raise bootstrap.SetUpError("no network")

    monkeypatch.setattr(bootstrap, "install", fail)
    with pytest.raises(bootstrap.SetUpError):
        bootstrap.set_up(for_development=True)
    assert bootstrap.stamped() == {}


def test_a_damaged_stamp_means_a_new_set_up(bootstrap: ModuleType, installs: list[str]) -> None:
    Path(bootstrap.STAMP).write_text("{")
    bootstrap.set_up(for_development=False)
    assert installs == ["requirements.txt"]
    assert set(json.loads(Path(bootstrap.STAMP).read_text())) == {"requirements.txt"}


@pytest.mark.parametrize("uv", [None, "/bin/false"])
def test_one_sentence_says_that_python_is_missing(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, uv: str | None
) -> None:
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", "/nowhere/python")
    monkeypatch.setattr(bootstrap, "find_interpreter", lambda: None)
    monkeypatch.setattr(bootstrap, "ensure_uv", lambda interpreter: uv)
    with pytest.raises(bootstrap.SetUpError, match=r"缺少 Python 3\.12") as caught:
        bootstrap.set_up(for_development=False)
    assert caught.value.details == ""
    assert "\n" not in str(caught.value)


def test_make_says_in_one_sentence_that_there_is_no_python_at_all() -> None:
    done = subprocess.run(
        ["make", "-s", "--no-print-directory", "setup", "PYTHON="],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "缺少 Python" in done.stdout
    assert len(done.stdout.strip().splitlines()) == 1
