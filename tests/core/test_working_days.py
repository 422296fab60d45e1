"""Working days, and when an answer is due."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from apps.accounts.models import User
from apps.core import working_days
from apps.core.city_settings import city_setting_change
from apps.core.working_days import (
    REPLY_DAYS,
    add_working_days,
    is_working_day,
    reply_due_at,
    working_day_before,
    working_days_between,
)

CITY = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


def test_the_same_time_on_the_third_working_day() -> None:
    assert add_working_days(at("2026-11-16 10:30"), 3) == at("2026-11-19 10:30")


def test_a_weekend_does_not_count() -> None:
    assert add_working_days(at("2026-11-20 10:30"), 3) == at("2026-11-25 10:30")


@pytest.mark.parametrize(
    ("moment", "counted_from"),
    [
        ("2026-11-16 07:00", "2026-11-16 09:00"),  # before the day starts: from its start
        ("2026-11-16 17:59", "2026-11-16 17:59"),
        ("2026-11-16 18:00", "2026-11-17 09:00"),  # after it ended: from the next
        ("2026-11-20 22:00", "2026-11-23 09:00"),  # Friday night
        ("2026-11-21 12:00", "2026-11-23 09:00"),  # Saturday
    ],
)
def test_what_comes_outside_working_hours_counts_from_the_next_start(moment: str, counted_from: str) -> None:
    assert add_working_days(at(moment), 0) == at(counted_from)


def test_the_national_holiday_does_not_count_and_the_worked_weekend_does() -> None:
    """In 2026 the days from 1 to 7 October are free, and Sunday 20 September and Saturday 10 October are worked."""
    assert not is_working_day(at("2026-10-05 12:00").date())
    assert is_working_day(at("2026-10-10 12:00").date())
    assert add_working_days(at("2026-09-30 10:00"), 3) == at("2026-10-10 10:00")
    assert working_day_before(at("2026-10-08 10:00")) == at("2026-09-30 10:00")


def test_a_moment_of_another_time_zone_is_read_in_the_citys() -> None:
    assert add_working_days(datetime(2026, 11, 16, 2, 30, tzinfo=ZoneInfo("UTC")), 1) == at("2026-11-17 10:30")


def test_days_between_are_those_that_begin_after_the_first() -> None:
    assert working_days_between(at("2026-11-20 10:00"), at("2026-11-20 17:00")) == 0
    assert working_days_between(at("2026-11-20 10:00"), at("2026-11-25 10:00")) == 3
    assert working_days_between(at("2026-11-25 10:00"), at("2026-11-20 10:00")) == -3


def test_no_day_before_is_counted_forward() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(at("2026-11-20 10:00"), -1)


def test_a_year_without_calendar_works_from_monday_to_friday_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    working_days._is_known.cache_clear()
    with caplog.at_level(logging.WARNING, logger="apps.core.working_days"):
        assert add_working_days(at("2099-10-01 10:00"), 2) == at("2099-10-05 10:00")  # a Thursday and the Monday after
        assert not is_working_day(at("2099-10-04 10:00").date())
    assert [record.getMessage() for record in caplog.records] == [
        "No calendar of holidays for 2099: every Monday to Friday counts as worked."
    ]


@pytest.mark.django_db
def test_the_city_sets_the_time_to_reply(administrator: User) -> None:
    assert reply_due_at(at("2026-11-16 10:30")) == at("2026-11-19 10:30")
    city_setting_change(key=REPLY_DAYS, value="5", by=administrator)
    assert reply_due_at(at("2026-11-16 10:30")) == at("2026-11-23 10:30")
