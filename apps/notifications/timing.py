"""When something may go out: quiet hours and the times of the digests, in the city's time zone."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from apps.notifications.topics import Frequency

MONDAY = 0
A_DAY = timedelta(days=1)


def is_quiet(moment: datetime, quiet_from: time, quiet_until: time) -> bool:
    """Whether the moment lies in the quiet hours, which may reach over midnight. Equal times: there are none."""
    at = timezone.localtime(moment).time()
    if quiet_from <= quiet_until:
        return quiet_from <= at < quiet_until
    return at >= quiet_from or at < quiet_until


def undisturbing(moment: datetime, quiet_from: time, quiet_until: time) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies."""
    if not is_quiet(moment, quiet_from, quiet_until):
        return moment
    local = timezone.localtime(moment)
    end = _local(local.date(), quiet_until)
    return end if end > moment else _local(local.date() + A_DAY, quiet_until)


def next_digest(moment: datetime, frequency: str) -> datetime:
    """The first time after the moment at which a digest goes out: each day, or each Monday."""
    day = timezone.localtime(moment).date()
    while (slot := _local(day, settings.NOTIFICATIONS_DIGEST_AT)) <= moment or (
        frequency == Frequency.WEEKLY and day.weekday() != MONDAY
    ):
        day += A_DAY
    return slot


def _local(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
