"""Reading capabilities: the catalogue, one capability, and those of one's own organisation."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.regions import works_for
from apps.accounts.views.signed_in import signed_in
from apps.capabilities.actions import actions_for, next_step
from apps.capabilities.filters import CatalogueFilters, catalogue
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.permissions import can_create
from apps.capabilities.renewals import capabilities_due
from apps.capabilities.selectors import (
    capabilities_of_my_organisation,
    capability_card,
    capability_for,
    capability_view,
    with_terms,
)
from apps.core.paging import BEGINNING, RowsByKey

PER_PAGE = 20
SEARCHING = {"q", "chain", "field", "mode"}  # found by their texts and terms, in no order: all of them, or none
MOST_FOUND = 10 * BEGINNING


@require_safe
def catalogue_page(request: HttpRequest) -> HttpResponse:
    filters = CatalogueFilters(request.GET)
    rows: Any = RowsByKey(
        catalogue(request.user, filters.chosen),
        lambda keys: with_terms(Capability.objects.filter(pk__in=keys)),
        beginning=MOST_FOUND if SEARCHING & filters.chosen.keys() else BEGINNING,
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "cards": [capability_card(capability, request.user) for capability in page],
        "may_create": bool(can_create(request.user)),
    }
    return render(request, "capabilities/catalogue.html", context)


@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    capability = capability_for(request.user, public_id)
    if capability is None:
        raise Http404
    view = capability_view(capability, request.user)
    may_see_needs = view.private is not None or works_for(request.user, capability.organisation_id)
    context = {
        "reviewed": capability,
        "view": view,
        "may": actions_for(request.user, capability),
        "shows_needs": capability.state == CapabilityState.PUBLISHED and may_see_needs,
    }
    return render(request, "capabilities/detail.html", context)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    capabilities = capabilities_of_my_organisation(user)
    counts = dict(capabilities.order_by().values_list("state").annotate(Count("id")))
    chosen = request.GET.get("state", "")
    if chosen in CapabilityState.values:
        capabilities = capabilities.filter(state=chosen)
    page = Paginator(capabilities, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(capability, next_step(capability)) for capability in page],
        "states": [
            (state.value, state.label, counts[state.value]) for state in CapabilityState if state.value in counts
        ],
        "chosen": chosen if chosen in CapabilityState.values else "",
        "total": sum(counts.values()),
        "due_count": capabilities_due(user).count(),
        "may_create": can_create(user),
    }
    return render(request, "capabilities/mine.html", context)
