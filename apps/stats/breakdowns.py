"""Figures taken apart: by term, and by month. The parts add up to the figure."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone

from apps.engagements.services import NOT_ACHIEVED
from apps.stats.figures import Figure
from apps.stats.periods import Period
from apps.taxonomy.models import Term

LONGEST_AXIS = 24


class Part(NamedTuple):
    """One bar: `share` is its length in percent of the longest, `url` leads to its rows."""

    label: str
    number: int
    share: float
    url: str


def rows_url(figure: Figure, period: Period, term: Term | None = None) -> str:
    query = {"since": period.first.isoformat(), "until": period.last.isoformat()}
    if term:
        query["only"] = term.code
    return f"{reverse('stats:rows', args=[figure.key])}?{urlencode(query)}"


def by_term(figure: Figure, period: Period) -> list[Part]:
    """A part for every term on offer and every retired one that occurs, in the order of the vocabulary."""
    counts = dict(figure.rows(period).order_by().values_list(figure.term).annotate(number=Count("pk")))
    known = Term.objects.filter(vocabulary=figure.vocabulary).exclude(code=NOT_ACHIEVED)
    terms = [term for term in known if term.is_active or term.pk in counts]
    return _parts([(str(term), counts.get(term.pk, 0), rows_url(figure, period, term)) for term in terms])


def by_month(figure: Figure, period: Period, column: str) -> list[Part]:
    """A part for every month of the period; of a very long one, only for months with rows."""
    month = TruncMonth(column, tzinfo=timezone.get_current_timezone())
    grouped = figure.rows(period).order_by().values_list(month).annotate(number=Count("pk"))
    counts = {(moment.year, moment.month): number for moment, number in grouped}
    months = list(period.months())
    if len(months) > LONGEST_AXIS:
        months = [month for month in months if (month.first.year, month.first.month) in counts]
    numbers = [(month, counts.get((month.first.year, month.first.month), 0)) for month in months]
    return _parts([(f"{month.first:%Y-%m}", number, rows_url(figure, month)) for month, number in numbers])


def _parts(found: list[tuple[str, int, str]]) -> list[Part]:
    longest = max((count for _, count, _ in found), default=0) or 1
    return [Part(label, count, round(100 * count / longest, 1), url) for label, count, url in found]
