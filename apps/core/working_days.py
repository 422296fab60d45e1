"""Working days of mainland China, with the weekends that are worked to make up for holidays; and the city's reply time.

A working day lasts from 9:00 to 18:00 of the city's time. What arrives outside it counts as if it arrived when the
next working day starts: a question of Friday night has until Thursday 9:00, not until Wednesday night.
"""

import logging
from datetime import date, datetime, time, timedelta
from functools import cache

import chinese_calendar
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.city_settings import Setting, city_value, register_setting

logger = logging.getLogger(__name__)
DAY_STARTS, DAY_ENDS = time(9), time(18)
ONE_DAY = timedelta(days=1)
REPLY_DAYS = "replies.working_days"

register_setting(
    Setting(
        key=REPLY_DAYS,
        group=_("答复时限"),
        label=_("答复时限（工作日）"),
        help_text=_("一方接受推荐、揭榜或留言之后，另一方应在几个工作日内答复，1 到 30。已经开始的时限不变。"),
        default=3,
        field=lambda: forms.IntegerField(min_value=1, max_value=30),
    )
)


@cache
def _is_known(year: int) -> bool:
    """Whether the calendar of a year is known; for the others Monday to Friday are worked, which is said once."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        logger.warning("No calendar of holidays for %s: every Monday to Friday counts as worked.", year)
        return False
    return True


def is_working_day(day: date) -> bool:
    """Whether people work that day. The State Council announces a year's days in the November before."""
    if _is_known(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def add_working_days(moment: datetime, days: int) -> datetime:
    """The same local time on the `days`-th working day after `moment`; with 0 where counting starts.

    Outside working hours counting starts at the next 9:00 of a working day. ValueError below 0.
    """
    if days < 0:
        raise ValueError("Count working days forward; `working_day_before` looks back.")
    start = _in_hours(timezone.localtime(moment))
    day = start.date()
    for _number in range(days):
        day = _next(day)
    return _at(day, start.time())


def working_day_before(moment: datetime) -> datetime:
    """The same local time on the working day before."""
    local = timezone.localtime(moment)
    day = local.date() - ONE_DAY
    while not is_working_day(day):
        day -= ONE_DAY
    return _at(day, local.time())


def working_days_between(start: datetime, end: datetime) -> int:
    """How many working days begin after `start`'s day, up to and with `end`'s day; negative where `end` is earlier."""
    first, last = timezone.localtime(start).date(), timezone.localtime(end).date()
    if last < first:
        return -working_days_between(end, start)
    return sum(is_working_day(first + ONE_DAY * number) for number in range(1, (last - first).days + 1))


def reply_due_at(moment: datetime) -> datetime:
    """When an answer to what was asked at `moment` is due, by the city's setting. One query."""
    return add_working_days(moment, city_value(REPLY_DAYS))


def _in_hours(local: datetime) -> datetime:
    """`local`, or the start of the next working time."""
    if is_working_day(local.date()) and local.time() < DAY_ENDS:
        return max(local, _at(local.date(), DAY_STARTS))
    return _at(_next(local.date()), DAY_STARTS)


def _next(day: date) -> date:
    day += ONE_DAY
    while not is_working_day(day):
        day += ONE_DAY
    return day


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
