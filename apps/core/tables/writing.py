"""Writing tables. A cell is data and stays data: no spreadsheet may take it for a formula.

After OWASP, "CSV Injection": a text that begins with = + - @, a tab or a carriage return, or with a full-width form of
the first four, may be calculated by the program that opens it.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from apps.core.validators import clean_text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MOST_SHEET_ROWS = 1_048_576

type Cell = str | int | float | Decimal | date | datetime | None


def looks_like_formula(text: str) -> bool:
    return text.startswith(FORMULA_STARTS)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The table as CSV, line by line, led by a byte order mark: without one Excel takes Chinese for another encoding.

    A text that looks like a formula gets an apostrophe in front; numbers stay numbers.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"
    for row in chain([header], rows):
        writer.writerow([_csv_cell(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def jsonl_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """One JSON object a line, keyed by the header."""
    for row in rows:
        yield json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False, default=str) + "\n"


def write_xlsx(target: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = "") -> None:
    """The table as a workbook of one sheet, written row by row. Texts are typed as texts: nothing is calculated."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(clean_text(title)[:31] or None)
    sheet.freeze_panes = "A2"
    for row in chain([header], rows):
        sheet.append([_sheet_cell(sheet, cell) for cell in row])
    book.save(target)


def _csv_cell(cell: Cell) -> Cell:
    if isinstance(cell, str):
        text = clean_text(cell)
        return f"'{text}" if looks_like_formula(text) else text
    return _local(cell) if isinstance(cell, datetime) else cell


def _sheet_cell(sheet: Any, cell: Cell) -> Any:
    if not isinstance(cell, str):
        return _local(cell).replace(tzinfo=None) if isinstance(cell, datetime) else cell
    typed = WriteOnlyCell(sheet, clean_text(cell))
    typed.data_type = "s"
    if looks_like_formula(str(typed.value)):
        typed.quotePrefix = True  # stays a text also when somebody edits the cell
    return typed


def _local(moment: datetime) -> datetime:
    """In the city's time, to the second: what people compare with their own notes."""
    return (timezone.localtime(moment) if timezone.is_aware(moment) else moment).replace(microsecond=0)
