"""What the project stands on is listed with its licence, and the tables are those that the command writes."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    spec = importlib.util.spec_from_file_location("licences", ROOT / "tools" / "licences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def listed(block: str) -> dict[str, tuple[str, str]]:
    """Name → version and licence, of one block of the document."""
    found = re.search(rf"<!-- {block}: [^\n]*\n(.*?)<!-- end -->", DOCUMENT, re.DOTALL)
    assert found is not None, f"docs/licences.md has no block for {block}"
    rows = [line.strip("| ").split(" | ") for line in found[1].splitlines()[2:]]
    return {name: (version, licence) for name, version, licence in rows}


def test_every_direct_dependency_is_listed_with_version_and_licence(licences: ModuleType) -> None:
    for group, names in licences.direct_dependencies().items():
        table = listed(group)
        assert set(table) == set(names), f"{group}: run tools/licences.py"
        assert all(version and licence for version, licence in table.values())


@pytest.mark.parametrize("block", ["vendored", "fonts"])
def test_everything_vendored_is_listed(licences: ModuleType, block: str) -> None:
    page: Path = licences.VENDORED[block]
    assert {name: (version, licence) for name, version, licence in licences._vendored(page)} == listed(block)
    told = page.read_text(encoding="utf-8")
    files = {path.name for path in page.parent.iterdir() if path != page}
    assert {name for name in files if f"`{name}`" not in told} == set()


def test_the_listed_licences_are_what_the_packages_say(licences: ModuleType) -> None:
    told = {name: licence for group in licences.direct_dependencies() for name, (_v, licence) in listed(group).items()}
    assert {name: licences.licence_of(name) for name in told} == told


def test_writing_the_tables_again_changes_nothing_else(licences: ModuleType) -> None:
    blanked = re.sub(r"(written by tools/licences.py -->\n).*?(<!-- end -->)", r"\1\2", DOCUMENT, flags=re.DOTALL)
    again = licences.renewed(blanked)
    assert re.sub(r"(?m)^\| .*\n", "", again) == re.sub(r"(?m)^\| .*\n", "", DOCUMENT)
