"""Rows of files to engine documents, for ranking without a database: the vocabularies come from the seeds."""

import re
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.import_cells import read_text
from apps.core.import_reports import RowProblem
from apps.core.tables import Fields, Row, Table
from apps.core.tables.bad_rows import BadRows
from apps.core.validators import clean_text
from apps.engine.documents import Document
from apps.engine.indicators import Side, parse_indicators
from apps.engine.taxonomy import Taxonomy, Term
from apps.engine.tokens import Segmenter
from apps.matching.documents import make_segmenter
from apps.taxonomy.seed_files import read_terms
from apps.taxonomy.selectors import ENGINE_VOCABULARIES

FIELDS = Fields(
    {
        "id": ("编号", "external_id"),
        "title": ("名称", "标题", "需求名称", "能力名称"),
        "description": ("描述", "简介", "内容"),
        "tags": ("标签", "关键词"),
    },
    required=("id", "title"),
)
_BETWEEN_TAGS = re.compile(r"[,，;；、|\n]+")


@cache
def seed_taxonomy(folder: Path) -> Taxonomy:
    """Chains, fields and tags of a fresh installation. SeedError where a file of the folder is bad or absent."""
    return Taxonomy(
        Term(seed.code, seed.name, seed.parent, (*seed.aliases, *filter(None, [seed.name_en])), seed.vocabulary)
        for seed in read_terms(folder)
        if seed.vocabulary in ENGINE_VOCABULARIES
    )


@cache
def seed_segmenter(taxonomy: Taxonomy, words: Path, cache_dir: Path) -> Segmenter:
    """The service's segmenter, with the vocabularies of the seeds."""
    return make_segmenter(taxonomy, words, cache_dir)


class FileDocuments:
    """Reads documents out of tables.

    Tags may be codes, names or aliases; one that the taxonomy does not know stays as it is and resembles only itself.
    Indicators are read out of title and description, on both sides alike: a file has no column for them.
    """

    def __init__(self, taxonomy: Taxonomy, *, ids_without_space: bool) -> None:
        self.ids_without_space = ids_without_space
        self._codes: dict[str, str] = {}
        for term in taxonomy.terms.values():
            for name in (term.code, term.name, *term.aliases):
                self._codes.setdefault(name.casefold(), term.code)

    def read(self, table: Table, bad_rows: BadRows, *, side: Side = "need") -> Iterator[Document]:
        """The document of each good row; the others go to `bad_rows`."""
        seen: set[str] = set()
        for row in table:
            try:
                document = self._document(row, seen, side)
            except ValidationError as error:
                bad_rows.add(row, problems_of(row, error))
                continue
            seen.add(document.id)
            yield document

    def _document(self, row: Row, seen: Container[str], side: Side) -> Document:
        if row.problem:
            raise ValidationError(row.problem)
        texts = {name: _text(row, name) for name in ("id", "title", "description")}
        missing = {name: _("不能为空。") for name in FIELDS.required if not texts[name]}
        if missing:
            raise ValidationError(missing)
        if texts["id"] in seen:
            raise ValidationError({"id": _("文件里前面已有同一编号的行。")})
        if self.ids_without_space and texts["id"].split() != [texts["id"]]:
            raise ValidationError({"id": _("编号含有空格，不能写入 .trec 文件。")})
        return Document(
            id=texts["id"],
            title=texts["title"],
            body=texts["description"],
            tags=tuple(dict.fromkeys(self._codes.get(tag.casefold(), tag) for tag in given_tags(row))),
            indicators=tuple(parse_indicators(f"{texts['title']}\n{texts['description']}", side=side)),
        )


def _text(row: Row, name: str) -> str:
    value = row.values.get(name)
    try:
        return "" if value is None else clean_text(read_text(value))
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error


def given_tags(row: Row) -> list[str]:
    """The tags of a row, as they are written there."""
    value: Any = row.values.get("tags") or ""
    names = value if isinstance(value, list) else _BETWEEN_TAGS.split(str(value))
    return [cleaned for name in names if isinstance(name, str) and (cleaned := clean_text(name).strip())]


def problems_of(row: Row, error: ValidationError) -> list[RowProblem]:
    """All that is wrong with a row, field by field."""
    if not hasattr(error, "error_dict"):
        return [RowProblem(row.line, "", message) for message in error.messages]
    return [RowProblem(row.line, name, message) for name, found in error.message_dict.items() for message in found]
