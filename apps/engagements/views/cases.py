"""The list of cases, and the page of one: parse, authorise, call one service, present."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from apps.core import audit
from apps.engagements.forms import EngagementFilter, RejectForm
from apps.engagements.models import Engagement, Outcome
from apps.engagements.narrowing import board_of, narrowed
from apps.engagements.presentation import page_of
from apps.engagements.rows import case_row
from apps.engagements.selectors import engagements_of
from apps.engagements.views.shared import SignedInRequest, engagement_or_404

PAGE_SIZE = 20


@login_required
@require_safe
def engagement_list(request: SignedInRequest) -> HttpResponse:
    """As a list, or as a board with a column for each step; htmx gets the rows alone."""
    form = EngagementFilter(request.GET)
    form.is_valid()  # a value that is not on offer narrows nothing
    chosen = form.cleaned_data
    rows = narrowed(engagements_of(request.user), request.user, chosen)
    context: dict[str, Any] = {"form": form, "is_narrowed": any(chosen.values())}
    if request.GET.get("view") == "board":
        columns = board_of(rows, request.GET.get("step", ""))
        views = [[case_row(row, request.user) for row in column.rows] for column in columns]
        context |= {"columns": list(zip(columns, views, strict=True)), "is_board": True}
        context["is_empty"] = not any(column.count for column in columns)
    else:
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {"page": page, "rows": [case_row(row, request.user) for row in page]}
        context["is_empty"] = not page.paginator.count
    response = render(request, "engagements/_cases.html" if _wants_rows(request) else "engagements/list.html", context)
    patch_vary_headers(response, ["HX-Request"])  # one address, two answers
    return response


@login_required
@require_safe
def engagement_detail(request: SignedInRequest, public_id: str) -> HttpResponse:
    return detail_page(request, engagement_or_404(request, public_id))


def _wants_rows(request: HttpRequest) -> bool:
    """htmx asks for the rows, except where it brings back a page that the person had left."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def detail_page(
    request: SignedInRequest,
    engagement: Engagement,
    rejected: tuple[Outcome, RejectForm] | None = None,
    **forms: object,
) -> HttpResponse:
    """`rejected` and `forms` are those that came back with errors. That contacts were shown is kept, once a day."""
    context = page_of(engagement, request.user, rejected, **forms)
    if context["view"].contacts:
        audit.record_view(engagement, "contacts.seen", by=request.user, once_a_day=True)
    return render(request, "engagements/detail.html", context)
