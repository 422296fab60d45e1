"""What a list needs to be taken out as a file: the rows a person sees in it, and the columns they are told in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from apps.accounts.models import User
from apps.core.tables.writing import Cell
from apps.stats.columns import Column

CHUNK = 500
MOST_ROWS = 100_000


def everybody(_user: User) -> bool:
    return True


def as_it_is(row: Any, _user: User) -> Any:
    return row


@dataclass(frozen=True, slots=True)
class ExportedList:
    """`rows` narrows by the query of the list's own page, whose URL name is `page`.

    `shown` is the row as this person may see it: the columns read nothing else, so that what a page hides stays hidden.
    """

    label: Any
    page: str
    rows: Callable[[User, QueryDict], QuerySet[Any]]
    columns: tuple[Column, ...]
    shown: Callable[[Any, User], Any] = as_it_is
    is_open_to: Callable[[User], bool] = everybody

    def header(self) -> list[str]:
        return [str(column.label) for column in self.columns]

    def cells(self, rows: QuerySet[Any], user: User) -> Iterator[list[Cell]]:
        """Read from the database in pieces."""
        for row in rows.iterator(chunk_size=CHUNK):
            shown = self.shown(row, user)
            yield [column.cell(shown) for column in self.columns]


def joined(terms: Iterable[Any]) -> Cell:
    """Several terms in one cell; nothing where there are none."""
    return "、".join(str(term) for term in terms) or None
