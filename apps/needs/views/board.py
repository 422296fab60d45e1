"""Reading needs: the board, one need, and those of one's own organisation."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.regions import works_for
from apps.accounts.selectors import is_broker
from apps.accounts.views.signed_in import signed_in
from apps.needs.actions import actions_for, next_step
from apps.needs.filters import BoardFilters, board_needs
from apps.needs.models import OPEN_STATES, NeedState
from apps.needs.owner_views import note_owner_seen
from apps.needs.permissions import can_post
from apps.needs.renewals import needs_due
from apps.needs.selectors import need_card, need_for, need_view, needs_of_my_organisation

PER_PAGE = 20


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    filters = BoardFilters(request.GET or {"sort": "newest"})
    page = Paginator(board_needs(request.user, filters.chosen), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "cards": [need_card(need, request.user) for need in page],
        "may_post": bool(can_post(request.user)),
    }
    return render(request, "needs/board.html", context)


@require_safe
def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    need = need_for(request.user, public_id)
    if need is None:
        raise Http404
    view = need_view(need, request.user)
    note_owner_seen([need], request.user)
    is_mine_to_match = view.private is not None or works_for(request.user, need.organisation_id)
    context = {
        "need_state": need.state,
        "reviewed": need,
        "view": view,
        "may": actions_for(request.user, need),
        "may_record_call": is_broker(request.user) and works_for(request.user, need.organisation_id),
        "shows_proposals": need.state in OPEN_STATES and is_mine_to_match,
    }
    return render(request, "needs/detail.html", context)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    needs = needs_of_my_organisation(user)
    counts = dict(needs.order_by().values_list("state").annotate(Count("id")))
    chosen = request.GET.get("state", "")
    if chosen in NeedState.values:
        needs = needs.filter(state=chosen)
    page = Paginator(needs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(need, next_step(need)) for need in page],
        "states": [(state.value, state.label, counts[state.value]) for state in NeedState if state.value in counts],
        "chosen": chosen if chosen in NeedState.values else "",
        "total": sum(counts.values()),
        "due_count": needs_due(user).count(),
        "may_post": can_post(user),
    }
    return render(request, "needs/mine.html", context)
