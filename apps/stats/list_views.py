"""The rows behind the numbers that are no figures: as a page, and as a file."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.views.signed_in import signed_in
from apps.core import audit, clock
from apps.core.tables.columns import cells_of, header_of
from apps.core.tables.downloads import FORMATS, table_response
from apps.core.tables.exported import count_of
from apps.core.tables.pieces import in_pieces
from apps.stats.exporting.limits import refused
from apps.stats.forms import read_question
from apps.stats.lists import BesideList, lists, term_of
from apps.stats.pages import PAGE_SIZE
from apps.stats.permissions import for_officials
from apps.stats.views import LIST_PARAMETERS, shown


@for_officials
@require_safe
def list_rows(request: HttpRequest, key: str) -> HttpResponse:
    found, (_form, question) = _list(key), read_question(request.GET, signed_in(request))
    page = Paginator(found.rows(question, request.GET), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "key": key,
        "found": found,
        "term": term_of(request.GET),
        "period": question.period if found.is_dated else None,
        "question": question,
        "page": page,
        "table": [(found.address(row), [shown(column.cell(row)) for column in found.columns]) for row in page],
        "asked": question.query(None, **dict.fromkeys(LIST_PARAMETERS, "")),
        "query": request.GET.urlencode(),
    }
    return render(request, "stats/list.html", context)


@for_officials
@require_safe
def export_list(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    found = _list(key)
    if kind not in FORMATS:
        raise Http404
    _form, question = read_question(request.GET, signed_in(request))
    rows = found.rows(question, request.GET)
    if too_long := refused(request, count_of(rows), kind=kind, page=reverse("stats:list", args=[key])):
        return too_long
    audit.record_view(None, "export.made", by=signed_in(request), detail={**request.GET.dict(), "what": f"stats.{key}"})
    about = (found.label, term_of(request.GET), *(question.period if found.is_dated else (clock.today(),)))
    name = "_".join(str(part) for part in about if part)
    cells = cells_of(found.columns, in_pieces(rows))
    return table_response(header_of(found.columns), cells, kind=kind, name=name, title=str(found.label))


def _list(key: str) -> BesideList:
    found = lists().get(key)
    if found is None:
        raise Http404(_("没有这样的列表。"))
    return found
