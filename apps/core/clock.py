"""The platform's clock: every service asks it, so that a history can be written with the dates it had."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.db.models import Expression
from django.db.models.functions import Now
from django.utils import timezone

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)


def now() -> datetime:
    """The present moment, aware; or the moment set by `at`."""
    return _fixed.get() or timezone.now()


def today() -> date:
    """The present day in the city's time zone."""
    return timezone.localdate(now())


def just_past() -> Expression:
    """The database's present moment, and so much more that what Python dated before it is always earlier.

    SQLite counts milliseconds and cuts off the rest: to `Now()` a row of this very millisecond lies in the future.
    """
    return Now() + timedelta(milliseconds=1)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block, the clock stands at `moment`. For demo histories and tests."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
