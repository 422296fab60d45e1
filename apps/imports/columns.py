"""What the columns of a file mean: a guess that a person corrects."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from apps.core.tables import Fields
from apps.core.tables.fields import folded
from apps.core.tables.sources import ROWS_AT_THE_TOP, Peeks

LEAST_ALIKE = 0.72
SAMPLES = 3
_IN_BRACKETS = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")

type Mapped = dict[str, str]
"""Number of a column, as text (JSON has no other keys) → field."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as the person sees it."""

    number: int
    heading: str
    samples: list[str]
    is_hidden: bool = False

    @property
    def letter(self) -> str:
        """A, B … Z, AA: how the program they use calls it."""
        letters, number = "", self.number + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters


def top_of(peeks: Peeks) -> dict[str, Any]:
    """What was seen of a file, as the job keeps it."""
    return {
        "sheets": [
            {
                "name": sheet.name,
                "rows": [[row.line, [cell[:200] for cell in row.cells]] for row in sheet.rows],
                "hidden_columns": sorted(sheet.hidden_columns),
            }
            for sheet in peeks.sheets
        ],
        "hidden_sheets": peeks.hidden_sheets,
        "encoding": peeks.encoding,
    }


def sheet_of(top: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    return next((sheet for sheet in top["sheets"] if sheet["name"] == name), None)


def best_sheet(top: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """The sheet whose heading says most that is known; of equals the first."""

    def known(sheet: dict[str, Any]) -> int:
        return len(guess(_cells(sheet, heading_line(sheet, fields)), fields))

    found: dict[str, Any] = max(top["sheets"], key=known)
    return found


def heading_line(sheet: Mapping[str, Any], fields: Fields) -> int:
    """The line, among the first ten, that says most of what columns are known by; the first where none says any."""
    rows = sheet["rows"][:ROWS_AT_THE_TOP]
    line, _cells_of_it = max(rows, key=lambda row: len(guess(row[1], fields)))
    return int(line)


def columns_of(sheet: Mapping[str, Any], line: int) -> list[Column]:
    """The columns under a heading on that line, with what stands first in them."""
    headings = _cells(sheet, line)
    below = [cells for at, cells in sheet["rows"] if at > line]
    width = max([len(headings), *(len(cells) for cells in below)], default=0)
    columns = []
    for number in range(width):
        texts = [cells[number] for cells in below if number < len(cells) and cells[number]]
        heading = headings[number] if number < len(headings) else ""
        if heading or texts:
            columns.append(Column(number, heading, texts[:SAMPLES], number in sheet["hidden_columns"]))
    return columns


def headings_of(columns: Sequence[Column]) -> list[str]:
    """One for each column of the sheet up to the last that holds anything."""
    by_number = {column.number: column.heading for column in columns}
    return [by_number.get(number, "") for number in range(max(by_number, default=-1) + 1)]


def guess(headings: Sequence[str], fields: Fields) -> Mapped:
    """Which column is which field: what is written as known, then what is most alike. No field twice."""
    scored = sorted(
        (
            (_likeness(heading, spellings, name), -number, name)
            for number, heading in enumerate(headings)
            if heading
            for name, spellings in fields.spellings.items()
        ),
        reverse=True,
    )
    found: Mapped = {}
    for likeness, minus_number, name in scored:
        if likeness >= LEAST_ALIKE and str(-minus_number) not in found and name not in found.values():
            found[str(-minus_number)] = name
    return dict(sorted(found.items(), key=lambda pair: int(pair[0])))


def _likeness(heading: str, spellings: Sequence[str], name: str) -> float:
    """From 0 to 1; what stands in brackets ("必填", units) counts for little."""
    if len(heading) > 60:  # a sentence, no heading
        return 0.0
    text = folded(heading)
    bare = folded(_IN_BRACKETS.sub("", heading))
    best = 0.0
    for spelling in (name, *spellings):
        known = folded(spelling)
        if text == known:
            return 1.0
        if bare == folded(_IN_BRACKETS.sub("", spelling)):
            best = max(best, 0.95)
        elif len(known) >= 2 and known in bare:
            best = max(best, 0.73 + 0.2 * len(known) / len(bare))
        elif (matcher := SequenceMatcher(None, bare, known)).real_quick_ratio() > LEAST_ALIKE:
            best = max(best, 0.9 * matcher.ratio())
    return best


def _cells(sheet: Mapping[str, Any], line: int) -> list[str]:
    return next((list(cells) for at, cells in sheet["rows"] if at == line), [])
