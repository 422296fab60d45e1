"""Rows in bulk: streamed into the database in batches, with their keys, dates and links, and a bar that shows it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import batched
from typing import Any

from django.db import connection, models
from tqdm import tqdm

from apps.core import clock
from apps.core.models import AuditEntry

BATCH = 2_000
LINKS_AT_ONCE = 10_000


def take_time() -> None:
    """The limits are for web requests: drawing a city is idle for long, and the server may look at new tables, too."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for limit in ("idle_in_transaction_session_timeout", "statement_timeout", "lock_timeout"):
                cursor.execute(f"SET LOCAL {limit} = 0")


class Writer:
    """Writes past the services. `bar` counts the rows that `add` is told to show."""

    def __init__(self, *, quiet: bool, expected: int) -> None:
        self.bar = tqdm(total=expected, disable=quiet, unit="行", smoothing=0.02, dynamic_ncols=True)
        self.written: dict[str, int] = {}

    def step(self, name: str) -> None:
        self.bar.set_description(name)

    def add[Row: models.Model](
        self, model: type[Row], rows: Iterable[Row], *, created: str = "", shown: bool = False
    ) -> Iterator[Row]:
        """Each row as it was written, with its key. `created` names the column that tells when it came to be.

        `updated_at` stays the machine's: who follows changes by it finds these rows.
        """
        for batch in batched(rows, BATCH):
            with _created(batch, created) if created else nullcontext():
                done = model._default_manager.bulk_create(list(batch))
            self._count(model, len(done), shown=shown)
            yield from done

    def add_all[Row: models.Model](self, model: type[Row], rows: Iterable[Row], *, created: str = "") -> None:
        for _row in self.add(model, rows, created=created):
            pass

    def link(self, field: Any, pairs: Iterable[tuple[int, int]]) -> None:
        """Rows of a many-to-many field to terms: (key of the row, key of the term). `field` is `Model.tags` or so."""
        through = field.through
        source, target = field.field.m2m_field_name(), field.field.m2m_reverse_field_name()
        for batch in batched(pairs, LINKS_AT_ONCE):
            rows = [through(**{f"{source}_id": row, f"{target}_id": term}) for row, term in batch]
            through._default_manager.bulk_create(rows)
            self._count(through, len(rows), shown=False)

    def tell(
        self, obj: models.Model, action: str, changes: dict[str, Any], at: Any = None, by: int | None = None
    ) -> None:
        """One entry of the audit trail."""
        self.add_all(AuditEntry, [entry(obj, action, changes, at=at or clock.now(), by=by)])

    def close(self) -> None:
        self.bar.close()

    def _count(self, model: type[models.Model], number: int, *, shown: bool) -> None:
        label = model._meta.label_lower
        self.written[label] = self.written.get(label, 0) + number
        if shown:
            self.bar.update(number)
        if connection.vendor == "postgresql":
            connection.check_constraints()  # in pieces: at the end of the transaction it would be one long statement


@contextmanager
def _created(rows: Sequence[models.Model], when: str) -> Iterator[None]:
    """While it is open, `created_at` is not the machine's time but what the column `when` of each row says.

    Put right afterwards, each row would be written twice, and PostgreSQL's tables be twice as long.
    """
    field: Any = rows[0]._meta.get_field("created_at")
    for row in rows:
        row.created_at = getattr(row, when)  # type: ignore[attr-defined]  # as every row that is told `created` has
    field.auto_now_add = False
    try:
        yield
    finally:
        field.auto_now_add = True


def entry(obj: models.Model, action: str, changes: dict[str, Any], *, at: Any, by: int | None) -> AuditEntry:
    """What `core.audit` would have written at that moment."""
    return AuditEntry(
        at=at,
        actor_id=by,
        action=action,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        object_public_id=getattr(obj, "public_id", ""),
        changes=changes,
    )


def term_links(rows: Iterable[tuple[int, Sequence[int]]]) -> Iterator[tuple[int, int]]:
    """Flat pairs from (row, its terms), each term once."""
    for row, terms in rows:
        for term in dict.fromkeys(terms):
            yield row, term
