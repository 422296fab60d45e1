"""The columns of a list: how each is headed, and how a row fills it; the same on a page and in a file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from apps.core.tables.writing import Cell


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and how a row fills the cell."""

    label: Any
    cell: Callable[[Any], Cell]


def attribute(path: str) -> Callable[[Any], Cell]:
    """Follows a dotted path; what a label stands for is shown by its label, an absent link as nothing."""
    names = path.split(".")

    def read(row: Any) -> Cell:
        for name in names[:-1]:
            row = getattr(row, name)
        shown = getattr(row, f"get_{names[-1]}_display", None)
        value: Any = shown() if shown else getattr(row, names[-1])
        return None if value is None or value == "" else value

    return read


def text(path: str) -> Callable[[Any], Cell]:
    """The same, as text: for rows of other tables."""
    read = attribute(path)
    return lambda row: None if (value := read(row)) is None else str(value)


def joined(terms: Iterable[Any]) -> Cell:
    """Several terms in one cell; nothing where there are none."""
    return "、".join(str(term) for term in terms) or None
