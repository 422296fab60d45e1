"""Rows of an .xlsx workbook, one at a time, once its container is known to be harmless."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _

from apps.core.tables.refusal import TableRefused
from apps.core.tables.sheet_stream import SheetRow
from apps.core.tables.workbooks import MAIN_PART, Workbook

LARGEST_CONTENT_BYTES = 100 * 1024 * 1024
MOST_PARTS = 1_000
STEEPEST_RATIO = 100
MOST_CELLS_PER_ROW = 20_000  # more than a sheet can have
MACROS = "xl/vbaProject.bin"
_XML = (".xml", ".rels")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def refuse_hostile_workbook(path: Path) -> None:
    """TableRefused unless the file is a ZIP with a workbook in it that unpacks to a bearable size.

    Every XML part is read through once without building anything: a document type (entities) and an endless row, which
    would be held in memory as a whole, are refused too.
    """
    with path.open("rb") as file:
        if file.read(4) == _OLD_OFFICE:
            raise TableRefused(_("这是加密的工作簿或旧版 .xls 文件，请另存为不带密码的 .xlsx 后再试。"))
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if MAIN_PART not in {part.filename for part in parts}:
                _refuse_not_a_workbook(path)
            if MACROS in {part.filename for part in parts}:
                raise TableRefused(_("工作簿里有宏，为安全起见没有读取。请另存为“Excel 工作簿（*.xlsx）”后再试。"))
            _refuse_bomb(parts)
            for part in parts:
                if part.filename.endswith(_XML):
                    with archive.open(part) as content:
                        _scan(content)
            for name in _sheets_of_other_names(path):
                with archive.open(name) as content:
                    _scan(content)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
        _refuse_not_a_workbook(path)


def sheet_rows(path: Path) -> Iterator[SheetRow]:
    """The rows of the first visible sheet that has any, header included."""
    with Workbook(path) as book:
        for sheet in book.sheets:
            found = False
            for row in book.rows(sheet) if sheet.is_visible else ():
                found = True
                yield row
            if found:
                return


def _sheets_of_other_names(path: Path) -> set[str]:
    """Parts that are read as sheets, whatever their names end in."""
    with Workbook(path) as book:
        return {sheet.part for sheet in book.sheets if not sheet.part.endswith(_XML)}


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
