"""The texts of a workbook, which its cells refer to by number: on disk once they are many, found by their offsets."""

import tempfile
from array import array
from collections.abc import Callable
from functools import lru_cache
from typing import IO
from xml.parsers import expat

from apps.core.tables.sheet_stream import CHUNK_BYTES, LONGEST_CELL, damaged, local

KEPT_IN_MEMORY_BYTES = 4_000_000
MOST_REMEMBERED = 2_000
"""Texts that come again and again, as names of vocabularies do."""


class SharedStrings:
    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY_BYTES)  # noqa: SIM115  (closed by `close`)
        self._ends = array("Q")
        self.text = lru_cache(maxsize=MOST_REMEMBERED)(self._text)

    def close(self) -> None:
        self._file.close()

    def read(self, content: IO[bytes]) -> None:
        """Take in the part that holds them. Phonetic readings are no part of a text."""
        collector = _Collector(self._add)
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = collector.start, collector.end
        parser.CharacterDataHandler = collector.text
        try:
            while chunk := content.read(CHUNK_BYTES):
                parser.Parse(chunk, False)
        except expat.ExpatError:
            raise damaged() from None

    def _add(self, text: str) -> None:
        self._file.write(text.encode("utf-8", "replace"))
        self._ends.append(self._file.tell())

    def _text(self, number: int) -> str:
        """IndexError for a number that the workbook does not have."""
        if number < 0:
            raise IndexError(number)
        begin, end = (self._ends[number - 1] if number else 0), self._ends[number]
        self._file.seek(begin)
        return self._file.read(end - begin).decode()


class _Collector:
    """Puts the runs of each text together and hands it on."""

    def __init__(self, add: Callable[[str], None]) -> None:
        self._add = add
        self._pieces: list[str] = []
        self._takes = self._is_reading = False
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "si":
                self._pieces.clear()
                self._length = 0
            case "rPh":
                self._is_reading = True
            case "t":
                self._takes = not self._is_reading

    def text(self, data: str) -> None:
        if self._takes and self._length <= LONGEST_CELL:
            self._pieces.append(data)
            self._length += len(data)

    def end(self, name: str) -> None:
        match local(name):
            case "si":
                self._add("".join(self._pieces))
            case "rPh":
                self._is_reading = False
            case "t":
                self._takes = False
