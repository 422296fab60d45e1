"""Statistics: the three pages of figures, the rows behind a figure, and their export."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.views.signed_in import signed_in
from apps.core import audit, clock
from apps.core.tables.columns import cells_of, header_of
from apps.core.tables.downloads import FORMATS, table_response
from apps.core.tables.exported import count_of
from apps.core.tables.pieces import in_pieces
from apps.core.tables.writing import Cell
from apps.stats.charts import column_chart
from apps.stats.dashboard import distribution, fit, overview
from apps.stats.exporting.limits import refused
from apps.stats.figures import FIGURES, Figure
from apps.stats.forms import QuestionForm, read_question
from apps.stats.funnels import steps_of
from apps.stats.pages import rows_behind
from apps.stats.periods import PRESETS
from apps.stats.permissions import for_officials
from apps.stats.questions import Question

LIST_PARAMETERS = ("only", "partner", "partner_kind", "broker")


@for_officials
@require_safe
def overview_page(request: HttpRequest) -> HttpResponse:
    form, question = _asked(request)
    found = overview(question)
    charts = {key: column_chart(str(FIGURES[key].label), found.months.parts(key)) for key in found.months.values}
    context = {"found": found, "steps": steps_of(found.funnel), "charts": charts, "definitions": FIGURES}
    return render(request, "stats/overview.html", context | _around(form, question, "stats:overview"))


@for_officials
@require_safe
def distribution_page(request: HttpRequest) -> HttpResponse:
    form, question = _asked(request)
    context = {"found": distribution(question), "definitions": FIGURES}
    return render(request, "stats/distribution.html", context | _around(form, question, "stats:distribution"))


@for_officials
@require_safe
def fit_page(request: HttpRequest) -> HttpResponse:
    form, question = _asked(request)
    context = {"found": fit(question), "definitions": FIGURES}
    return render(request, "stats/fit.html", context | _around(form, question, "stats:fit"))


@for_officials
@require_safe
def rows(request: HttpRequest, key: str) -> HttpResponse:
    figure = _figure(key)
    form, question = _asked(request, figure)
    pages, amount_fen = rows_behind(figure, question)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "figure": figure,
        "amount_fen": amount_fen,
        "page": page,
        "table": [(figure.page_key(row), [shown(column.cell(row)) for column in figure.columns]) for row in page],
        "kept": {name: request.GET[name] for name in LIST_PARAMETERS if name in request.GET},
    }
    return render(request, "stats/rows.html", context | _around(form, question, "stats:rows"))


@for_officials
@require_safe
def export_rows(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    figure = _figure(key)
    if kind not in FORMATS:
        raise Http404
    _form, question = _asked(request, figure)
    narrowed = (question.district, question.chain, question.tier, question.part, question.partner)
    others = (question.partner_kind_label, question.broker)
    period, rows = question.period, figure.rows(question.period, question.narrowed)
    if too_long := refused(request, count_of(rows), kind=kind, page=reverse("stats:rows", args=[key])):
        return too_long
    audit.record_view(None, "export.made", by=signed_in(request), detail={**request.GET.dict(), "what": figure.key})
    name = "_".join([str(part) for part in (figure.label, *narrowed, *others, period.first, period.last) if part])
    cells = cells_of(figure.columns, in_pieces(rows))
    return table_response(header_of(figure.columns), cells, kind=kind, name=name, title=str(figure.label))


def _asked(request: HttpRequest, figure: Figure | None = None) -> tuple[QuestionForm, Question]:
    return read_question(request.GET, signed_in(request), figure.vocabulary if figure else "")


def _around(form: QuestionForm, question: Question, here: str) -> dict[str, Any]:
    """What every page of statistics shows around its numbers."""
    tabs = ((_("总览"), "stats:overview"), (_("分布"), "stats:distribution"), (_("匹配与供需"), "stats:fit"))
    asked = question.query(None, **dict.fromkeys(LIST_PARAMETERS, ""))
    today = clock.today()
    presets = [(label, preset(today)) for label, preset in PRESETS]
    return {
        "form": form,
        "question": question,
        "period": question.period,
        "before": question.before,
        "query": question.query(),
        "asked": asked,
        "tabs": [{"label": label, "url": f"{reverse(name)}?{asked}", "is_on": name == here} for label, name in tabs],
        "presets": [
            {"label": label, "query": question.query(usual), "is_on": usual == question.period}
            for label, usual in presets
        ],
    }


def _figure(key: str) -> Figure:
    if key not in FIGURES:
        raise Http404
    return FIGURES[key]


def shown(cell: Cell) -> str:
    if cell is None:
        return "—"
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M}"
    return (
        f"{cell:%Y-%m-%d}" if isinstance(cell, date) else str(cell) if isinstance(cell, (str, int)) else f"{cell:,.2f}"
    )
