"""The door through which lists leave as files: for people who are signed in, and kept in the trail."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.views.signed_in import signed_in
from apps.core import audit, clock
from apps.core.tables.downloads import FORMATS, table_response
from apps.core.tables.exported import count_of, registered_lists
from apps.stats.exporting.limits import refused


@login_required
@require_safe
def export_list(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    """The list as its page shows it under the same query, all of its pages."""
    user, exported = signed_in(request), registered_lists().get(key)
    if exported is None or kind not in FORMATS or not exported.is_open_to(user):
        raise Http404
    rows = exported.rows(user, request.GET)
    total = count_of(rows)
    page = reverse(exported.page) if exported.page else reverse("home")
    if too_long := refused(request, total, kind=kind, page=page):
        return too_long
    detail = {**request.GET.dict(), "what": f"list.{key}", "rows": total}
    audit.record_view(None, "export.made", by=user, detail=detail)
    name = f"{exported.label}_{clock.today()}"
    cells = exported.cells(rows, user)
    return table_response(exported.header(), cells, kind=kind, name=name, title=str(exported.label))
