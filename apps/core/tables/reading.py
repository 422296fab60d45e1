"""Opening a table: refused as a whole, with one sentence, or read row by row in constant memory."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from apps.core.tables.fields import Fields
from apps.core.tables.files import checked_suffix, text_encoding
from apps.core.tables.refusal import TableRefused
from apps.core.tables.sheet_rows import refuse_hostile_workbook, sheet_rows
from apps.core.tables.sheet_stream import SheetRow
from apps.core.tables.text_rows import Record, csv_rows, jsonl_records

MOST_HEADINGS = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its first line in the file, and its known fields; or the problem that keeps it out.

    Values are texts; in .jsonl, any JSON.
    """

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


class Table:
    """A file that can be read to its end. Iterating reads it anew; `count` rows come."""

    def __init__(self, records: Callable[[], Iterator[Record]], columns: dict[str, str], count: int, names: list[str]):
        self._records, self._columns = records, columns
        self.count = count
        self.ignored_columns = [name for name in names if name not in columns]

    def __iter__(self) -> Iterator[Row]:
        for line, content in self._records():
            if isinstance(content, str):
                yield Row(line, problem=content)
            else:
                known = {field: content[heading] for heading, field in self._columns.items() if heading in content}
                yield Row(line, known)


def open_table(path: Path, fields: Fields) -> Table:
    """Read the file once to its end, so that what is broken in it is found before anything is written.

    Raises TableRefused for a file that is too large, empty, not what its name says, broken, in an unreadable encoding,
    or without a required column.
    """
    records = _records_of(path)
    headings: dict[str, None] = {}
    count = good = 0
    try:
        for _line, content in records():
            count += 1
            if isinstance(content, dict):
                good += 1
                headings |= dict.fromkeys(content) if len(headings) < MOST_HEADINGS else {}
    except TableRefused:
        raise
    except Exception as error:  # openpyxl raises whatever it stumbles on
        raise TableRefused(_("文件内容已损坏，无法读取。")) from error
    if not count:
        raise TableRefused(_("文件“%(name)s”里没有数据行。") % {"name": path.name})
    if not good and path.suffix.lower() == ".jsonl":
        raise TableRefused(_("“%(name)s”不是 JSON Lines 文件：每行应为一个 JSON 对象。") % {"name": path.name})
    return Table(records, fields.columns(headings), count, list(headings))


def _records_of(path: Path) -> Callable[[], Iterator[Record]]:
    suffix = checked_suffix(path)
    if suffix == ".xlsx":
        refuse_hostile_workbook(path)
        return lambda: _headed(sheet_rows(path))
    encoding = text_encoding(path)
    if suffix == ".jsonl":
        return partial(jsonl_records, path, encoding)
    return lambda: _headed(csv_rows(path, encoding))


def _headed(rows: Iterator[SheetRow]) -> Iterator[Record]:
    """The first row names the columns of those below it."""
    header = next(rows, SheetRow(0, []))
    headings = [heading.strip() for heading in header.cells]
    repeated = next((heading for heading, times in Counter(headings).items() if heading and times > 1), None)
    if repeated:
        raise TableRefused(_("表头里有两列都叫“%(name)s”，请只保留一列。") % {"name": repeated[:60]})
    for row in rows:
        extra = [cell for cell in row.cells[len(headings) :] if cell.strip()]
        if extra:
            numbers = {"cells": len(row.cells), "columns": len(headings)}
            yield row.line, _("本行有 %(cells)d 格，多于表头的 %(columns)d 列。") % numbers
            continue
        if unreadable := _unreadable(row, headings):
            yield row.line, unreadable
            continue
        yield row.line, {heading: cell.strip() for heading, cell in zip(headings, row.cells, strict=False) if heading}


def _unreadable(row: SheetRow, headings: list[str]) -> str:
    """What is wrong with the first cell under a heading that cannot be read."""
    named = {column: problem for column, problem in row.problems.items() if any(headings[column : column + 1])}
    return next((f"{headings[column]}：{problem}" for column, problem in named.items()), "")
