"""Quiet hours and the times of digests, by hand."""

from datetime import datetime, time

import pytest

from apps.notifications.timing import is_quiet, next_digest, undisturbing
from tests.notifications.conftest import CITY


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


@pytest.mark.parametrize(
    ("clock_time", "quiet"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_quiet_hours_reach_over_midnight(clock_time: str, *, quiet: bool) -> None:
    assert is_quiet(at(f"2026-11-18 {clock_time}"), time(22), time(8)) is quiet


@pytest.mark.parametrize(
    ("clock_time", "quiet"), [("11:59", False), ("12:00", True), ("13:59", True), ("14:00", False)]
)
def test_quiet_hours_may_lie_within_a_day(clock_time: str, *, quiet: bool) -> None:
    assert is_quiet(at(f"2026-11-18 {clock_time}"), time(12), time(14)) is quiet


def test_equal_times_mean_that_nothing_is_held_back() -> None:
    moment = at("2026-11-18 03:00")
    assert undisturbing(moment, time(3), time(3)) == moment


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-18 23:00", "2026-11-19 08:00"),
        ("2026-11-19 01:00", "2026-11-19 08:00"),
        ("2026-12-31 22:00", "2027-01-01 08:00"),
    ],
)
def test_what_comes_at_night_goes_out_in_the_morning(moment: str, end: str) -> None:
    assert undisturbing(at(moment), time(22), time(8)) == at(end)


@pytest.mark.parametrize(
    ("moment", "frequency", "slot"),
    [
        ("2026-11-18 08:29", "daily", "2026-11-18 08:30"),
        ("2026-11-18 08:30", "daily", "2026-11-19 08:30"),
        ("2026-11-18 12:00", "weekly", "2026-11-23 08:30"),
        ("2026-11-23 08:00", "weekly", "2026-11-23 08:30"),
        ("2026-11-23 09:00", "weekly", "2026-11-30 08:30"),
    ],
)
def test_digests_go_out_in_the_morning_and_on_mondays(moment: str, frequency: str, slot: str) -> None:
    assert next_digest(at(moment), frequency) == at(slot)
