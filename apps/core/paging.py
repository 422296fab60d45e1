"""Pages of long lists: which rows first, by their keys alone, then everything about those few."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models


class RowsByKey[Row: models.Model]:
    """What a paginator asks of a list: its length, and slices of it.

    `keys` narrows and orders; `read` takes keys and gives the rows with all that is shown of them, in any order. Asked
    at once, page 2,000 would read 40,000 rows whole, and a planner with a dozen tables begins at the wrong one.
    """

    def __init__(self, keys: models.QuerySet[Any], read: Callable[[list[int]], Iterable[Row]]) -> None:
        self.keys, self.read = keys, read

    def count(self) -> int:
        return self.keys.order_by().count()

    __len__ = count

    def __getitem__(self, wanted: slice) -> list[Row]:
        keys = list(self.keys.values_list("pk", flat=True)[wanted])
        there = {row.pk: row for row in self.read(keys)} if keys else {}
        return [there[key] for key in keys if key in there]
