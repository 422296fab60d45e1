"""Needs of a file taken apart: indicators, elements, tags and clarity of each, without a database."""

import json
from collections.abc import Container, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.import_cells import read_text
from apps.core.tables import Row, Table, TableRefused
from apps.core.tables.bad_rows import BadRows
from apps.core.validators import clean_text
from apps.engine.clarity import ClarityInput, assess_clarity
from apps.engine.documents import Indicator
from apps.engine.elements import Element, find_elements
from apps.engine.indicators import parse_indicators
from apps.engine.suggest import TagSuggester, TagSuggestion
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter
from apps.matching.file_documents import given_tags, problems_of
from apps.matching.file_ranking import replacing

MOST_TAGS = 8
PROPOSED = ("tag", "tech_field")
"""Vocabularies whose terms are proposed as tags; industry chains have a field of their own."""


@dataclass(frozen=True, slots=True)
class FileNeed:
    """A need as its file has it: positions are told in these texts, character for character."""

    id: str
    title: str
    description: str
    tags: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        return {"title": self.title, "description": self.description}


class NeedAnalyst:
    def __init__(self, taxonomy: Taxonomy, segmenter: Segmenter, suggester: TagSuggester) -> None:
        self.taxonomy = taxonomy
        self.segmenter = segmenter
        self.suggester = suggester

    def analysed(self, need: FileNeed) -> dict[str, Any]:
        """What a person would be shown about the need, as JSON takes it."""
        indicators = {field: parse_indicators(text) for field, text in need.fields.items()}
        elements = {
            field: find_elements(
                text, self.taxonomy, self.segmenter, is_title=field == "title", indicators=indicators[field]
            )
            for field, text in need.fields.items()
        }
        clarity = assess_clarity(
            ClarityInput(
                title=need.title,
                goal=need.description,
                indicators=[found for group in indicators.values() for found in group],
                elements=[found for group in elements.values() for found in group],
                tags=need.tags,
            )
        )
        return {
            "id": need.id,
            "indicators": [_indicator(found, field) for field, group in indicators.items() for found in group],
            "elements": _once([_element(found, field) for field, group in elements.items() for found in group]),
            "tags": self._tags(need),
            "clarity": {"score": clarity.score, "gaps": [asdict(gap) for gap in clarity.gaps]},
        }

    def _tags(self, need: FileNeed) -> list[dict[str, Any]]:
        found = self.suggester.suggest(f"{need.title}\n{need.description}", limit=5 * MOST_TAGS)
        tags = [tag for tag in found if self.taxonomy.vocabulary(tag.code) in PROPOSED]
        return [_tag(tag, len(need.title) + 1) for tag in tags[:MOST_TAGS]]


def _indicator(found: Indicator, field: str) -> dict[str, Any]:
    names = ("name", "low", "high", "unit", "is_hard", "start", "end")
    return {name: getattr(found, name) for name in names} | {"field": field}


def _element(found: Element, field: str) -> dict[str, Any]:
    return asdict(found) | {"field": field}


def _once(elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the title says is not said again by the description."""
    first: dict[tuple[str, str], dict[str, Any]] = {}
    for element in elements:
        first.setdefault((element["kind"], element["text"]), element)
    return list(first.values())


def _tag(found: TagSuggestion, description_at: int) -> dict[str, Any]:
    """With the place that names it, or none where it is proposed because needs like this one bear it."""
    if found.start is None or found.end is None:
        return asdict(found) | {"field": None}
    if found.end < description_at:
        return asdict(found) | {"field": "title"}
    start, end = found.start - description_at, found.end - description_at
    return asdict(found) | {"start": start, "end": end, "field": "description"}


def read_needs(table: Table, bad_rows: BadRows) -> Iterator[FileNeed]:
    """The need of each good row; the others go to `bad_rows`."""
    seen: set[str] = set()
    for row in table:
        try:
            need = _need(row, seen)
        except ValidationError as error:
            bad_rows.add(row, problems_of(row, error))
            continue
        seen.add(need.id)
        yield need


def _need(row: Row, seen: Container[str]) -> FileNeed:
    if row.problem:
        raise ValidationError(row.problem)
    name = clean_text(_raw(row, "id")).strip()
    missing = {field: _("不能为空。") for field in ("id", "title") if not clean_text(_raw(row, field)).strip()}
    if missing:
        raise ValidationError(missing)
    if name in seen:
        raise ValidationError({"id": _("文件里前面已有同一编号的行。")})
    return FileNeed(name, _raw(row, "title"), _raw(row, "description"), tuple(given_tags(row)))


def _raw(row: Row, field: str) -> str:
    """The text of a field as the file has it, with the space around it, so that positions stay true."""
    value = row.values.get(field)
    if value is None or isinstance(value, str):
        return value or ""
    try:
        return read_text(value)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error


def refuse_other_endings(path: Path) -> None:
    """TableRefused for what is no .jsonl, and for a folder that is not there."""
    if path.suffix.lower() != ".jsonl":
        raise TableRefused(_("只能输出 .jsonl 文件，不支持“%(name)s”。") % {"name": path.name})
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise TableRefused(_("无法写入“%(name)s”：文件夹不存在，或同名的是一个文件夹。") % {"name": path})


def write_analyses(path: Path, analyses: Iterable[dict[str, Any]]) -> int:
    """One JSON object a line, all or nothing. How many were written."""
    count = 0
    with replacing(path) as file:
        for analysis in analyses:
            line = json.dumps(analysis, ensure_ascii=False) + "\n"
            file.write(line.encode("utf-8", "backslashreplace"))  # half a surrogate pair as JSON's own escape
            count += 1
    return count
