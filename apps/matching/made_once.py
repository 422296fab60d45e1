"""What is made of a row's text once per version of the row, and kept: vectors of meaning, counted terms.

It is made by workers and commands, never inside a transaction and never in a web request. What is kept is current where
it is of the row's present version and of the method in use; what is not is made anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched, islice
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.capabilities.models import Capability
from apps.core import clock
from apps.engine.documents import Document
from apps.matching.documents import capability_document, capability_rows, need_document, need_rows
from apps.matching.ended_needs import ended_needs
from apps.matching.fingerprints import Model, Row, side_name
from apps.matching.index import changes
from apps.matching.models import RowKind, TextTokens, TextVector
from apps.needs.models import Need

LOOKED_UP_AT_ONCE = 5_000
FEW_KEYS, MOST_BETWEEN = 100, 3


@dataclass(frozen=True, slots=True)
class Keeping:
    """A table of what is made, and how.

    `method` is the column that names the method, with the one in use; `unique` the columns that, beside the row, occur
    once; `stamp` the column that tells when. `make` gives the other columns, for each document in order. `is_news`:
    whether readers of the row have to be told (index/changes.py).
    """

    table: type[TextVector] | type[TextTokens]
    method: tuple[str, str]
    unique: tuple[str, ...]
    stamp: str
    at_once: int
    is_news: bool
    make: Callable[[Sequence[Document]], Sequence[Mapping[str, Any]]]

    def kept(self, model: Model) -> QuerySet[Any]:
        """What the method in use has made of rows of this kind, in whatever version."""
        column, name = self.method
        return self.table._default_manager.filter(**{column: name, f"{side_name(model)}__isnull": False})

    def current(self, model: Model) -> QuerySet[Any]:
        """The rows (primary keys) for which there is something current."""
        side = side_name(model)
        return self.kept(model).filter(version=F(f"{side}__version")).values_list(side, flat=True)

    def missing(self, model: Model) -> QuerySet[Row]:
        """Rows to be compared that lack it, oldest first: the open ones, and the ended needs."""
        current = self.kept(model).filter(**{side_name(model): OuterRef("pk")}, version=OuterRef("version"))
        return compared(model).filter(~Exists(current)).order_by("pk")

    def ensure(self, model: Model, pks: Iterable[int], *, most: int | None = None) -> int:
        """Make what the rows to be compared among these lack, for at most `most` of them; for how many it was made.

        Safe to repeat, and for two workers at once: the same text gives the same.
        """
        due = list(islice(self._lacking(model, pks), most))
        for batch in batched(due, self.at_once):
            self.renew(model, batch)
        return len(due)

    def _lacking(self, model: Model, pks: Iterable[int]) -> Iterator[int]:
        lacking = self.missing(model).values_list("pk", flat=True)
        for batch in batched(pks, LOOKED_UP_AT_ONCE):
            wanted = frozenset(batch)
            yield from (pk for pk in lacking.filter(among("pk", batch)) if pk in wanted)

    def renew(self, model: Model, pks: Sequence[int]) -> None:
        """Read, make, and only then write: for those rows whose text is still the one that was read."""
        rows = _rows(model, pks)
        made = self.make([document_of(row) for row in rows])
        now, side = clock.now(), side_name(model)
        with transaction.atomic():
            held = model.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
            versions = dict(held.values_list("pk", "version"))
            fresh = [
                self.table(
                    **{side: row, self.method[0]: self.method[1], self.stamp: now}, version=row.version, **columns
                )
                for row, columns in zip(rows, made, strict=True)
                if versions.get(row.pk) == row.version
            ]
            self._write(side, fresh)
            if self.is_news:
                changes.record(RowKind(side), [getattr(one, f"{side}_id") for one in fresh])

    def _write(self, side: str, fresh: list[Any]) -> None:
        names = {field.name for field in self.table._meta.fields} - {"id", "need", "capability", *self.unique}
        self.table._default_manager.bulk_create(
            fresh, update_conflicts=True, unique_fields=[side, *self.unique], update_fields=sorted(names)
        )


def among(column: str, keys: Sequence[int]) -> Q:
    """Rows whose `column` is one of `keys`, and, where the keys lie close together, also those between.

    A thousand keys written into a query take longer to write and to read than the rows: whoever asks for many
    neighbours asks for all from the first to the last, and passes over what does not belong to them.
    """
    first, last = min(keys, default=0), max(keys, default=0)
    is_dense = len(keys) > FEW_KEYS and last - first < MOST_BETWEEN * len(keys)
    bounds = {f"{column}__gte": first, f"{column}__lte": last}
    return Q(**bounds) if is_dense else Q(**{f"{column}__in": keys})


def compared(model: Model) -> QuerySet[Row]:
    """Rows that are compared with the other side: the open ones, and the ended needs that capabilities may serve."""
    rows: QuerySet[Row] = model.objects.open()
    if model is Need:
        rows = Need.objects.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=ended_needs().values("pk")))
    return rows


def document_of(row: Row) -> Document:
    """The engine's document of a row, without vectors."""
    return need_document(row) if isinstance(row, Need) else capability_document(row)


def _rows(model: Model, pks: Sequence[int]) -> list[Row]:
    if model is Need:
        return list(need_rows(Need.objects.filter(pk__in=pks)))
    return list(capability_rows(Capability.objects.filter(pk__in=pks)))
