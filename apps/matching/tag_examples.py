"""Texts whose tags people chose, for proposing tags: the needs and capabilities that come with the installation."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.engine.documents import Document
from apps.engine.suggest import TagSuggester
from apps.matching.documents import engine_taxonomy


@cache
def tag_suggester() -> TagSuggester:
    """Of the database's vocabularies, once per process; learnt from the texts of the seeds."""
    return TagSuggester(engine_taxonomy(), seed_examples(settings.SEEDS_DIR / "demo_city"))


@cache
def seed_examples(folder: Path) -> tuple[Document, ...]:
    """The needs and capabilities of a seeds folder with their tags; none where there is no such folder."""
    paths = sorted([*folder.glob("*.needs.jsonl"), *folder.glob("*.capabilities.jsonl")])
    return tuple(_example(row) for path in paths for row in _rows(path))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _example(row: dict[str, Any]) -> Document:
    parts = (row.get(name, "") for name in ("background", "goal", "value", "description"))
    return Document(row["key"], row["title"], "\n".join(filter(None, parts)), tuple(row.get("tags", ())))
