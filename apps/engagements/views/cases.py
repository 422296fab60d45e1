"""The list of cases, and the page of one: parse, authorise, call one service, present."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.engagements.forms import EngagementFilter, RejectForm
from apps.engagements.models import Engagement, Outcome
from apps.engagements.presentation import page_of
from apps.engagements.selectors import engagements_of, narrowed
from apps.engagements.views.shared import SignedInRequest, engagement_or_404

PAGE_SIZE = 20


@login_required
@require_safe
def engagement_list(request: SignedInRequest) -> HttpResponse:
    form = EngagementFilter(request.GET)
    form.is_valid()  # a value that is not on offer narrows nothing
    chosen = form.cleaned_data
    rows = narrowed(
        engagements_of(request.user),
        words=chosen.get("q", ""),
        state=chosen.get("state", ""),
        outcomes=chosen.get("outcomes", ""),
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "is_narrowed": any(chosen.values())}
    return render(request, "engagements/list.html", context)


@login_required
@require_safe
def engagement_detail(request: SignedInRequest, public_id: str) -> HttpResponse:
    return detail_page(request, engagement_or_404(request, public_id))


def detail_page(
    request: SignedInRequest, engagement: Engagement, rejected: tuple[Outcome, RejectForm] | None = None
) -> HttpResponse:
    return render(request, "engagements/detail.html", page_of(engagement, request.user, rejected))
