"""The rows of one sheet, as expat meets them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO, Protocol
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from apps.core.tables.refusal import TableRefused
from apps.core.tables.writing import MOST_SHEET_ROWS

CHUNK_BYTES = 1 << 16
LONGEST_CELL = 100_000  # three times what Excel lets a person type
MOST_COLUMNS = 100


@dataclass(slots=True)
class SheetRow:
    """One row: its number, its cells as texts, and by column what cannot be read in it."""

    line: int
    cells: list[str]
    problems: dict[int, str] = field(default_factory=dict)
    is_hidden: bool = False


class Texts(Protocol):
    """Shared strings by number."""

    def text(self, number: int, /) -> str: ...


def damaged() -> TableRefused:
    return TableRefused(_("工作簿内容已损坏，请用 Excel 打开并重新保存后再试。"))


def local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]


class SheetReader:
    """Reads one sheet once. What a row says of its own number and a cell of its own place is believed, in order."""

    def __init__(
        self,
        *,
        strings: Texts,
        date_styles: frozenset[int],
        counts_from_1904: bool,
        merges: Mapping[int, list[tuple[int, int]]],
    ) -> None:
        self._strings, self._date_styles, self._merges = strings, date_styles, merges
        self._epoch = MAC_EPOCH if counts_from_1904 else WINDOWS_EPOCH
        self._ready: list[SheetRow] = []
        self._row = SheetRow(0, [])
        self._filled: dict[int, tuple[int, str]] = {}  # column → (last row, text) of the merged cells that go on
        self._column = -1
        self._kind = self._style = ""
        self._is_formula = self._takes = False
        self._value: list[str] = []
        self._length = 0

    def rows(self, content: IO[bytes]) -> Iterator[SheetRow]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            while chunk := content.read(CHUNK_BYTES):
                parser.Parse(chunk, False)
                yield from self._ready
                self._ready.clear()
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, IndexError, OverflowError):
            raise damaged() from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            reference = attributes.get("r")
            self._column = _column(reference) if reference else self._column + 1
            self._is_formula, self._length = False, 0
            self._value.clear()
        elif name in ("v", "t"):
            self._takes = True
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            line = int(attributes["r"]) if "r" in attributes else self._row.line + 1
            if not 1 <= line <= MOST_SHEET_ROWS:
                raise damaged()
            self._row = SheetRow(line, [], is_hidden=attributes.get("hidden") in ("1", "true"))
            self._column = -1

    def _text(self, data: str) -> None:
        if self._takes:
            self._length += len(data)
            if self._length > LONGEST_CELL:
                raise TableRefused(_("第 %(line)d 行有单元格过长，不像是一张表。") % {"line": self._row.line})
            self._value.append(data)

    def _end(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if name in ("v", "t"):
            self._takes = False
        elif name == "c":
            if self._column < MOST_COLUMNS:
                self._take_cell("".join(self._value))
        elif name == "row":
            self._finish_row()

    def _take_cell(self, raw: str) -> None:
        if not raw and not self._is_formula:
            return
        cells = self._row.cells
        cells += [""] * (self._column + 1 - len(cells))
        if self._is_formula and not raw and self._kind != "str":
            self._row.problems[self._column] = _(
                "这一格是公式，但文件里没有它的计算结果。请用 Excel 打开并保存一次，或改成数值后再试。"
            )
        elif self._kind == "e":
            self._row.problems[self._column] = _("这一格是错误值“%(value)s”。") % {"value": raw[:20]}
        else:
            cells[self._column] = self._as_text(raw)

    def _as_text(self, raw: str) -> str:
        match self._kind:
            case "s":
                return self._strings.text(int(raw)).strip()
            case "b":
                return "是" if raw.strip() in ("1", "true") else "否"
            case "n":
                return self._number(raw)
            case "d":
                return raw.strip().removesuffix("T00:00:00")
            case _:
                return raw.strip()

    def _number(self, raw: str) -> str:
        number = float(raw)
        if self._style and int(self._style) in self._date_styles and number >= 0:
            return _moment_text(from_excel(number, self._epoch))
        return f"{number:.15g}" if abs(number) != float("inf") and number == number else ""  # noqa: PLR0124  (not a number)

    def _finish_row(self) -> None:
        row = self._row
        self._fill_down(row)
        if any(row.cells) or row.problems:
            self._ready.append(row)

    def _fill_down(self, row: SheetRow) -> None:
        """Merged cells say the same on each of their rows. Rows that hold nothing else stay empty."""
        says_something = any(row.cells)
        for column, (last, text) in list(self._filled.items()):
            if last < row.line:
                del self._filled[column]
            elif says_something and column < MOST_COLUMNS:
                row.cells += [""] * (column + 1 - len(row.cells))
                row.cells[column] = row.cells[column] or text
        for column, last in self._merges.get(row.line, ()):
            if column < len(row.cells) and row.cells[column]:
                self._filled[column] = (last, row.cells[column])


def _column(reference: str) -> int:
    """The column of a reference like AB12, counted from 0."""
    number = 0
    for sign in reference:
        if not "A" <= sign <= "Z":
            break
        number = number * 26 + ord(sign) - 64
    return number - 1 if number else 0


def _moment_text(moment: datetime | date | time | timedelta | None) -> str:
    """A date as a person reads it: 2026-05-01 and not a moment at midnight."""
    if isinstance(moment, datetime):
        if moment.time() == time.min:
            return moment.date().isoformat()
        return moment.replace(microsecond=0).isoformat(sep=" ")
    return "" if moment is None else str(moment)
