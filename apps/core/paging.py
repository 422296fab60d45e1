"""Pages of long lists: which rows first, by their keys alone, then everything about those few."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet

type Read[Row] = Callable[[list[int]], Iterable[Row]]

BEGINNING = 2_000


class RowsByKey[Row: Model]:
    """What a paginator asks of a list: its length, and slices of it.

    `keys` narrows and orders; `read` takes keys and gives the rows with all that is shown of them, in any order. Asked
    at once, page 2,000 would read 40,000 rows whole, and a planner with a dozen tables begins at the wrong one.

    The first `beginning` keys are read at one go: a list that ends among them need not be counted as well. Where
    finding rows takes long, as by a word in their texts, it pays to read more.
    """

    def __init__(self, keys: QuerySet[Any], read: Read[Row], *, beginning: int = BEGINNING) -> None:
        self.keys, self.read, self.beginning = keys, read, beginning

    @cached_property
    def first(self) -> list[int]:
        return list(self.keys.values_list("pk", flat=True)[: self.beginning])

    @cached_property
    def length(self) -> int:
        return len(self.first) if len(self.first) < self.beginning else self.keys.order_by().count()

    def count(self) -> int:
        return self.length

    __len__ = count

    def __getitem__(self, wanted: slice) -> list[Row]:
        keys = self.first[wanted]
        if wanted.stop > len(self.first) < self.length:
            keys = list(self.keys.values_list("pk", flat=True)[wanted])
        there = {row.pk: row for row in self.read(keys)} if keys else {}
        for row in there.values():
            _let_go(row)
        return [there[key] for key in keys if key in there]


class FirstRowsByKey[Row: Model](RowsByKey[Row]):
    """The beginning of a list that may be as long as all pairs of the city, as if it were the whole.

    Counting the rest would take longer than reading these, and who looks for one of them filters.
    """

    @cached_property
    def length(self) -> int:
        return len(self.first)


def _let_go(row: Model) -> None:
    """What was prefetched for a row knows the row, for a choice of databases that nobody makes here. Without, the row
    is gone with its page; else thousands wait for the collector, which then stops every thread for a fifth of a second.
    """
    for found in getattr(row, "_prefetched_objects_cache", {}).values():
        found._hints = {}  # noqa: SLF001  (Django offers no other way)
