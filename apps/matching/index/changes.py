"""Which rows came, went, or say something else: the one list by which every process keeps its copy of them.

A change is a row, written in the transaction of what it tells of, so that it is there if and only if that is. Readers
ask for what is new. On PostgreSQL that is less simple than `id > last`: a number is drawn when a row is written, but
the row is seen when its transaction ends, and a later number may be seen first. Whoever remembered only the largest
number seen would never read the smaller one that came late. Hence the floor: nothing at or below it can still appear.
A `Follower` asks for everything above its floor and remembers what of that it has seen.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max, Min

from apps.matching.models import GenerationState, IndexChange, IndexGeneration, RowKind

SETTLED_SECONDS = 120
"""How long one statement may take to write changes, at most. PostgreSQL's statement_timeout (30 s) is far below."""
WRITTEN_AT_ONCE = 1_000
MANY_SEEN = 500
"""So many remembered ids, and a Follower asks for a higher floor."""
_WRITING = 0x6D61_7463_6869_6478  # any number that nothing else in the database locks


class Change(NamedTuple):
    id: int
    kind: RowKind
    row: int


def record(kind: RowKind, pks: Iterable[int]) -> None:
    """Tell readers that these rows are to be read anew. Call inside the transaction of the change."""
    rows = [IndexChange(kind=kind, row=pk) for pk in pks]
    if not rows:
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # held to the end of the transaction, shared with all other writers
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_WRITING])
        IndexChange.objects.bulk_create(rows, batch_size=WRITTEN_AT_ONCE)


def floor() -> int:
    """An id such that no change with a smaller or equal one can still appear; 0 where there is none.

    Where nobody is in the midst of writing, that is the largest id there is. SQLite has one writer at a time, who
    draws his numbers after the one before has ended. On PostgreSQL writers share a lock; when it can be had alone,
    they have all ended. Where it cannot, changes count as settled that were written SETTLED_SECONDS before the oldest
    transaction began that is still writing. Call outside a transaction: writers wait while the lock is held alone.
    """
    if connection.vendor != "postgresql":
        return _largest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_WRITING])
        if cursor.fetchone() == (True,):
            return _largest()
        cursor.execute(_SETTLED, [SETTLED_SECONDS])
        (found,) = cursor.fetchone() or (0,)
        return int(found)


def since(floor: int) -> list[Change]:
    """The changes above a floor that are there, by id. See `Follower` for what is new of them."""
    rows = IndexChange.objects.filter(pk__gt=floor).order_by("pk").values_list("pk", "kind", "row")
    return [Change(pk, RowKind(kind), row) for pk, kind, row in rows]


class Follower:
    """Reads the changes above a floor, each once, in whatever order their transactions end."""

    def __init__(self, floor: int) -> None:
        self.floor = floor
        self._seen: set[int] = set()

    def news(self) -> list[Change]:
        """What has appeared since the last call."""
        risen = floor() if len(self._seen) > MANY_SEEN else self.floor
        found = since(self.floor)  # from the old floor: what appeared below the new one was not read yet
        new = [change for change in found if change.id not in self._seen]
        self.floor = max(self.floor, risen)
        self._seen = {change.id for change in found if change.id > self.floor}
        return new

    def is_complete(self) -> bool:
        """Whether no change above the floor was trimmed; else there is a newer generation to begin from."""
        return self.floor >= _trimmed_through()


def rows_changed(above: int, through: int) -> int:
    """How many rows the changes with ids in (above, through] tell of."""
    found = IndexChange.objects.filter(pk__gt=above, pk__lte=through)
    return found.order_by().values("kind", "row").distinct().count()


def trim() -> int:
    """Delete the changes that every kept generation holds; how many."""
    count, _ = IndexChange.objects.filter(pk__lte=_trimmed_through()).delete()
    return count


def _trimmed_through() -> int:
    kept = IndexGeneration.objects.filter(state=GenerationState.PUBLISHED)
    return int(kept.aggregate(smallest=Min("changes_through"))["smallest"] or 0)


def _largest() -> int:
    return int(IndexChange.objects.aggregate(largest=Max("pk"))["largest"] or 0)


# A change that is still being written began no earlier than its transaction, and drew its number after that.
_SETTLED = """
    SELECT coalesce(max(id), 0) FROM matching_indexchange WHERE at < (
        SELECT least(min(xact_start), statement_timestamp()) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL
    ) - %s * interval '1 second'
"""
