"""The columns of a list: how each is headed, and how a row fills it; the same on a page and in a file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language

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
        value: Any = _shown(row, names[-1])
        return None if value is None or value == "" else value

    return read


def _shown(row: Any, name: str) -> Any:
    labels = _labels(type(row), name, get_language()) if isinstance(row, Model) else None
    if labels is not None:
        return labels.get(getattr(row, name))
    shown = getattr(row, f"get_{name}_display", None)
    return shown() if shown else getattr(row, name)


@cache
def _labels(model: type[Model], name: str, _language: str | None) -> dict[Any, str] | None:
    """What each choice of a column is called, worked out once: a long list asks it of every row."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    choices = fields[name].flatchoices if name in fields else ()
    return {value: str(label) for value, label in choices} if choices else None


def text(path: str) -> Callable[[Any], Cell]:
    """The same, as text: for rows of other tables."""
    read = attribute(path)
    return lambda row: None if (value := read(row)) is None else str(value)


def header_of(columns: Iterable[Column]) -> list[str]:
    return [str(column.label) for column in columns]


def cells_of(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[list[Cell]]:
    return ([column.cell(row) for column in columns] for row in rows)


def joined(terms: Iterable[Any]) -> Cell:
    """Several terms in one cell; nothing where there are none."""
    return "、".join(str(term) for term in terms) or None
