"""Reading the vocabularies of a fresh installation: JSON Lines, one term a line, the file name says which vocabulary.

`tag.jsonl` and `tag.rubber.jsonl` both hold tags. A line of a vocabulary has `code`, `name`, and optionally `name_en`,
`parent` (a code of any vocabulary), `aliases`, `description`; one of `pain_points.jsonl` the fields of `SeedPainPoint`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.taxonomy.models import Vocabulary

PAIN_POINTS = "pain_points"


class SeedError(Exception):
    """A seed file cannot be used; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class SeedTerm:
    """One line of a vocabulary; `place` is its file and line, for messages."""

    place: str
    vocabulary: str
    position: int
    code: str
    name: str
    name_en: str = ""
    parent: str | None = None
    aliases: list[str] = field(default_factory=list)
    description: str = ""


@dataclass(frozen=True, slots=True)
class SeedPainPoint:
    """One line of the catalogue of pain points; chain, need_type and tags are codes."""

    place: str
    code: str
    chain: str
    title: str
    symptom: str
    need_title: str
    need_goal: str
    need_type: str
    tags: list[str] = field(default_factory=list)


def read_terms(folder: Path) -> list[SeedTerm]:
    """All terms of the folder, vocabulary by vocabulary, in the order of the lines. SeedError for a bad or absent file.

    `position` counts within the vocabulary, so that an added file goes on where the one before it ended.
    """
    terms: list[SeedTerm] = []
    for vocabulary in Vocabulary.values:
        files = sorted(folder.glob(f"{vocabulary}.jsonl")) + sorted(folder.glob(f"{vocabulary}.*.jsonl"))
        if not files:
            raise SeedError(f"{folder}: {vocabulary}.jsonl is missing")
        lines = (line for file in files for line in _lines(file))
        terms += [
            _build(SeedTerm, place, {**row, "vocabulary": vocabulary, "position": position})
            for position, (place, row) in enumerate(lines)
        ]
    _refuse_repeated(terms)
    return terms


def read_pain_points(folder: Path) -> list[SeedPainPoint]:
    """The catalogue of pain points; empty where the folder has none."""
    file = folder / f"{PAIN_POINTS}.jsonl"
    return [_build(SeedPainPoint, place, row) for place, row in _lines(file)] if file.exists() else []


def _lines(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        place = f"{file.name}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise SeedError(f"{place}: not JSON ({error.msg})") from error
        if not isinstance(row, dict):
            raise SeedError(f"{place}: not an object")
        yield place, row


def _build[Row: (SeedTerm, SeedPainPoint)](kind: type[Row], place: str, row: dict[str, Any]) -> Row:
    try:
        return kind(place=place, **row)
    except TypeError as error:
        raise SeedError(f"{place}: {error}") from error


def _refuse_repeated(terms: list[SeedTerm]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for term in terms:
        earlier = seen.setdefault((term.vocabulary, term.code), term.place)
        if earlier != term.place:
            raise SeedError(f"{term.place}: {term.code} is already in {earlier}")
