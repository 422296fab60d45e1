"""One proposal, and the answers of both sides to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core import audit
from apps.core.errors import DomainError
from apps.matching.forms import DeclineForm
from apps.matching.models import Proposal, ProposalState
from apps.matching.permissions import side_of
from apps.matching.presentation import ProposalView
from apps.matching.selectors import proposal_in_full
from apps.matching.services import proposal_accept, proposal_decline, proposal_withdraw, proposals_mark_viewed
from apps.matching.views.fragments import person, signed_in, wants_fragment

type Act = Callable[[Proposal], Proposal]


@require_safe
@signed_in
@never_cache
def proposal(request: HttpRequest, public_id: str) -> HttpResponse:
    """The pair in full. Its own people's first look is noted."""
    found = _found(request, public_id)
    view = ProposalView(found, person(request))
    proposals_mark_viewed(proposals=[found], by=person(request))
    if view.contacts:
        audit.record_view(found, "contacts.seen", by=person(request), once_a_day=True)
    return _page(request, view, DeclineForm(proposal=found))


@require_POST
@signed_in
def accept(request: HttpRequest, public_id: str) -> HttpResponse:
    return _answer(request, public_id, lambda row: proposal_accept(proposal=row, by=person(request)))


@require_POST
@signed_in
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back a yes or a no."""
    return _answer(request, public_id, lambda row: proposal_withdraw(proposal=row, by=person(request)))


@require_http_methods(["GET", "POST"])
@signed_in
@never_cache
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form for the reason (a fragment of a card, or part of the proposal's page), and what it sends."""
    found = _found(request, public_id)
    form = DeclineForm(request.POST or None, proposal=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        return _answer(
            request,
            public_id,
            lambda row: proposal_decline(
                proposal=row, by=person(request), reason=given["reason"], note=given["note"].strip()
            ),
        )
    if wants_fragment(request):
        response = render(request, "matching/_decline_form.html", {"view": _card(request, found), "form": form})
        response["HX-Retarget"], response["HX-Reswap"] = f"#decline-{public_id}", "innerHTML"
        return response
    return _page(request, _card(request, found), form, is_declining=True)


def _found(request: HttpRequest, public_id: str) -> Proposal:
    return get_object_or_404(proposal_in_full(person(request)), public_id=public_id)


def _card(request: HttpRequest, row: Proposal) -> ProposalView:
    return ProposalView(row, person(request))


def _page(request: HttpRequest, view: ProposalView, form: DeclineForm, **context: Any) -> HttpResponse:
    return render(request, "matching/proposal.html", {"view": view, "form": form, **context})


def _answer(request: HttpRequest, public_id: str, act: Act) -> HttpResponse:
    """Carry an answer out: the changed card for htmx, otherwise back to the page. A refusal is a sentence there."""
    found = _found(request, public_id)
    problem = ""
    try:
        act(found)
    except DomainError as error:
        if side_of(person(request), found) is None:
            raise
        problem = str(error.message)
    if wants_fragment(request):
        card = _card(request, _found(request, public_id))
        return render(request, "matching/_card.html", {"view": card, "problem": problem, "was_answered": True})
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, _thanks(_found(request, public_id)))
    return redirect("matching:proposal", public_id)


def _thanks(row: Proposal) -> str:
    if row.state == ProposalState.ACCEPTED:
        return _("双方都已接受，联系方式已互相可见，可以开始对接了。")
    if row.state == ProposalState.DECLINED:
        return _("已婉拒。感谢说明原因，之后的推荐会更准。")
    return _("答复已记录。")
