"""Searching the trail, and taking it out."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.views.signed_in import signed_in
from apps.administration.forms.trail import TrailFilter
from apps.administration.trail.lines import details, kind_name, lines
from apps.administration.trail.phrases import phrase_of
from apps.administration.trail.search import trail, trail_page
from apps.administration.views.guards import for_administrators
from apps.core import audit, clock
from apps.core.models import AccessEntry
from apps.core.tables import csv_lines
from apps.core.tables.writing import Cell


@for_administrators
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    form = TrailFilter(request.GET)
    is_valid = form.is_valid()
    rows = trail(form.cleaned_data) if is_valid else trail({}).none()
    page = trail_page(rows, request.GET.get("after", ""))
    query = {name: value for name, value in request.GET.items() if value and name != "after"}
    context = {
        "form": form,
        "lines": lines(page.entries),
        "is_views": form.cleaned_data.get("what") == "views",
        "is_narrowed": bool(set(query) - {"what"}),
        "is_later_page": bool(request.GET.get("after")),
        "query": urlencode(query),
        "older": urlencode(query | {"after": page.older}) if page.older else "",
        "section": "trail",
    }
    return render(request, "office/trail.html", context)


@for_administrators
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """All that the search finds, as CSV, read from the database in pieces. Taking it out is kept, too."""
    form = TrailFilter(request.GET)
    if not form.is_valid():
        return search(request)
    audit.record_view(None, "export.made", by=signed_in(request), detail={"what": "audit", **request.GET.dict()})
    header = [
        _("时间"),
        _("操作人"),
        _("动作"),
        _("代码"),
        _("对象类型"),
        _("对象编号"),
        _("内容"),
        _("来源地址"),
        _("请求编号"),
    ]
    body = csv_lines(header, _cells(trail(form.cleaned_data)))
    disposition = content_disposition_header(as_attachment=True, filename=f"audit-{clock.today()}.csv") or "attachment"
    return StreamingHttpResponse(
        body, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
    )


def _cells(rows: QuerySet[Any]) -> Iterator[list[Cell]]:
    for entry in rows.iterator(chunk_size=2000):
        changes = entry.detail if isinstance(entry, AccessEntry) else entry.changes
        yield [
            entry.at,
            str(entry.actor or ""),
            phrase_of(entry.action),
            entry.action,
            kind_name(entry.object_type),
            entry.object_public_id,
            "；".join(f"{name}：{value}" for name, value in details(changes)),
            entry.address or "",
            entry.request_id,
        ]
