"""When things happened in the demo city: the same on every machine, counted back from the day of loading."""

import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

FIRST_DAY_AGO = 245
OPENING_HOUR = 9
MINUTES_OPEN = 8 * 60


def fraction_of(text: str) -> float:
    """A number in [0, 1) that belongs to the text, as if drawn by lot."""
    return zlib.crc32(text.encode()) / 2**32


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days are counted back from `today`, times are working hours of the city."""

    today: date

    def moment(self, key: str, *, oldest_days_ago: int, newest_days_ago: int) -> datetime:
        """A moment between the two days that belongs to the key."""
        span = oldest_days_ago - newest_days_ago + 1
        days_ago = newest_days_ago + int(fraction_of(f"day of {key}") * span)
        return _at_work(self.today - timedelta(days=days_ago), key)


def same_hours(moment: datetime, key: str) -> datetime:
    """On the day of the moment, at the working hour that belongs to the key."""
    return _at_work(timezone.localdate(moment), key)


def _at_work(day: date, key: str) -> datetime:
    minutes = int(fraction_of(f"time of {key}") * MINUTES_OPEN)
    return timezone.make_aware(datetime.combine(day, time(OPENING_HOUR)) + timedelta(minutes=minutes))
