"""Lists of proposals: of a need, of a capability, of everything that waits for a person's side."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.disclosure import Disclosure
from apps.accounts.selectors import organisation_of
from apps.capabilities.models import Capability
from apps.core.paging import RowsByKey
from apps.matching import selectors
from apps.matching.advice import advice_for
from apps.matching.exposure import exposure_of
from apps.matching.forms import FittingFilter
from apps.matching.models import MatchRequest, Proposal, RequestState
from apps.matching.permissions import can_rematch, may_see_proposals_of
from apps.matching.presentation import views_of
from apps.matching.progress import progress_of
from apps.matching.services import capability_rematch, need_rematch, proposals_mark_viewed
from apps.matching.similar import best_of_similar_needs, similar_of_capabilities, similar_of_needs
from apps.matching.views.fragments import person, signed_in, wants_fragment
from apps.needs.models import Need

PER_PAGE = 10  # a card is half a screen: more than ten nobody reads at a go


@require_safe
@signed_in
@never_cache
def need_proposals(request: HttpRequest, public_id: str) -> HttpResponse:
    """The proposals for a need, or how far the match has come; a fragment of the need's page, or a page by itself."""
    need = need_or_404(request, public_id)
    latest = selectors.latest_request(need=need)
    if poll := _polled(request, latest):
        return poll
    page = _page(request, selectors.proposals_of_need(need, request.user))
    similar = similar_of_needs(page, request.user)
    context = {
        "need": need,
        "page": page,
        "views": views_of(page, request.user, first_place=page.start_index(), similar=similar),
        "gone": views_of(selectors.gone_of_need(need, request.user)[:PER_PAGE], request.user),
        "advice": [] if page else advice_for(need),
        "corpus_is_empty": not page and not Capability.objects.open().exists(),
        **_state_of_match(request, need, latest),
    }
    return _shown(request, "need_proposals", context, page)


@require_safe
@signed_in
@never_cache
def capability_needs(request: HttpRequest, public_id: str) -> HttpResponse:
    """The needs that a capability fits; a fragment of the capability's page, or a page by itself."""
    capability = _capability(request, public_id)
    latest = selectors.latest_request(capability=capability)
    if poll := _polled(request, latest):
        return poll
    fitting = selectors.proposals_of_capability(capability, request.user)
    page = _page(request, best_of_similar_needs(fitting))
    similar = similar_of_capabilities(page, fitting)
    context = {
        "capability": capability,
        "is_for_brokers": capability.disclosure == Disclosure.BROKERS,
        "page": page,
        "views": views_of(page, request.user, first_place=page.start_index(), similar=similar),
        **_state_of_match(request, capability, latest),
    }
    return _shown(request, "capability_needs", context, page)


@require_POST
@signed_in
def rematch_need(request: HttpRequest, public_id: str) -> HttpResponse:
    need_rematch(need=need_or_404(request, public_id), by=person(request))
    return redirect("matching:need_proposals", public_id)


@require_POST
@signed_in
def rematch_capability(request: HttpRequest, public_id: str) -> HttpResponse:
    capability_rematch(capability=_capability(request, public_id), by=person(request))
    return redirect("matching:capability_needs", public_id)


@require_safe
@signed_in
@never_cache
def needs_for_me(request: HttpRequest) -> HttpResponse:
    """The open needs that the organisation's capabilities fit, each once, best first."""
    organisation = organisation_of(person(request))
    form = FittingFilter(request.GET, organisation=organisation)
    fitting = selectors.needs_that_fit(request.user).filter(**form.conditions())
    page = _page(request, selectors.best_of_each_need(best_of_similar_needs(fitting, of_any_capability=True)))
    others = selectors.others_of_needs(fitting, list(page))
    similar = similar_of_capabilities(page, fitting, of_any_capability=True)
    views = views_of(page, request.user, similar=similar)
    proposals_mark_viewed(proposals=list(page), by=person(request))
    exposure = exposure_of(organisation) if organisation else None
    context = {
        "form": form,
        "page": page,
        "rows": [(view, others.get(row.need_id, [])) for view, row in zip(views, page, strict=True)],
        "exposure": exposure,
        "has_capabilities": exposure is not None and exposure.capabilities > 0,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "matching/needs_for_me.html", context)


@require_safe
@signed_in
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for an answer of the person's side; and for enterprises how each need is doing."""
    page = _page(request, selectors.waiting_for(request.user))
    late = list(selectors.late_for(request.user)[:PER_PAGE])
    context = {
        "page": page,
        "views": views_of(page, request.user),
        "late": views_of(late, request.user),
        "needs": selectors.open_needs_with_counts(request.user),
    }
    proposals_mark_viewed(proposals=list(page), by=person(request))
    return render(request, "matching/inbox.html", context)


def need_or_404(request: HttpRequest, public_id: str) -> Need:
    """The need, for those whose business its whole list is."""
    needs = Need.objects.visible_to(request.user).select_related("organisation")
    need = get_object_or_404(needs, public_id=public_id)
    if not may_see_proposals_of(request.user, need.organisation_id):
        raise Http404
    return need


def _capability(request: HttpRequest, public_id: str) -> Capability:
    capabilities = Capability.objects.visible_to(request.user).select_related("organisation")
    capability = get_object_or_404(capabilities, public_id=public_id)
    if not may_see_proposals_of(request.user, capability.organisation_id):
        raise Http404
    return capability


def _page(request: HttpRequest, proposals: QuerySet[Proposal]) -> Page[Proposal]:
    rows: Any = RowsByKey(proposals, selectors.rows_of)
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def _polled(request: HttpRequest, latest: MatchRequest | None) -> HttpResponse | None:
    """The answer to a page that waits: nothing new, the next stage, or None: it is done, the list is shown."""
    seen = request.GET.get("seen")
    progress = progress_of(latest)
    if seen is None or progress is None:
        return None
    if progress.seen == seen:
        return HttpResponse(status=204)
    return render(request, "matching/_progress.html", {"progress": progress, "poll_url": request.path})


def _state_of_match(request: HttpRequest, row: Need | Capability, latest: MatchRequest | None) -> dict[str, Any]:
    return {
        "progress": progress_of(latest),
        "poll_url": request.path,
        "has_failed": latest is not None and latest.state == RequestState.FAILED,
        "was_asked": latest is not None,
        "finished_at": latest.finished_at if latest else None,
        "may_rematch": can_rematch(person(request), row),
    }


def _shown(request: HttpRequest, name: str, context: dict[str, Any], page: Page[Proposal]) -> HttpResponse:
    """The list as fragment or page; whoever of its side sees it for the first time has seen it now."""
    proposals_mark_viewed(proposals=list(page), by=person(request))
    is_fragment = wants_fragment(request)
    response = render(request, f"matching/{'_' if is_fragment else ''}{name}.html", context)
    if "seen" in request.GET:
        response["HX-Retarget"], response["HX-Reswap"] = f"#{name.replace('_', '-')}", "outerHTML"
    return response
