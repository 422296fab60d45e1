"""When things happen: on working days mostly, in some months more than in others, and never after the last moment."""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate

from django.utils import timezone

from apps.core.working_days import is_working_day
from apps.stats.seed_city.lots import Lots

BUSY = (0.62, 0.48, 1.12, 1.05, 0.98, 1.10, 0.92, 0.88, 1.16, 0.82, 1.24, 1.08)
"""January to December. Spring Festival empties February, October loses its first week anyway."""
ON_FREE_DAYS = 0.09
FIRST_HOUR, LAST_HOUR = 8, 21
FOUNDED = timezone.make_aware(datetime(2019, 5, 6, 9))  # noqa: DTZ001  (made aware here)
"""The platform's first day."""


class Year:
    """Draws days of one year by how much is done on them. Ask `year_of`: looking up a calendar takes its time."""

    def __init__(self, year: int) -> None:
        first = date(year, 1, 1)
        self.days = [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
        self._sums = list(accumulate(_weight(day) for day in self.days))

    @property
    def end(self) -> datetime:
        """The last moment at which anything happens in it."""
        return _at(self.days[-1], 20 * 60)

    def day(self, lots: Lots, *, first: date | None = None, last: date | None = None) -> date:
        """A day between the two, both included."""
        start = bisect_left(self.days, first) if first else 0
        stop = bisect_right(self.days, last) if last else len(self.days)
        below = self._sums[start - 1] if start else 0.0
        drawn = lots.uniform(below, self._sums[stop - 1])
        return self.days[min(max(bisect_left(self._sums, drawn), start), stop - 1)]

    def moment(self, lots: Lots, *, first: date | None = None, last: date | None = None) -> datetime:
        return moment_of(self.day(lots, first=first, last=last), lots)


@cache
def year_of(year: int) -> Year:
    return Year(year)


def moment_of(day: date, lots: Lots) -> datetime:
    """In office hours; now and then in the evening."""
    minutes = lots.randint(18 * 60, 20 * 60) if lots.chance(0.06) else lots.randint(8 * 60 + 30, 17 * 60 + 45)
    return _at(day, minutes) + timedelta(seconds=lots.randrange(60))


def later(moment: datetime, days: float, *, latest: datetime) -> datetime:
    """So many days after a moment, while people are awake; not after `latest`, and never before the moment."""
    local = timezone.localtime(moment + timedelta(days=days))
    if local.hour < FIRST_HOUR:
        local = local.replace(hour=FIRST_HOUR)
    elif local.hour >= LAST_HOUR:
        local = (local + timedelta(days=1)).replace(hour=FIRST_HOUR)
    return max(moment, min(local, latest))


def _at(day: date, minutes: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()) + timedelta(minutes=minutes))


def _weight(day: date) -> float:
    return BUSY[day.month - 1] * (1.0 if is_working_day(day) else ON_FREE_DAYS)
