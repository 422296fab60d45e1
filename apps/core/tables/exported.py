"""What a list needs to be taken out as a file: the rows a person sees in it, and the columns they are told in.

An app registers its lists in its `AppConfig.ready()`; the door they leave through knows none of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.http import QueryDict

from apps.core.tables.columns import Column, cells_of, header_of
from apps.core.tables.pieces import in_pieces
from apps.core.tables.writing import Cell


def everybody(_user: Any) -> bool:
    return True


def as_it_is(row: Any, _user: Any) -> Any:
    return row


@dataclass(frozen=True, slots=True)
class ExportedList:
    """`rows` narrows by the query of the list's own page, whose URL name is `page`; a page that counts its own rows in
    Python may give a list of them.

    `shown` is the row as this person may see it: the columns read nothing else, so that what a page hides stays hidden.
    """

    label: Any
    page: str
    rows: Callable[[Any, QueryDict], "QuerySet[Any] | list[Any]"]
    columns: tuple[Column, ...]
    shown: Callable[[Any, Any], Any] = as_it_is
    is_open_to: Callable[[Any], bool] = everybody

    def header(self) -> list[str]:
        return header_of(self.columns)

    def cells(self, rows: "QuerySet[Any] | list[Any]", user: AbstractBaseUser) -> Iterator[list[Cell]]:
        found = rows if isinstance(rows, list) else in_pieces(rows)
        return cells_of(self.columns, (self.shown(row, user) for row in found))


def count_of(rows: "QuerySet[Any] | list[Any]") -> int:
    return len(rows) if isinstance(rows, list) else rows.order_by().count()


_lists: dict[str, ExportedList] = {}


def register_lists(**lists: ExportedList) -> None:
    """At start-up, by the names in their addresses ("_" stands for "-"). ValueError for a name that is taken."""
    for name, exported in lists.items():
        key = name.replace("_", "-")
        if _lists.setdefault(key, exported) is not exported:
            raise ValueError(f"The list {key} is registered twice.")


def registered_lists() -> dict[str, ExportedList]:
    return _lists
