"""A figure is the number of its rows; both agree with a count made another way, row by row in Python."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.capabilities.models import Capability
from apps.core import clock
from apps.engagements.models import Engagement, Outcome
from apps.matching.models import Proposal
from apps.needs.models import Need
from apps.stats.breakdowns import by_month, by_term
from apps.stats.figures import FIGURES
from apps.stats.periods import PRESETS, Period, last_twelve_months, this_month, this_quarter, this_year
from tests.stats.conftest import DAYS, Chance


def earliest(*moments: datetime | None) -> datetime | None:
    return min(filter(None, moments), default=None)


def failed(outcome: Outcome) -> bool:
    return str(outcome.outcome_type) == "未达成"


# For each figure: all rows, and the moment at which a row counts; None where it does not.
COUNTED: dict[str, tuple[Callable[[], Iterable[Any]], Callable[[Any], datetime | None]]] = {
    "needs": (Need.objects.all, lambda need: need.published_at),
    "capabilities": (Capability.objects.all, lambda capability: capability.published_at),
    "proposals": (Proposal.objects.all, lambda p: earliest(p.need_viewed_at, p.capability_viewed_at)),
    "acceptances": (Proposal.objects.all, lambda p: earliest(p.need_accepted_at, p.capability_accepted_at)),
    "engagements": (Engagement.objects.all, lambda engagement: engagement.opened_at),
    "outcomes": (Outcome.objects.all, lambda o: None if failed(o) else o.confirmed_at),
    "not_achieved": (Outcome.objects.all, lambda o: o.confirmed_at if failed(o) else None),
    "declines": (Proposal.objects.all, lambda p: p.declined_at if p.state == "declined" else None),
}


def counted(key: str, period: Period) -> set[int]:
    rows, moment_of = COUNTED[key]
    days = {row.pk: timezone.localtime(moment).date() for row in rows() if (moment := moment_of(row))}
    return {pk for pk, day in days.items() if period.first <= day <= period.last}


def some_period(chance: Chance) -> Period:
    first = clock.today() - timedelta(days=chance.random.randrange(DAYS))
    return Period(first, first + timedelta(days=chance.random.randrange(DAYS // 2)))


def test_every_figure_has_an_independent_count() -> None:
    assert set(COUNTED) == set(FIGURES)


@pytest.mark.parametrize("key", FIGURES)
def test_a_figure_counts_what_happened_inside_the_period(city: Chance, key: str) -> None:
    everything = Period(date(2000, 1, 1), clock.today())
    assert counted(key, everything)
    for period in [everything, *(some_period(city) for _ in range(20))]:
        rows = FIGURES[key].rows(period)
        assert {row.pk for row in rows} == counted(key, period)
        assert rows.count() == len(counted(key, period))


@pytest.mark.parametrize("key", ["outcomes", "declines"])
def test_the_parts_of_a_figure_add_up_to_it(city: Chance, key: str) -> None:
    figure = FIGURES[key]
    for period in (some_period(city) for _ in range(10)):
        assert sum(part.number for part in by_term(figure, period)) == figure.rows(period).count()


def test_the_months_of_a_period_add_up_to_it(city: Chance) -> None:
    figure = FIGURES["outcomes"]
    long = Period(date(2000, 1, 1), clock.today())
    for period in [long, *(some_period(city) for _ in range(10))]:
        parts = by_month(figure, period, "confirmed_at")
        assert sum(part.number for part in parts) == figure.rows(period).count()
        assert len(parts) <= 24


def test_a_month_counts_its_own_rows(city: Chance) -> None:
    figure = FIGURES["outcomes"]
    period = last_twelve_months(clock.today())
    for month, part in zip(period.months(), by_month(figure, period, "confirmed_at"), strict=True):
        assert (part.label, part.number) == (f"{month.first:%Y-%m}", figure.rows(month).count())


def test_the_usual_periods_end_today() -> None:
    day = date(2026, 11, 22)
    assert this_month(day) == (date(2026, 11, 1), day)
    assert this_quarter(day) == (date(2026, 10, 1), day)
    assert this_year(day) == (date(2026, 1, 1), day)
    assert last_twelve_months(day) == (date(2025, 12, 1), day)
    assert len(PRESETS) == 4


def test_a_period_is_cut_into_its_months() -> None:
    months = list(Period(date(2026, 1, 31), date(2026, 3, 2)).months())
    assert [tuple(month) for month in months] == [
        (date(2026, 1, 31), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 2)),
    ]
