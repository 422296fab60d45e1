"""Rows of an .xlsx workbook, one at a time, once its container is known to be harmless."""

import math
import zipfile
import zlib
from collections.abc import Generator, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from apps.core.tables.refusal import TableRefused

LARGEST_CONTENT_BYTES = 100 * 1024 * 1024
MOST_PARTS = 1_000
STEEPEST_RATIO = 100
MOST_COLUMNS = 100
MOST_CELLS_PER_ROW = 20_000  # more than a sheet can have
MOST_ROWS = 1_048_576
MAIN_PART = "xl/workbook.xml"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def refuse_hostile_workbook(path: Path) -> None:
    """TableRefused unless the file is a ZIP with a workbook in it that unpacks to a bearable size.

    Every XML part is read through once without building anything: a document type (entities) and an endless row, which
    openpyxl would hold in memory as a whole, are refused too.
    """
    with path.open("rb") as file:
        if file.read(4) == _OLD_OFFICE:
            raise TableRefused(_("这是加密的工作簿或旧版 .xls 文件，请另存为不带密码的 .xlsx 后再试。"))
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if MAIN_PART not in {part.filename for part in parts}:
                _refuse_not_a_workbook(path)
            _refuse_bomb(parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as content:
                        _scan(content)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
        _refuse_not_a_workbook(path)


def sheet_cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The cells as texts of each row of the first visible sheet that has any, header included, with its number."""
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            found = sheet.sheet_state == "visible" and (yield from _rows_of(sheet))
            if found:
                return
    finally:
        book.close()


def _rows_of(sheet: Any) -> Generator[tuple[int, list[str]], None, bool]:
    """The rows that have any text; the result says whether there were some."""
    sheet.reset_dimensions()  # what the file says of its own size is hearsay
    found = False
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS, values_only=True), start=1):
        if row.count(None) == len(row):  # a sheet may have a million of these between two others
            continue
        cells = [cell_text(value) for value in row]
        if any(cells):
            found = True
            yield number, cells
    return found


def cell_text(value: Any) -> str:
    """A cell as a person reads it: 12 and not 12.0, 2026-05-01 and not a moment at midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.15g}" if math.isfinite(value) else ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _refuse_bomb(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_CONTENT_BYTES or unpacked > STEEPEST_RATIO * max(packed, 10_000):
        raise TableRefused(_("工作簿解压后过大，为安全起见没有读取。请拆分，或另存为 .csv 后再试。"))


def _scan(content: IO[bytes]) -> None:
    cells = 0

    def element(name: str, attributes: dict[str, str]) -> None:
        nonlocal cells
        local = name.rpartition(":")[2]
        cells = 0 if local == "row" else cells + (local == "c")
        if cells > MOST_CELLS_PER_ROW:
            raise TableRefused(_("工作表的列数过多，不像是一张表。"))

    def document_type(*declaration: object) -> NoReturn:
        raise TableRefused(_("工作簿里有不安全的内容（实体定义），没有读取。请用 Excel 重新另存后再试。"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.ParseFile(content)
    except expat.ExpatError:
        raise TableRefused(_("工作簿内容已损坏，请用 Excel 打开并重新保存后再试。")) from None


def _refuse_not_a_workbook(path: Path) -> NoReturn:
    raise TableRefused(
        _("“%(name)s”不是完好的 Excel 工作簿（.xlsx），请确认没有改错扩展名，文件也没有损坏。") % {"name": path.name}
    ) from None
