"""Who builds the index: one process at a time, by a row with a lease."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.db import DatabaseError, IntegrityError, connections, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from apps.core import clock
from apps.matching.index.upkeep import software
from apps.matching.models import GenerationState, IndexGeneration

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 3


class Overtaken(Exception):
    """The lease ran out, and another process builds."""


def claim() -> IndexGeneration | None:
    """A generation to build: one whose builder is gone, or a new one; None where a builder is at work."""
    orphan = IndexGeneration.objects.filter(state=GenerationState.BUILDING, lease_until__lt=Now())
    poison = {"error": "no attempt came to an end", "finished_at": Now(), "lease_until": None}
    orphan.filter(attempt__gte=MOST_ATTEMPTS).update(state=GenerationState.FAILED, **poison)
    begun = {**software(), "started_at": clock.now(), "lease_until": Now() + LEASE}
    if not orphan.update(attempt=F("attempt") + 1, **begun) and not _insert(begun):
        return None
    return IndexGeneration.objects.filter(state=GenerationState.BUILDING).first()


def _insert(begun: dict[str, Any]) -> bool:
    """Two that begin at once take the same number, or meet the constraint: one of them stands back."""
    last = IndexGeneration.objects.order_by("-number").values_list("number", flat=True).first() or 0
    try:
        with transaction.atomic():
            IndexGeneration.objects.create(number=last + 1, **begun)
    except IntegrityError:
        return False
    return True


def held(generation: IndexGeneration) -> QuerySet[IndexGeneration]:
    """The row, as long as this attempt still holds it."""
    return IndexGeneration.objects.filter(pk=generation.pk, state=GenerationState.BUILDING, attempt=generation.attempt)


@contextmanager
def kept_alive(generation: IndexGeneration) -> Iterator[Callable[[], None]]:
    """Renews the lease from a thread: some steps take longer than a lease.

    Yields what raises Overtaken where the lease was lost all the same.
    """
    is_over, is_lost = Event(), Event()

    def renew() -> None:
        while not is_over.wait(LEASE.total_seconds() / 4):
            with suppress(DatabaseError):  # the database is away: the next time will do
                if not held(generation).update(lease_until=Now() + LEASE):
                    is_lost.set()
            connections.close_all()

    def still_held() -> None:
        if is_lost.is_set():
            raise Overtaken

    thread = Thread(target=renew, name="index-lease", daemon=True)
    thread.start()
    try:
        yield still_held
    finally:
        is_over.set()
        thread.join()
