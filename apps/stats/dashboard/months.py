"""Figures by month; by year where the period is too long for months."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.db.models.functions import TruncMonth, TruncYear

from apps.stats.dashboard.numbers import Part, in_proportion, value_of
from apps.stats.figures import FIGURES
from apps.stats.models import DayCount
from apps.stats.periods import Period
from apps.stats.questions import Question

LONGEST_AXIS = 24


@dataclass(frozen=True, slots=True)
class Axis:
    """Stretches of time side by side, and each figure's numbers over them."""

    question: Question
    stretches: list[tuple[str, Period]]
    values: dict[str, list[int]]

    def parts(self, key: str) -> list[Part]:
        rows = [
            (label, value, self.question.rows_url(key, stretch))
            for (label, stretch), value in zip(self.stretches, self.values[key], strict=True)
        ]
        return in_proportion(rows, is_money=bool(FIGURES[key].amount))


def by_month(question: Question, keys: tuple[str, ...]) -> Axis:
    period = question.period
    months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
    of_years = months > LONGEST_AXIS
    start = TruncYear("day") if of_years else TruncMonth("day")
    rows = DayCount.objects.filter(period.days("day"), figure__in=keys, **question.narrowed.of_counts())
    grouped = rows.order_by().values_list("figure", start).annotate(number=Sum("number"), amount=Sum("amount_fen"))
    found = {(key, _day(day)): value_of(key, number, amount) for key, day, number, amount in grouped}
    stretches = list(period.years() if of_years else period.months())
    if of_years:  # "from the beginning" goes back further than there is anything to show
        held = {day.year for _key, day in found}
        stretches = [year for year in stretches if year.first.year >= min(held, default=period.last.year)]
    starts = [_start(stretch.first, of_years=of_years) for stretch in stretches]
    return Axis(
        question,
        [(f"{stretch.first:%Y}" if of_years else f"{stretch.first:%Y-%m}", stretch) for stretch in stretches],
        {key: [found.get((key, start), 0) for start in starts] for key in keys},
    )


def _start(day: date, *, of_years: bool) -> date:
    return day.replace(month=1, day=1) if of_years else day.replace(day=1)


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)
