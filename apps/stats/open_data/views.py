"""The open statistics for everybody: a page and a table."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.switches import switched
from apps.core.tables.downloads import FORMATS, table_response
from apps.stats.open_data.counting import OpenRow, OpenStatistics, open_statistics
from apps.stats.open_data.rules import SWITCH


@dataclass(frozen=True, slots=True)
class OpenTable:
    """One breakdown of one year: the figures side by side."""

    name: str
    title: str
    labels: list[str]
    rows: list[tuple[str, list[int | None]]]


@require_safe
@switched(SWITCH)
def statistics(request: HttpRequest) -> HttpResponse:
    found = open_statistics()
    finished = _told(found)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, finished) else next(iter(finished), None)
    context = {
        "found": found,
        "year": year,
        "years": finished,
        "this_year": found.years[0],
        "so_far": [row for row in found.rows if row.is_rough],
        "totals": [row for row in found.rows if row.year == year and row.breakdown == "total"],
        "tables": _tables(found, year) if year else [],
    }
    return render(request, "stats/open.html", context)


@require_safe
@switched(SWITCH)
def statistics_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    if kind not in FORMATS:
        raise Http404
    header = [_("年份"), _("指标"), _("分类方式"), _("类别"), _("数值"), _("说明")]
    titles = {"total": _("合计")} | breakdown_titles()
    rows = [
        [row.year, row.label, titles[row.breakdown], row.category or None, row.value, _remark(row)]
        for row in open_statistics().rows
    ]
    return table_response(header, rows, kind=kind, name=_("公开统计"))


def _remark(row: OpenRow) -> str | None:
    if row.is_rough:
        return _("今年以来，舍到十")
    return _("不公开") if row.value is None else None


def breakdown_titles() -> dict[str, str]:
    return {"month": _("月份"), "district": _("区市"), "chain": _("产业链"), "outcome_type": _("成效类型")}


def _told(found: OpenStatistics) -> list[int]:
    """Years that are over and have anything, the latest first."""
    filled = {row.year for row in found.rows if row.breakdown == "total" and row.value != 0}
    return [year for year in found.years[1:] if year in filled]


def _tables(found: OpenStatistics, year: int | None) -> list[OpenTable]:
    return [_table(name, title, found, year) for name, title in breakdown_titles().items()]


def _table(name: str, title: str, found: OpenStatistics, year: int | None) -> OpenTable:
    """Categories without anything are left out, but for months: a year has twelve."""
    rows = [row for row in found.rows if row.year == year and row.breakdown == name]
    labels = list(dict.fromkeys(row.label for row in rows))
    categories: dict[tuple[str, str], dict[str, int | None]] = {}
    for row in rows:
        categories.setdefault((row.code, row.category), {})[row.label] = row.value
    filled = [
        (category, [values[label] for label in labels])
        for (_code, category), values in categories.items()
        if name == "month" or any(value != 0 for value in values.values())
    ]
    return OpenTable(name, title, labels, filled)
