"""An .xlsx workbook as a stream: what it says of its sheets, and their rows one at a time in constant memory.

openpyxl tells a reader neither which cells are merged, nor which rows are hidden, nor that a formula was never
calculated, and holds every text of the book in memory. So the parts are read here, by expat.
"""

import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from apps.core.tables.refusal import TableRefused
from apps.core.tables.shared_strings import SharedStrings
from apps.core.tables.sheet_stream import CHUNK_BYTES, SheetReader, SheetRow, damaged, local

MAIN_PART = "xl/workbook.xml"
MOST_MERGES = 20_000
_RELATIONS = "xl/_rels/workbook.xml.rels"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?\Z")

type _Element = Callable[[str, dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; `part` is where in the container its rows are."""

    name: str
    part: str
    is_visible: bool = True


class Workbook:
    """An open workbook that is known to be harmless (`refuse_hostile_workbook`). TableRefused for a broken one."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._parts = set(self._archive.namelist())
        self.counts_from_1904 = False
        self.sheets = self._read_sheets()
        self._date_styles = self._read_date_styles()
        self._strings: SharedStrings | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._strings:
            self._strings.close()
        self._archive.close()

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """The rows of a sheet that hold anything, merged cells filled down from the first of them."""
        reader = SheetReader(
            strings=self._shared_strings(),
            date_styles=self._date_styles,
            counts_from_1904=self.counts_from_1904,
            merges=self._merges(sheet),
        )
        with self._archive.open(sheet.part) as content:
            yield from reader.rows(content)

    def hidden_columns(self, sheet: Sheet) -> set[int]:
        """The columns, counted from 0, that their owner hid; they are read like others."""
        hidden: set[int] = set()

        def element(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "col" and attributes.get("hidden") in ("1", "true"):
                first, last = int(attributes["min"]), int(attributes["max"])
                hidden.update(range(first - 1, min(last, 200)))

        with self._archive.open(sheet.part) as content:
            # Columns stand before the rows: what comes after the first piece is none of them.
            _parse(content, element, pieces=1)
        return hidden

    def _read_sheets(self) -> list[Sheet]:
        targets: dict[str, str] = {}
        found: list[Sheet] = []

        def relation(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
                targets[attributes.get("Id", "")] = _part(attributes.get("Target", ""))

        def element(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "workbookPr":
                self.counts_from_1904 = attributes.get("date1904") in ("1", "true")
            elif local(name) == "sheet":
                key = next((value for attribute, value in attributes.items() if attribute.endswith(":id")), "")
                if targets.get(key) in self._parts:  # a sheet of charts has no rows
                    is_visible = attributes.get("state", "visible") == "visible"
                    found.append(Sheet(attributes.get("name", ""), targets[key], is_visible))

        self._read(_RELATIONS, relation)
        self._read(MAIN_PART, element)
        return found

    def _read_date_styles(self) -> frozenset[int]:
        """Numbers of the cell styles that show a date."""
        formats: dict[str, str] = {str(number): code for number, code in BUILTIN_FORMATS.items()}
        dates: set[int] = set()
        inside, count = False, 0

        def element(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside, count
            match local(name):
                case "numFmt":
                    formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
                case "cellXfs" | "cellStyleXfs" | "cellStyles" as part:
                    inside = part == "cellXfs"
                case "xf" if inside:
                    if _shows_date(attributes.get("numFmtId", "0"), formats):
                        dates.add(count)
                    count += 1

        self._read("xl/styles.xml", element)
        return frozenset(dates)

    def _shared_strings(self) -> SharedStrings:
        if self._strings is None:
            self._strings = SharedStrings()
            if (part := "xl/sharedStrings.xml") in self._parts:
                with self._archive.open(part) as content:
                    self._strings.read(content)
        return self._strings

    def _merges(self, sheet: Sheet) -> dict[int, list[tuple[int, int]]]:
        """First row → (column, last row) of the cells that are merged downwards."""
        merges: dict[int, list[tuple[int, int]]] = defaultdict(list)
        count = 0

        def element(name: str, attributes: dict[str, str]) -> None:
            nonlocal count
            if local(name) != "mergeCell" or not (found := _REFERENCE.match(attributes.get("ref", ""))):
                return
            count += 1
            if count > MOST_MERGES:
                most = {"most": f"{MOST_MERGES:,}"}
                raise TableRefused(_("工作表里合并的单元格超过 %(most)s 处，请取消合并后再试。") % most)
            column, first, last = found[1], int(found[2]), int(found[4] or found[2])
            if last > first:
                merges[first].append((column_number(column), last))

        if self._mentions(sheet.part, b"mergeCell"):
            self._read(sheet.part, element)
        return dict(merges)

    def _mentions(self, part: str, word: bytes) -> bool:
        """Whether a part is worth parsing for its merged cells: most sheets have none, and searching is far cheaper."""
        tail = b""
        with self._archive.open(part) as content:
            while chunk := content.read(CHUNK_BYTES):
                if word in tail + chunk:
                    return True
                tail = chunk[-len(word) :]
        return False

    def _read(self, part: str, element: _Element) -> None:
        if part in self._parts:
            with self._archive.open(part) as content:
                _parse(content, element)


def column_number(letters: str) -> int:
    """Counted from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _parse(content: IO[bytes], element: _Element, *, pieces: int | None = None) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    try:
        while (pieces is None or pieces > 0) and (chunk := content.read(CHUNK_BYTES)):
            parser.Parse(chunk, False)
            pieces = None if pieces is None else pieces - 1
    except (expat.ExpatError, KeyError, ValueError):
        raise damaged() from None


def _part(target: str) -> str:
    """A relation's target as the name of a part: relative to xl/, or from the container's root."""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _shows_date(number: str, formats: dict[str, str]) -> bool:
    # 27 to 36 and 50 to 58 are dates in Chinese Excel, which does not write what they look like.
    if number.isdigit() and (27 <= int(number) <= 36 or 50 <= int(number) <= 58):
        return True
    return bool(is_date_format(formats.get(number)))
