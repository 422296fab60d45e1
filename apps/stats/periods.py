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
        return Q(**{f"{column}__gte": midnight(self.first), f"{column}__lt": midnight(self.last + timedelta(days=1))})

    def days(self, column: str) -> Q:
        """Rows whose day in `column` lies in the period."""
        return Q(**{f"{column}__gte": self.first, f"{column}__lte": self.last})

    def before(self) -> "Period":
        """What it is compared with: as many months earlier as it touches, where it begins with one and ends with one
        or with a part of one (to date); else as many days as it has, right before it.
        """
        if self.first.day > 1:
            length = self.last - self.first + timedelta(days=1)
            return Period(self.first - length, self.last - length)
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return Period(_months_earlier(self.first, count), _months_earlier(self.last, count))

    def years(self) -> Iterator["Period"]:
        """The years it touches, cut in the same way as its months."""
        for year in range(self.first.year, self.last.year + 1):
            yield Period(max(self.first, date(year, 1, 1)), min(self.last, date(year, 12, 31)))

    def months(self) -> Iterator["Period"]:
        """The months it touches, cut to what of them lies inside."""
        first = self.first
        while first <= self.last:
            following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
            yield Period(first, min(self.last, following - timedelta(days=1)))
            first = following


def _months_earlier(day: date, count: int) -> date:
    """The same day of an earlier month; the last day of a month stays the last."""
    months = day.year * 12 + day.month - 1 - count
    first = date(months // 12, months % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    is_last = (day + timedelta(days=1)).day == 1
    return last if is_last else first.replace(day=min(day.day, last.day))


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def this_month(today: date) -> Period:
    return Period(today.replace(day=1), today)


def this_quarter(today: date) -> Period:
    return Period(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today)


def this_year(today: date) -> Period:
    return Period(today.replace(month=1, day=1), today)


def last_year(today: date) -> Period:
    return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


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
    (_("去年"), last_year),
)
