"""Keeping the figures true: every half minute what changed is read again, and the days it touches are counted anew.

Besides, some rows are read that nobody says have changed, in turn, so that nothing that slipped by stays wrong for
good; a rebuild reads everything at once. Both may stop anywhere and be run twice; one runs at a time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

from django.db import models
from django.db.models import Max, Q

from apps.core import clock
from apps.stats.changes import ROWS_AT_ONCE, SOURCES, Parents, follow_changes, remember
from apps.stats.ledger import figures_of, mark_dirty, parents_of_chains, read_again_between
from apps.stats.models import CountedRow, DayCount, Upkeep
from apps.stats.stocks import stocks_refresh
from apps.stats.tally import count_dirty_days

SECONDS_AT_ONCE = 20
DAYS_AT_ONCE = 200
SWEPT_AT_ONCE = 500
LEASE = timedelta(minutes=2)

type Tell = Callable[[str, int, int], None]


class FiguresBusyError(Exception):
    """Somebody else is writing the figures, or went on with them because this took too long."""


def refresh_figures(*, seconds: float = SECONDS_AT_ONCE) -> bool:
    """Follow what changed since the last time, for about so long. True where the figures are current now."""
    started, until = clock.now(), monotonic() + seconds
    with _lease():
        parents = parents_of_chains()
        done = follow_changes(parents, until)
        _sweep(parents)
        done = _count(until) and done
        if done:
            _finish(started)
        return done


def rebuild_figures(*, tell: Tell | None = None) -> None:
    """Read every row of every table again, then count every day. `tell` hears (table, rows read, rows in all)."""
    started = clock.now()
    with _lease() as hold:
        parents = parents_of_chains()
        for model in SOURCES:
            newest: Any = model._default_manager.order_by("-updated_at", "-pk").values_list("updated_at", "pk").first()
            _read_whole(model, parents, hold, tell)
            remember(model, *(newest or (None, 0)), is_complete=True)
        for table in (CountedRow, DayCount):
            for figure in table.objects.order_by().values_list("figure", flat=True).distinct():
                days = table.objects.filter(figure=figure).order_by().values_list("day", flat=True).distinct()
                mark_dirty(figure, days)
        while not count_dirty_days(DAYS_AT_ONCE):
            hold()
        _finish(started)


def figures_current_at() -> datetime | None:
    """The moment as of which all figures hold; None before the first time."""
    return Upkeep.objects.filter(model="").values_list("current_at", flat=True).first()


def _read_whole(model: type[models.Model], parents: Parents, hold: Callable[[], None], tell: Tell | None) -> None:
    end, marked = _end(model), set[tuple[str, date]]()
    for low in range(0, end, ROWS_AT_ONCE):
        read_again_between(model, low, low + ROWS_AT_ONCE, parents, marked)
        try:
            hold()
        except FiguresBusyError:  # who went on meanwhile may have counted these days before our last rows
            for figure, day in marked:
                mark_dirty(figure, [day])
            raise
        if tell:
            tell(str(model._meta.verbose_name), min(low + ROWS_AT_ONCE, end), end)


def _sweep(parents: Parents) -> None:
    for place in Upkeep.objects.exclude(model=""):
        model = next(source for source in SOURCES if source._meta.label == place.model)
        read_again_between(model, place.swept_pk, place.swept_pk + SWEPT_AT_ONCE, parents)
        is_end = place.swept_pk + SWEPT_AT_ONCE >= _end(model)
        Upkeep.objects.filter(pk=place.pk).update(swept_pk=0 if is_end else place.swept_pk + SWEPT_AT_ONCE)


def _end(model: type[models.Model]) -> int:
    """Beyond all its keys, and those it had."""
    last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    keys = [figure.key for figure in figures_of(model)]
    gone = CountedRow.objects.filter(figure__in=keys).aggregate(last=Max("object_id"))["last"] or 0
    return max(last, gone) + 1


def _count(until: float) -> bool:
    while not count_dirty_days(DAYS_AT_ONCE):
        if monotonic() > until:
            return False
    return True


def _finish(started: datetime) -> None:
    stocks_refresh()
    Upkeep.objects.filter(model="").update(current_at=started)


@contextmanager
def _lease() -> Iterator[Callable[[], None]]:
    """The right to write the figures; what it gives prolongs it. FiguresBusyError where somebody else has it."""
    Upkeep.objects.get_or_create(model="")
    now = clock.now()
    held = now + LEASE
    free = Upkeep.objects.filter(Q(lease_until=None) | Q(lease_until__lt=now), model="")
    if not free.update(lease_until=held):
        raise FiguresBusyError

    def hold() -> None:
        nonlocal held
        longer = clock.now() + LEASE
        if not Upkeep.objects.filter(model="", lease_until=held).update(lease_until=longer):
            raise FiguresBusyError
        held = longer

    try:
        yield hold
    finally:
        Upkeep.objects.filter(model="", lease_until=held).update(lease_until=None)
