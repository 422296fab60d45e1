"""The city's targets beside what is reached: whether the pace suffices, and what the later ones still ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from apps.core import clock
from apps.stats.figures import FIGURES
from apps.stats.measures import FEN_IN_YI, MONEY, STANDING, Measure
from apps.stats.models import DayCount, Target
from apps.stats.periods import Period
from apps.stats.questions import Question
from apps.stats.selectors import brokers_now
from apps.stats.slices import EVERYTHING

MOST_GROWTH = 300


@dataclass(frozen=True, slots=True)
class Progress:
    """A target beside what is reached of it, in the measure's unit: this year's so far, or how many there are now.

    `expected` is what the pace asks for by today: of this year's target the part of the year that is over; None of
    later years, and of what is not summed over a year. `growth` is what each year must add, in percent, to reach a
    later year's target from the last twelve months, or from what there is now; None where that is beyond any sense.
    """

    target: Target
    actual: Decimal
    expected: Decimal | None
    growth: float | None
    url: str

    @property
    def percent(self) -> float:
        return float(round(100 * self.actual / self.target.value, 1)) if self.target.value else 100.0

    @property
    def share(self) -> float:
        """The length of the bar."""
        return min(100.0, self.percent)

    @property
    def expected_share(self) -> float | None:
        if self.expected is None or not self.target.value:
            return None
        return float(round(100 * self.expected / self.target.value, 1))

    @property
    def is_on_pace(self) -> bool | None:
        return None if self.expected is None else self.actual >= self.expected


def progress(question: Question) -> list[Progress]:
    """Targets of this year and the years to come; they are the city's, whatever the question is narrowed to."""
    today = clock.today()
    targets = list(Target.objects.filter(year__gte=today.year).order_by("year", "measure"))
    if not targets or question.allowed is not None:
        return []
    year = Period(date(today.year, 1, 1), today)
    twelve_months = Period(today - timedelta(days=364), today)
    reached = _reached({"year": year, "twelve": twelve_months})
    return [_progress(target, year, reached, question) for target in targets]


def _progress(target: Target, year: Period, reached: Mapping[tuple[str, str], Decimal], question: Question) -> Progress:
    is_now, is_standing = target.year == year.last.year, target.measure in STANDING
    actual = reached["all" if is_standing else "year" if is_now else "twelve", target.measure]
    expected = None
    if is_now and not is_standing:
        length = (date(target.year, 12, 31) - year.first).days + 1
        expected = target.value * ((year.last - year.first).days + 1) / length
    growth = _growth(target, actual, target.year - year.last.year)
    everything = Question(year if is_now else question.period, question.terms)
    period = Period(date(2000, 1, 1), year.last) if is_standing else year if is_now else _twelve(year)
    is_of_people = target.measure == Measure.BROKERS
    url = everything.list_url("brokers") if is_of_people else everything.rows_url(target.measure, period)
    return Progress(target, actual, expected, growth, url)


def standing_by(day: date) -> dict[str, Decimal]:
    """How many there are of the measures that are not summed over a year: companies by a day, brokers now."""
    rows = DayCount.objects.filter(figure=Measure.COMPANIES, day__lte=day, **EVERYTHING.of_counts())
    companies = rows.aggregate(number=Sum("number"))["number"] or 0
    return {Measure.COMPANIES: Decimal(companies), Measure.BROKERS: Decimal(brokers_now().count())}


def _growth(target: Target, actual: Decimal, years: int) -> float | None:
    if years <= 0 or not actual:
        return None
    growth = 100 * (float(target.value / actual) ** (1 / years) - 1)
    return round(growth, 1) if growth <= MOST_GROWTH else None


def _twelve(year: Period) -> Period:
    return Period(year.last - timedelta(days=364), year.last)


def _reached(periods: Mapping[str, Period]) -> dict[tuple[str, str], Decimal]:
    keys = [measure for measure in Measure.values if measure in FIGURES]
    sums: dict[str, Any] = {}
    for name, period in periods.items():
        for column in ("number", "amount_fen"):
            sums[f"{name}_{column}"] = Sum(column, filter=period.days("day"))
    sums |= {"all_number": Sum("number"), "all_amount_fen": Sum("amount_fen")}
    rows = DayCount.objects.filter(figure__in=keys, **EVERYTHING.of_counts()).order_by().values("figure")
    found: dict[str, dict[str, Any]] = {row["figure"]: dict(row) for row in rows.annotate(**sums)}
    reached: dict[tuple[str, str], Decimal] = {}
    for name in (*periods, "all"):
        for key in keys:
            row: dict[str, Any] = found.get(key, {})
            if key in MONEY:
                reached[name, key] = Decimal(row.get(f"{name}_amount_fen") or 0) / FEN_IN_YI
            else:
                reached[name, key] = Decimal(row.get(f"{name}_number") or 0)
    return reached | {("all", Measure.BROKERS): Decimal(brokers_now().count())}
