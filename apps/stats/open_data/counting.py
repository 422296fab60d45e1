"""The open statistics: figures of whole years in three breakdowns, hidden where small, and of this year roughly."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.functions import ExtractMonth
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.city_settings import city_value
from apps.stats.figures import FIGURES, Figure
from apps.stats.models import DayCount
from apps.stats.open_data.rules import THRESHOLD
from apps.stats.open_data.suppression import Cell, published
from apps.stats.periods import Period
from apps.stats.slices import EVERYTHING
from apps.taxonomy.models import Term, Vocabulary

OPENED = ("needs", "engagements", "contracts", "contract_yuan", "outcomes")
COUNTED = ("needs", "engagements", "contract_yuan", "outcomes")
MOST_YEARS = 5
HOURS = 6
FEN_IN_MILLION = 100_000_000
ROUND_TO = 10
"""This year's figures so far are rounded down to tens: they grow from day to day, and steps of one would tell."""

REST = ""


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One published number; None is hidden. Money is in million yuan. `category` is "" for the total."""

    year: int
    figure: str
    label: str
    breakdown: str
    code: str
    category: str
    value: int | None
    is_rough: bool = False


@dataclass(frozen=True, slots=True)
class OpenStatistics:
    threshold: int
    until: date
    rows: list[OpenRow]

    @property
    def years(self) -> list[int]:
        return sorted({row.year for row in self.rows}, reverse=True)


_kept: dict[tuple[object, ...], OpenStatistics] = {}


def open_statistics() -> OpenStatistics:
    """Counted some times a day by each process, and kept: anybody may ask, as often as they like."""
    threshold = int(city_value(THRESHOLD))
    now = timezone.localtime(clock.now())
    key = (now.date(), now.hour // HOURS, threshold, translation.get_language())
    if key not in _kept:
        for old in [kept for kept in _kept if kept[:2] != key[:2]]:
            _kept.pop(old, None)  # another thread may have dropped it
        _kept[key] = _counted(now.date(), threshold)
    return _kept[key]


def forget_open_statistics() -> None:
    """For tests: each begins with another city."""
    _kept.clear()


def _counted(today: date, threshold: int) -> OpenStatistics:
    rows = [row for key in OPENED for row in _so_far(FIGURES[key], today)]
    for year in range(today.year - 1, today.year - 1 - MOST_YEARS, -1):
        rows += [row for key in COUNTED for row in _of_year(FIGURES[key], year, threshold)]
    return OpenStatistics(threshold, today, rows)


def _so_far(figure: Figure, today: date) -> Iterable[OpenRow]:
    period = Period(date(today.year, 1, 1), today)
    days = DayCount.objects.filter(period.days("day"), figure=figure.key, **EVERYTHING.of_counts())
    column, unit = ("amount_fen", FEN_IN_MILLION) if figure.amount else ("number", 1)
    value = (days.aggregate(total=Sum(column))["total"] or 0) // unit
    rough = value // ROUND_TO * ROUND_TO
    yield OpenRow(today.year, figure.key, _label(figure), "total", "", "", rough, is_rough=True)


def _of_year(figure: Figure, year: int, threshold: int) -> Iterable[OpenRow]:
    """Rows of the figure; of money also those of its number, hidden in the same cells: else one tells of the other."""
    tables = [
        (name, names, published(_cells(figure, year, path, names), threshold, partial(_secret_rank, figure.key, name)))
        for name, path, names in _breakdowns(figure)
    ]
    for told in (FIGURES["contracts"], figure) if figure.amount else (figure,):
        label = _label(told)
        yield OpenRow(year, told.key, label, "total", "", "", _value(told, tables[0][2].total))
        for name, names, table in tables:
            for code, category in names.items():
                yield OpenRow(year, told.key, label, name, code, category, _value(told, table.cells[code]))


def _value(figure: Figure, cell: Cell | None) -> int | None:
    if cell is None:
        return None
    return round(cell.value / FEN_IN_MILLION) if figure.amount else cell.number


def _secret_rank(key: str, breakdown: str, category: str) -> bytes:
    return salted_hmac("open-statistics", f"{key}:{breakdown}:{category}", algorithm="sha256").digest()


def _label(figure: Figure) -> str:
    return _("%(figure)s（百万元）") % {"figure": figure.label} if figure.amount else str(figure.label)


def _breakdowns(figure: Figure) -> Iterable[tuple[str, Any, dict[str, str]]]:
    """(name, what a row is grouped by, its categories by code in their order); the last takes what names none."""
    column = figure.moment
    yield "month", ExtractMonth(column), {str(n): _("%(month)d 月") % {"month": n} for n in range(1, 13)}
    district = figure.paths.of_organisation("district")
    yield "district", F(f"{district}__code"), _names(Vocabulary.DISTRICT) | {REST: _("未填写")}
    yield "chain", F(f"{figure.paths.chain}__code"), _names(Vocabulary.INDUSTRY_CHAIN) | {REST: _("未填写")}
    if figure.key == "outcomes":
        yield "outcome_type", F(f"{figure.term}__code"), _names(Vocabulary.OUTCOME_TYPE) | {REST: _("未填写")}


def _names(vocabulary: str) -> dict[str, str]:
    terms = Term.objects.filter(vocabulary=vocabulary, parent=None).order_by("position", "id")
    return {term.code: str(term) for term in terms}


def _cells(figure: Figure, year: int, path: Any, names: dict[str, str]) -> dict[str, Cell]:
    """What each company counts for in each category; a smaller chain counts in the one above it."""
    rows = figure.rows(Period(date(year, 1, 1), date(year, 12, 31))).order_by()
    sums: dict[str, Any] = {"number": Count("pk", distinct=True)}
    if figure.amount:
        sums["amount"] = Sum(figure.amount)
    grouped = rows.annotate(category=path).values("category", figure.paths.organisation).annotate(**sums)
    above = dict(Term.objects.filter(parent__isnull=False).values_list("code", "parent__code"))
    numbers: dict[str, Counter[int]] = defaultdict(Counter)
    amounts: dict[str, Counter[int]] = defaultdict(Counter)
    for row in grouped:
        code = str(row["category"] or REST)
        code = code if code in names else above.get(code, REST)
        company = row[figure.paths.organisation]
        numbers[code][company] += row["number"]
        amounts[code][company] += round((row.get("amount") or 0) * 100)
    return {code: Cell(numbers[code], amounts[code] if figure.amount else None) for code in names}
