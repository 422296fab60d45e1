"""Reading seeds/demo_city: JSON Lines, one file a trade and kind of row (rubber.needs.jsonl, …).

Rows of needs and capabilities are what the imports of those apps take, beside `key` and `organisation` (a key).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class SeedOrganisation:
    """One organisation; district and tiers are codes. `uscc` None: the loader makes one up."""

    key: str
    kind: str
    name: str
    short_name: str
    district: str
    description: str
    uscc: str | None = None
    tiers: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SeedAccount:
    """Somebody whom visitors of the demonstration sign in as; `organisation` is a key."""

    email: str
    password: str
    name: str
    phone: str
    organisation: str | None
    platform_role: str
    role: str
    role_en: str


@dataclass(frozen=True, slots=True)
class City:
    """Everything the files hold; needs and capabilities by the key of their organisation."""

    organisations: list[SeedOrganisation]
    accounts: list[SeedAccount]
    needs: dict[str, list[dict[str, Any]]]
    capabilities: dict[str, list[dict[str, Any]]]
    history: list[dict[str, Any]]
    centres: list[dict[str, Any]] = field(default_factory=list)


def read_city(folder: Path) -> City:
    return City(
        organisations=[SeedOrganisation(**row) for row in _rows(folder, "*.organisations.jsonl")],
        accounts=[SeedAccount(**row) for row in _rows(folder, "accounts.jsonl")],
        needs=_by_organisation(_rows(folder, "*.needs.jsonl")),
        capabilities=_by_organisation(_rows(folder, "*.capabilities.jsonl")),
        history=list(_rows(folder, "history.jsonl")),
        centres=list(_rows(folder, "centres.jsonl")),
    )


def _rows(folder: Path, pattern: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(pattern)):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def _by_organisation(rows: Iterator[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["organisation"], []).append(row)
    return found
