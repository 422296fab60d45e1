"""Answers to proposals, and matches asked for by a person."""

from typing import Any

from django.db import transaction
from django.db.models import F

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.core import audit, clock
from apps.core.errors import StateConflict
from apps.core.lifecycle import move
from apps.matching import notices
from apps.matching.lifecycle import PROPOSAL_LIFECYCLE
from apps.matching.models import Priority, Proposal, ProposalState, Side
from apps.matching.permissions import accepted_by_side, can_accept, can_decline, can_rematch, can_withdraw, side_of
from apps.matching.requests import request_for_capability, request_for_needs
from apps.matching.signals import proposal_accepted
from apps.needs.models import Need
from apps.taxonomy.models import Term


def _locked(proposal: Proposal) -> Proposal:
    """The row as it is now, held until the transaction ends: the second of two answers sees the first."""
    return Proposal.objects.select_for_update(of=("self",)).select_related("need", "capability").get(pk=proposal.pk)


def _side(by: User, proposal: Proposal) -> Side:
    side = side_of(by, proposal)
    if side is None:
        raise StateConflict
    return side


def _move(proposal: Proposal, target: ProposalState, action: str, by: User, **fields: Any) -> None:
    move(proposal, target, lifecycle=PROPOSAL_LIFECYCLE, action=action, by=by, **fields)


@transaction.atomic
def proposals_mark_viewed(*, proposals: list[Proposal], by: User) -> None:
    """A person of one side was shown these proposals. The first time is kept, per side; of the need's side the place.

    What stands high is read more often: whoever learns from the answers has to know where each pair stood.
    """
    for side, column in ((Side.NEED, "need_viewed_at"), (Side.CAPABILITY, "capability_viewed_at")):
        fresh = [p for p in proposals if side_of(by, p) == side and getattr(p, column) is None]
        if not fresh:
            continue
        rows = Proposal.objects.filter(pk__in=[p.pk for p in fresh])
        place = {"need_viewed_rank": F("rank")} if side == Side.NEED else {}
        rows.filter(**{f"{column}__isnull": True}).update(**{column: clock.now()}, **place)
        rows.filter(state=ProposalState.PROPOSED).update(state=ProposalState.VIEWED)
        audit.record_all(fresh, "proposal.viewed", by=by, changes={"side": side})


@transaction.atomic
def proposal_accept(*, proposal: Proposal, by: User) -> Proposal:
    """One side says yes; when the other has said so before, both are told and `proposal_accepted` is sent.

    Saying yes twice changes nothing. Raises NotAllowed, or StateConflict where the pair was declined meanwhile.
    """
    proposal = _locked(proposal)
    can_accept(by, proposal).require()
    side = _side(by, proposal)
    if accepted_by_side(proposal, side):
        return proposal
    now = clock.now()
    fields: dict[str, Any] = {f"{side}_accepted_at": now, f"{side}_accepted_by": by}
    if proposal.state == ProposalState.INTERESTED:
        _move(proposal, ProposalState.ACCEPTED, "proposal.accepted", by, accepted_at=now, **fields)
        proposal_accepted.send(Proposal, proposal=proposal, by=by)
        notices.tell_of_acceptance(proposal, by=by)
    else:
        _move(proposal, ProposalState.INTERESTED, "proposal.interested", by, **fields)
        notices.tell_of_interest(proposal, side=side, by=by)
    return proposal


@transaction.atomic
def proposal_decline(*, proposal: Proposal, by: User, reason: Term, note: str = "") -> Proposal:
    """One side says no, with a reason of the list. The pair does not come back unless that side takes it back.

    The need is matched again: the next one takes the place, and the reason moves others (`learning.decline_effects`).
    """
    proposal = _locked(proposal)
    can_decline(by, proposal).require()
    if proposal.state == ProposalState.DECLINED:
        return proposal
    side = _side(by, proposal)
    _move(
        proposal,
        ProposalState.DECLINED,
        "proposal.declined",
        by,
        declined_at=clock.now(),
        declined_by=by,
        declined_side=side,
        decline_reason=reason,
        decline_note=note,
    )
    notices.tell_of_refusal(proposal, side=side, by=by)
    _list_anew(proposal.need)
    return proposal


@transaction.atomic
def proposal_withdraw(*, proposal: Proposal, by: User) -> Proposal:
    """Take back one's own answer, yes or no, while it has not opened an engagement."""
    proposal = _locked(proposal)
    can_withdraw(by, proposal).require()
    side = _side(by, proposal)
    other = Side.CAPABILITY if side == Side.NEED else Side.NEED
    fields: dict[str, Any] = {f"{side}_accepted_at": None, f"{side}_accepted_by": None}
    if proposal.state == ProposalState.DECLINED:
        _list_anew(proposal.need)
        fields |= {"declined_at": None, "declined_by": None, "declined_side": ""}
        fields |= {"decline_reason": None, "decline_note": ""}
    target = ProposalState.INTERESTED if accepted_by_side(proposal, other) else ProposalState.VIEWED
    _move(proposal, target, "proposal.answer_withdrawn", by, **fields)
    return proposal


def _list_anew(need: Need) -> None:
    """Not urgent: whoever answers a list card by card should not see it move under their hands."""
    if need.is_open:
        request_for_needs([need], priority=Priority.BULK)


@transaction.atomic
def need_rematch(*, need: Need, by: User) -> None:
    """Ask for the need to be matched again; where that waits already, nothing changes."""
    can_rematch(by, need).require()
    request_for_needs([need], priority=Priority.INTERACTIVE)
    audit.record(need, "need.match_requested", by=by)


@transaction.atomic
def capability_rematch(*, capability: Capability, by: User) -> None:
    """Ask for the capability to be matched again; where that waits already, nothing changes."""
    can_rematch(by, capability).require()
    request_for_capability(capability)
    audit.record(capability, "capability.match_requested", by=by)
