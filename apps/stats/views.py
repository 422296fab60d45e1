"""Statistics: the overview, the rows behind a figure, and their export."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core import clock
from apps.core.tables.writing import Cell
from apps.stats.breakdowns import by_month, by_term, rows_url
from apps.stats.charts import column_chart
from apps.stats.exports import FORMATS, export
from apps.stats.figures import FIGURES, Figure
from apps.stats.forms import read_period
from apps.stats.periods import PRESETS, Period
from apps.stats.permissions import can_view_stats
from apps.taxonomy.models import Term

PAGE_SIZE = 20

type View = Callable[..., HttpResponseBase]


def for_officials(view: View) -> View:
    @login_required
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponseBase:
        can_view_stats(request.user).require()
        return view(request, *arguments, **keywords)

    return guarded


@for_officials
def overview(request: HttpRequest) -> HttpResponse:
    form, period = read_period(request.GET)
    months = by_month(FIGURES["outcomes"], period, "confirmed_at")
    context = {
        "form": form,
        "period": period,
        "presets": _presets(period),
        "figures": [(f, f.rows(period).count(), rows_url(f, period)) for f in FIGURES.values()],
        "outcome_types": by_term(FIGURES["outcomes"], period),
        "outcome_months": months,
        "chart": column_chart(months),
        "decline_reasons": by_term(FIGURES["declines"], period),
    }
    return render(request, "stats/overview.html", context)


@for_officials
def rows(request: HttpRequest, key: str) -> HttpResponse:
    figure = _figure(key)
    form, period = read_period(request.GET)
    term = _term(figure, request)
    page = Paginator(_rows(figure, period, term), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "figure": figure,
        "form": form,
        "period": period,
        "term": term,
        "page": page,
        "table": [(figure.page_key(row), [_shown(column.cell(row)) for column in figure.columns]) for row in page],
        "query": _query(period, term),
    }
    return render(request, "stats/rows.html", context)


@for_officials
def export_rows(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    figure = _figure(key)
    if kind not in FORMATS:
        raise Http404
    _form, period = read_period(request.GET)
    term = _term(figure, request)
    name = "_".join(filter(None, [str(figure.label), str(term or ""), str(period.first), str(period.last)]))
    return export(figure, _rows(figure, period, term), kind=kind, name=name.replace("/", "-"))


def _figure(key: str) -> Figure:
    if key not in FIGURES:
        raise Http404
    return FIGURES[key]


def _term(figure: Figure, request: HttpRequest) -> Term | None:
    """The part of the figure that was asked for; an unknown one narrows nothing."""
    if not figure.term:
        return None
    terms = {term.code: term for term in Term.objects.filter(vocabulary=figure.vocabulary)}
    return terms.get(request.GET.get("only", ""))


def _rows(figure: Figure, period: Period, term: Term | None) -> QuerySet[Any]:
    return figure.only(figure.rows(period), term)


def _query(period: Period, term: Term | None) -> str:
    query = {"since": period.first.isoformat(), "until": period.last.isoformat()}
    return urlencode(query | ({"only": term.code} if term else {}))


def _presets(period: Period) -> list[dict[str, Any]]:
    today = clock.today()
    found = [(label, preset(today)) for label, preset in PRESETS]
    return [{"label": label, "query": _query(usual, None), "is_on": usual == period} for label, usual in found]


def _shown(cell: Cell) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M}"
    return (
        f"{cell:%Y-%m-%d}" if isinstance(cell, date) else str(cell) if isinstance(cell, (str, int)) else f"{cell:,.2f}"
    )
