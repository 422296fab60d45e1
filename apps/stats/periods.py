"""Periods of whole days in the city's time zone, and the usual ones."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Period(NamedTuple):
    """From `first` to `last`, both days included."""

    first: date
    last: date

    def holding(self, column: str) -> Q:
        """Rows whose moment in `column` lies in the period."""
        return Q(**{f"{column}__gte": _midnight(self.first), f"{column}__lt": _midnight(self.last + timedelta(days=1))})

    def months(self) -> Iterator["Period"]:
        """The months it touches, cut to what of them lies inside."""
        first = self.first
        while first <= self.last:
            following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
            yield Period(first, min(self.last, following - timedelta(days=1)))
            first = following


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def this_month(today: date) -> Period:
    return Period(today.replace(day=1), today)


def this_quarter(today: date) -> Period:
    return Period(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today)


def this_year(today: date) -> Period:
    return Period(today.replace(month=1, day=1), today)


def last_twelve_months(today: date) -> Period:
    """The present month and the eleven before it."""
    first = today.replace(day=1)
    for _month in range(11):
        first = (first - timedelta(days=1)).replace(day=1)
    return Period(first, today)


DEFAULT_PRESET = last_twelve_months
PRESETS: tuple[tuple[object, Callable[[date], Period]], ...] = (
    (_("本月"), this_month),
    (_("本季"), this_quarter),
    (_("今年"), this_year),
    (_("近12个月"), last_twelve_months),
)
