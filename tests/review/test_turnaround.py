"""How long people wait for a verdict."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.core import clock
from apps.needs.models import Need
from apps.review.models import Outcome, Verdict
from apps.review.services import Assessment, item_decide
from apps.review.turnaround import turn_around, working_time_between

CITY = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2026, whose 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=CITY)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(2, 10), at(2, 12, 30), 2.5),
        (at(2, 17), at(3, 10), 2),
        (at(6, 17), at(9, 10), 2),  # over a weekend
        (at(7, 9), at(8, 18), 0),
        (at(2, 6), at(2, 22), 9),
        (at(3, 10), at(2, 10), 0),
    ],
)
def test_only_working_hours_count(start: datetime, end: datetime, hours: float) -> None:
    assert working_time_between(start, end) == timedelta(hours=hours)


def verdict(need: Need, by: User, waited: timedelta, *, kept: bool, outcome: Outcome = Outcome.APPROVED) -> Verdict:
    now = clock.now()
    minutes = int(waited.total_seconds() // 60)
    return Verdict.objects.create(
        need=need,
        reviewer=by,
        outcome=outcome,
        decided_at=now,
        waiting_since=now - waited,
        working_minutes=minutes,
        is_within_goal=kept,
    )


def test_the_median_and_the_share_within_the_goal(submitted: Need, reviewer: User) -> None:
    for hours, kept in ((1, True), (3, True), (5, True), (40, False)):
        verdict(submitted, reviewer, timedelta(hours=hours), kept=kept)
    verdict(submitted, reviewer, timedelta(hours=900), kept=False, outcome=Outcome.HELD)  # decides nothing
    figures = turn_around(clock.now() - timedelta(days=1), clock.now() + timedelta(seconds=1))
    assert (figures.decided, figures.median_working_hours, figures.median_elapsed_hours) == (4, 4.0, 4.0)
    assert figures.share_within_goal == 0.75


def test_nothing_decided_has_no_median(db: None) -> None:
    figures = turn_around(clock.now() - timedelta(days=1), clock.now())
    assert (figures.decided, figures.median_working_hours, figures.share_within_goal) == (0, None, None)


def test_a_verdict_keeps_since_when_it_was_waited_for_and_whether_it_came_in_time(
    submitted: Need, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Need.objects.filter(pk=submitted.pk).update(submitted_at=at(2, 10))
    monkeypatch.setattr(clock, "now", lambda: at(5, 11))
    item_decide(row=submitted, by=reviewer, given=Assessment(Outcome.RETURNED, reason="请补充指标。"))
    kept = Verdict.objects.get()
    assert timezone.localtime(kept.waiting_since) == at(2, 10)
    assert (kept.working_minutes, kept.is_within_goal) == (28 * 60, False)  # 8 + 9 + 9 + 2 hours; due on the 4th
