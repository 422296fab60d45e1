"""What operators read from the matching commands is said in their language, as pages are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = [
    *(ROOT / "apps" / "matching" / "management" / "commands").glob("[a-z]*.py"),
    ROOT / "apps" / "stats" / "management" / "commands" / "load_demo_city.py",
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TRANSLATED = {"_", "gettext", "gettext_lazy", "ngettext"}


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_every_sentence_of_a_run_can_be_translated(path: Path) -> None:
    assert list(bare_sentences(ast.parse(path.read_text(encoding="utf-8")))) == []


def bare_sentences(node: ast.AST) -> Iterator[str]:
    """Chinese that no gettext sees. The text of --help is none of a run."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and getattr(child.func, "id", "") in TRANSLATED:
            continue
        if isinstance(child, ast.keyword) and child.arg == "help":
            continue
        if isinstance(child, ast.Assign) and [getattr(target, "id", "") for target in child.targets] == ["help"]:
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str) and CHINESE.search(child.value):
            yield child.value
        yield from bare_sentences(child)
