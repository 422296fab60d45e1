"""How long people wait for a verdict: in working hours, against the city's goal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.utils import timezone

from apps.core.working_days import DAY_ENDS, DAY_STARTS, ONE_DAY, add_working_days, is_working_day
from apps.review.models import Verdict
from apps.review.models.handling import FINAL
from apps.review.rules import goal_days

MOST_COUNTED = 20_000


def working_time_between(start: datetime, end: datetime) -> timedelta:
    """The time from 9:00 to 18:00 of working days between two moments; nothing where `end` is not later."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    total, day = timedelta(), first.date()
    while day <= last.date():
        if is_working_day(day):
            opens = timezone.make_aware(datetime.combine(day, DAY_STARTS))
            closes = timezone.make_aware(datetime.combine(day, DAY_ENDS))
            total += max(min(closes, last) - max(opens, first), timedelta())
        day += ONE_DAY
    return total


def due_at(waiting_since: datetime, *, days: int | None = None) -> datetime:
    """Until when the city means to decide. `days`: the goal, where the caller has read it."""
    return add_working_days(waiting_since, goal_days() if days is None else days)


@dataclass(frozen=True, slots=True)
class TurnAround:
    """Of verdicts within some time: how many, the median wait, and the share decided within the goal of their day."""

    decided: int
    median_working_hours: float | None
    median_elapsed_hours: float | None
    share_within_goal: float | None

    @property
    def percent_within_goal(self) -> int:
        return round(100 * (self.share_within_goal or 0))


def turn_around(since: datetime, until: datetime) -> TurnAround:
    """Of what was approved, returned or found in order from `since` until before `until`; the latest 20,000."""
    rows = Verdict.objects.filter(decided_at__gte=since, decided_at__lt=until, outcome__in=FINAL)
    found = list(
        rows.order_by("-decided_at").values_list("working_minutes", "is_within_goal", "waiting_since", "decided_at")[
            :MOST_COUNTED
        ]
    )
    if not found:
        return TurnAround(0, None, None, None)
    elapsed = [(end - start).total_seconds() / 3600 for _minutes, _kept, start, end in found]
    return TurnAround(
        decided=len(found),
        median_working_hours=median(minutes / 60 for minutes, *_rest in found),
        median_elapsed_hours=median(elapsed),
        share_within_goal=sum(kept for _minutes, kept, *_rest in found) / len(found),
    )
