"""Asking people before the last day of what they list: some days ahead and again shortly before, each time once."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import models
from django.db.models import QuerySet

from apps.core import clock
from apps.core.rounds import deal_with_each
from apps.notifications.selectors import keys_told_since

DAYS_BEFORE = (3, 14)
"""The nearer one first: what was written with a few days left is asked about once."""


def days_to_look_at() -> tuple[date, date]:
    """Rows whose last day lies between these are to be asked about."""
    return clock.today(), clock.today() + timedelta(days=max(DAYS_BEFORE))


def due_reminder(last_day: date) -> str:
    """Which of the reminders is due, as a part of an event key: the last day, and how long before it."""
    left = (last_day - clock.today()).days
    return f"{last_day.isoformat()}:{next(days for days in DAYS_BEFORE if left <= days)}"


def remind[Row: models.Model](
    rows: QuerySet[Row], *, kind: str, key_of: Callable[[Row], str], tell: Callable[[Row], int], most: int
) -> int:
    """Tell of each row whose reminder (`key_of`, an event key) nobody was told yet; how many were told, at most `most`.

    Days on which nothing ran are made up for; safe to run twice.
    """
    known = keys_told_since(kind, clock.now() - timedelta(days=max(DAYS_BEFORE) + 1))
    due = (row for row in rows.iterator(chunk_size=500) if key_of(row) not in known)
    return deal_with_each(due, tell, most=most)
