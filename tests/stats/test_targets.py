"""Targets beside what is reached, against an example counted by hand."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.core import clock
from apps.stats.dashboard.targets import Progress, progress
from apps.stats.models import DayCount, Target
from apps.stats.periods import this_year
from apps.stats.questions import Question, Terms

TODAY = date(2026, 11, 22)
"""The 326th of the 365 days of its year."""


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch, taxonomy: None) -> date:
    noon = timezone.make_aware(datetime.combine(TODAY, datetime.min.time())) + timedelta(hours=12)
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setattr(clock, "now", lambda: noon)
    Target.objects.all().delete()
    return TODAY


def counted(figure: str, on: date, number: int, yuan: int = 0) -> None:
    fields: dict[str, Any] = {"district_id": 0, "chain_id": 0, "tier_id": 0, "part_id": 0}
    DayCount.objects.create(figure=figure, day=on, number=number, amount_fen=yuan * 100, **fields)


def of(measure: str, year: int, value: str) -> Progress:
    Target.objects.all().delete()
    Target.objects.create(measure=measure, year=year, value=Decimal(value))
    return progress(Question(this_year(TODAY), Terms()))[0]


def test_a_target_of_this_year_asks_for_the_part_of_the_year_that_is_over(day: date) -> None:
    counted("needs", date(2025, 12, 31), 1000)  # last year's
    counted("needs", date(2026, 1, 1), 200)
    counted("needs", TODAY, 126)
    found = of("needs", 2026, "365")
    assert found.actual == 326
    assert found.expected == 326  # 365 × 326 / 365
    assert found.is_on_pace
    assert found.percent == 89.3  # 326 / 365
    assert found.expected_share == 89.3
    assert not of("needs", 2026, "366").is_on_pace  # asks for 326.9
    assert found.growth is None


def test_money_is_told_in_yi(day: date) -> None:
    counted("contract_yuan", date(2026, 5, 1), 2, yuan=250_000_000)
    found = of("contract_yuan", 2026, "5")
    assert found.actual == Decimal("2.5")
    assert found.percent == 50.0
    assert round(found.expected or 0, 4) == Decimal("4.4658")  # 5 × 326 / 365
    assert not found.is_on_pace


def test_a_later_target_asks_for_a_growth_from_the_last_twelve_months(day: date) -> None:
    counted("contract_yuan", date(2025, 11, 22), 1, yuan=900_000_000)  # 366 days ago: not of the last 365
    counted("contract_yuan", date(2025, 11, 23), 1, yuan=30_000_000_000)
    found = of("contract_yuan", 2028, "1200")
    assert found.actual == 300
    assert found.expected is None
    assert found.is_on_pace is None
    assert found.growth == 100.0  # 300 → 600 → 1,200
    assert of("contract_yuan", 2028, "300000").growth is None  # beyond any sense


def test_what_is_there_has_no_pace(day: date, broker: User) -> None:
    counted("technology_companies", date(2020, 1, 1), 11_000)
    found = of("technology_companies", 2028, "22000")
    assert found.actual == 11_000
    assert found.growth == 41.4  # √2
    assert of("technology_companies", 2026, "22000").expected is None
    now = of("brokers", 2026, "4")
    assert now.actual == 1
    assert now.percent == 25.0
    assert now.expected is None
    assert now.url.startswith("/stats/more/brokers/")


def test_a_target_of_nothing_is_reached(day: date) -> None:
    assert of("needs", 2026, "0").percent == 100.0
