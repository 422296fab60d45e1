"""Records of text files, one at a time: JSON Lines and CSV."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from apps.core.tables.refusal import TableRefused
from apps.core.tables.sheet_stream import MOST_COLUMNS, SheetRow
from apps.core.tables.writing import looks_like_formula

LONGEST_LINE = 1_000_000
"""Characters; a longer line is no record of a table, and must not fill the memory."""

type Record = tuple[int, dict[str, Any] | str]
"""Number of the line where it begins, and what it holds, or the sentence that says what is wrong with it."""


def jsonl_records(path: Path, encoding: str) -> Iterator[Record]:
    """One object per line; empty lines are passed over."""
    with path.open(encoding=encoding) as file:
        for number, line in enumerate(_bounded_lines(file), start=1):
            if line.strip():
                yield number, _parsed(line)


def csv_rows(path: Path, encoding: str) -> Iterator[SheetRow]:
    """The cells of each line that has any, header included, with the number of the line where it begins."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(_bounded_lines(file), delimiter=_delimiter(path, encoding), strict=True)
        while True:
            begins = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error:
                message = _("第 %(line)d 行起的引号不成对，或有单元格过长，无法分列。请检查后再试。")
                raise TableRefused(message % {"line": begins}) from None
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield SheetRow(begins, [_as_meant(cell) for cell in _bounded(cells, begins)])


def _bounded(cells: list[str], line: int) -> list[str]:
    """The cells as far as a table goes; what is empty behind them is no column."""
    if any(cell.strip() for cell in cells[MOST_COLUMNS:]):
        limits = {"line": line, "most": MOST_COLUMNS}
        raise TableRefused(_("第 %(line)d 行超过 %(most)d 列，不像是一张表。请删去用不到的列后再试。") % limits)
    return cells[:MOST_COLUMNS]


def _as_meant(cell: str) -> str:
    """Without the apostrophe that `csv_lines` puts before what looks like a formula."""
    return cell[1:] if cell[:1] == "'" and looks_like_formula(cell[1:]) else cell


def _bounded_lines(file: IO[str]) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            limits = {"line": number, "limit": f"{LONGEST_LINE:,}"}
            raise TableRefused(_("第 %(line)d 行超过 %(limit)s 字，不像是一张表。") % limits)
        yield line


def _parsed(line: str) -> dict[str, Any] | str:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):  # numbers of thousands of digits are a ValueError too
        return _("不是正确的 JSON。")
    return found if isinstance(found, dict) else _("应为一个 JSON 对象，例如 {…}。")


def _delimiter(path: Path, encoding: str) -> str:
    """The sign between the columns: the one of comma, semicolon and tab that the first line has most of."""
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(LONGEST_LINE)
    return max(",;\t", key=first.count)
