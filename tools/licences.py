"""Write the tables of docs/licences.md: what the project stands on, in which version, under which licence.

`.venv/bin/python tools/licences.py` after a change of pyproject.toml, of the lock files, or of what is vendored.
Dependencies come from pyproject.toml, their versions from the lock files, their licences from the installed packages;
what is vendored comes from its own table. Everything outside the marked blocks is written by people.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "licences.md"
VENDORED = {
    "vendored": ROOT / "apps" / "core" / "static" / "vendor" / "VENDORED.md",
    "fonts": ROOT / "apps" / "core" / "pdf" / "vendor" / "VENDORED.md",
}
BLOCK = re.compile(r"(<!-- (?P<name>\w+): written by tools/licences.py -->\n).*?(<!-- end -->)", re.DOTALL)
READ_BY_HAND = {
    # Packages whose metadata name no licence, or only a family of them; read in the texts that they ship.
    "scipy": "BSD-3-Clause",
    "python-stdnum": "LGPL-2.1-or-later",
    "import-linter": "BSD-2-Clause",
    "defusedxml": "PSF-2.0",
    "django-storages": "BSD-3-Clause",  # an extra that few install
}
SPDX = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
}
LONGEST_NAME = 60
"""A longer “licence” in the metadata is the text itself."""


def direct_dependencies(project: Path = ROOT / "pyproject.toml") -> dict[str, dict[str, str]]:
    """Direct dependencies by name with their bounds, as they are written: under "runtime", and under each extra."""
    told = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    groups = {"runtime": told["dependencies"], **told.get("optional-dependencies", {})}
    return {group: dict(map(_name_and_bounds, lines)) for group, lines in groups.items()}


def licence_of(name: str) -> str:
    """As an SPDX expression where the package says so or its words are known; else its own words."""
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return ""
    classifiers = [
        text.rsplit(" :: ", 1)[1] for text in told.get_all("Classifier", []) if text.startswith("License ::")
    ]
    candidates = (told.get("License-Expression"), told.get("License"), *classifiers)
    found = next((text for text in candidates if text and len(text) <= LONGEST_NAME and "\n" not in text), "")
    return SPDX.get(found, found)


def tables() -> dict[str, str]:
    """Each block's name and its lines."""
    groups = direct_dependencies()
    versions = _locked_versions()
    made = {group: _table(_rows(names, versions)) for group, names in groups.items()}
    return {**made, **{block: _table(_vendored(page)) for block, page in VENDORED.items()}}


def renewed(document: str) -> str:
    """The document with its blocks written anew. KeyError for a block that nobody makes."""
    made = tables()
    return BLOCK.sub(lambda block: f"{block[1]}{made[block['name']]}{block[3]}", document)


def _rows(dependencies: dict[str, str], versions: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """What is in no lock, as extras are not, stands with its bounds."""
    for name, bounds in sorted(dependencies.items(), key=lambda item: item[0].lower()):
        licence = licence_of(name)
        if not licence:
            sys.exit(f"{name}: no licence found; install it, or read its licence and add it to READ_BY_HAND.")
        yield name, versions.get(name.lower(), bounds), licence


def _vendored(page: Path) -> Iterator[tuple[str, str, str]]:
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and cells[0] not in {"name", "---"}:
            yield cells[0], cells[1], re.sub(r" \(`.*", "", cells[2])


def _locked_versions() -> dict[str, str]:
    """By lower-case name; what is not locked yet is missing."""
    lines = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("requirements.txt", "requirements-dev.txt"))
    pinned = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", lines, re.MULTILINE)
    return {name.lower(): version for name, version in pinned}


def _name_and_bounds(requirement: str) -> tuple[str, str]:
    found = re.match(r"([\w.-]+)(?:\[[^\]]*\])?([^;]*)", requirement)
    assert found is not None, requirement  # noqa: S101  (what pip would refuse as well)
    return found[1], found[2].strip()


def _table(rows: Iterator[tuple[str, str, str]]) -> str:
    lines = ("| 名称 | 版本 | 许可证 |", "| --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in rows))
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    DOCUMENT.write_text(renewed(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
