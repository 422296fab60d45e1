"""The documents keep to what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_setting_is_in_the_manual_and_no_other() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "matchsvc").glob("*.py"))
    read = set(re.findall(r'read_(?:text|list|int|choice|database)\(\s*"([A-Z_]+)"', code))
    section = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split("## 1.")[1].split("## 2.")[0]
    told = {name for line in section.splitlines() if line.startswith("| `") for name in _names(line.split("|")[1])}
    assert told == read


def _names(cell: str) -> list[str]:
    return re.findall(r"`([A-Z_]+)`", cell)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_commands_exist(document: Path) -> None:
    ours = {path.stem for path in ROOT.glob("apps/*/management/commands/*.py")}
    djangos = {"migrate", "check", "collectstatic", "createsuperuser", "clearsessions", "makemigrations"}
    named = set(re.findall(r"manage\.py ([a-z_]+)", document.read_text(encoding="utf-8")))
    assert named <= ours | djangos
