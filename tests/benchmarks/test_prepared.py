"""What is kept is read again, made anew when it depends on something else by now, and never half made."""

from pathlib import Path

import pytest

from benchmarks import prepared
from benchmarks.prepared import Waited, made


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "scratch", lambda: tmp_path)


def _write(text: str, into: Path) -> None:
    (into / "text").write_text(text)


def test_what_is_there_is_not_made_again() -> None:
    made("index-5", "a", lambda into: _write("first", into))
    assert (made("index-5", "a", lambda into: _write("second", into)) / "text").read_text() == "first"


def test_what_was_made_of_something_else_goes(tmp_path: Path) -> None:
    made("index-50", "a", lambda into: _write("of another size", into))
    made("index-5", "a", lambda into: _write("old", into))
    assert (made("index-5", "b", lambda into: _write("new", into)) / "text").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index-5-b", "index-50-a"]


def test_what_was_left_half_made_is_made_anew() -> None:
    def stops(into: Path) -> None:
        _write("half", into)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made("index-5", "a", stops)
    assert (made("index-5", "a", lambda into: _write("whole", into)) / "text").read_text() == "whole"


def test_things_waited_for_are_the_same_things() -> None:
    rows = Waited(range(3))
    assert list(rows) == [0, 1, 2]
    assert rows.seconds >= 0
