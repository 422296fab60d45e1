"""A file as its owner sees it: sheets of rows, before anybody has said which column means what."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.tables.files import refuse_unreadable, text_encoding
from apps.core.tables.refusal import TableRefused
from apps.core.tables.sheet_rows import refuse_hostile_workbook
from apps.core.tables.sheet_stream import SheetRow
from apps.core.tables.text_rows import csv_rows
from apps.core.tables.workbooks import Workbook

ROWS_AT_THE_TOP = 10
SAMPLE_ROWS = 20
LONGEST_SHEET_NAME = 100  # three times what Excel lets a person type
_REFUSED_SUFFIXES = {
    ".xls": gettext_lazy("这是旧版 Excel 文件（.xls），请另存为“Excel 工作簿（*.xlsx）”后再上传。"),
    ".xlsm": gettext_lazy("含宏的工作簿（.xlsm）不能上传，请另存为“Excel 工作簿（*.xlsx）”。"),
    ".xlsb": gettext_lazy("二进制工作簿（.xlsb）不能上传，请另存为“Excel 工作簿（*.xlsx）”。"),
    ".et": gettext_lazy("WPS 表格（.et）请另存为 .xlsx 后再上传。"),
}


@dataclass(slots=True)
class Peek:
    """The top of one sheet: what a person needs to see to tell its columns."""

    name: str
    rows: list[SheetRow]
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Peeks:
    """The sheets that hold anything, and the names of those that were passed over because their owner hid them."""

    sheets: list[Peek]
    hidden_sheets: list[str] = field(default_factory=list)
    encoding: str = ""


def peek(path: Path) -> Peeks:
    """Look at the top of every sheet. TableRefused, with one sentence, for what cannot be used at all."""
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise TableRefused(_REFUSED_SUFFIXES.get(suffix) or _("只支持 .xlsx 和 .csv 文件。"))
    refuse_unreadable(path)
    found = _peek_csv(path) if suffix == ".csv" else _peek_workbook(path)
    if not found.sheets:
        raise TableRefused(_("文件里没有可见的数据：工作表都是空的，或都被隐藏了。"))
    return found


def sheet_source(path: Path, sheet: str) -> Iterator[SheetRow]:
    """All rows of the sheet of that name in a file that `peek` accepted, those above the heading included."""
    if path.suffix.lower() == ".csv":
        yield from csv_rows(path, text_encoding(path, shown_to_a_person=True))
        return
    with Workbook(path) as book:
        chosen = next((one for one in book.sheets if one.is_visible and one.name == sheet), None)
        if chosen is None:
            raise TableRefused(_("文件里没有名为“%(name)s”的工作表。") % {"name": sheet})
        yield from book.rows(chosen)


def counts_from_1904(path: Path) -> bool:
    """Whether numbers in the file that stand for days count them as Excel for the Mac once did."""
    if path.suffix.lower() == ".csv":
        return False
    with Workbook(path) as book:
        return book.counts_from_1904


def _peek_csv(path: Path) -> Peeks:
    encoding = text_encoding(path, shown_to_a_person=True)
    rows = list(islice(csv_rows(path, encoding), SAMPLE_ROWS))
    return Peeks([Peek("", rows)] if rows else [], encoding=encoding)


def _peek_workbook(path: Path) -> Peeks:
    refuse_hostile_workbook(path)
    with Workbook(path) as book:
        visible = [sheet for sheet in book.sheets if sheet.is_visible]
        if any(len(sheet.name) > LONGEST_SHEET_NAME for sheet in visible):
            raise TableRefused(_("工作表的名称超过 %(most)d 个字，请改短后再试。") % {"most": LONGEST_SHEET_NAME})
        hidden = [sheet.name for sheet in book.sheets if not sheet.is_visible]
        tops = [(sheet, list(islice(book.rows(sheet), SAMPLE_ROWS))) for sheet in visible]
        found = [Peek(sheet.name, top, book.hidden_columns(sheet)) for sheet, top in tops if top]
    return Peeks(found, hidden)
