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
from apps.matching.models import GONE, AskAnswer, Bid, Priority, Proposal, ProposalState, Side, WaitKind
from apps.matching.permissions import accepted_by_side, can_accept, can_decline, can_rematch, can_withdraw, side_of
from apps.matching.replies.asks import ask_close, ask_open
from apps.matching.replies.pairs import list_anew, pair_locked
from apps.matching.replies.waits import wait_end
from apps.matching.requests import request_for_capability, request_for_needs
from apps.matching.signals import proposal_accepted
from apps.needs.models import Need
from apps.needs.services import need_reply_record
from apps.taxonomy.models import Term

VIEWED_AT = {Side.NEED: "need_viewed_at", Side.CAPABILITY: "capability_viewed_at"}


def _side(by: User, proposal: Proposal) -> Side:
    side = side_of(by, proposal)
    if side is None:
        raise StateConflict
    return side


def _move(proposal: Proposal, target: ProposalState, action: str, by: User, **fields: Any) -> None:
    move(proposal, target, lifecycle=PROPOSAL_LIFECYCLE, action=action, by=by, **fields)


def proposals_mark_viewed(*, proposals: list[Proposal], by: User) -> None:
    """A person of one side was shown these proposals. The first time is kept, per side; of the need's side the place.

    What stands high is read more often: whoever learns from the answers has to know where each pair stood.
    """
    fresh: dict[Side, list[Proposal]] = {}
    for proposal in proposals:
        side = side_of(by, proposal)
        if side and getattr(proposal, VIEWED_AT[side]) is None:
            fresh.setdefault(side, []).append(proposal)
    if fresh:  # most lists were seen before, and need no transaction
        _keep_first_views(fresh, by)


@transaction.atomic
def _keep_first_views(views: dict[Side, list[Proposal]], by: User) -> None:
    # held as by the matches, which write one row of a list after the other
    needs = {proposal.need_id for fresh in views.values() for proposal in fresh}
    list(Need.objects.select_for_update(no_key=True).filter(pk__in=needs).order_by("pk").values_list("pk"))
    for side, fresh in views.items():
        column = VIEWED_AT[side]
        rows = Proposal.objects.filter(pk__in=[p.pk for p in fresh])
        place = {"need_viewed_rank": F("rank")} if side == Side.NEED else {}
        rows.filter(**{f"{column}__isnull": True}).update(**{column: clock.now()}, **place, updated_at=clock.now())
        rows.filter(state=ProposalState.PROPOSED).update(state=ProposalState.VIEWED)
        audit.record_all(fresh, "proposal.viewed", by=by, changes={"side": side})


@transaction.atomic
def proposal_accept(*, proposal: Proposal, by: User) -> Proposal:
    """One side says yes; when the other has said so before, both are told and `proposal_accepted` is sent.

    Else the other is waited for. A yes after the time counts as any other. Saying yes twice changes nothing. Raises
    NotAllowed, or StateConflict where the pair was declined meanwhile.
    """
    proposal = pair_locked(proposal)
    can_accept(by, proposal).require()
    side = _side(by, proposal)
    if accepted_by_side(proposal, side):
        return proposal
    now = clock.now()
    fields: dict[str, Any] = {f"{side}_accepted_at": now, f"{side}_accepted_by": by}
    _note_reply(proposal, side)
    if accepted_by_side(proposal, side.other):
        ask_close(proposal=proposal, answer=AskAnswer.ACCEPTED)
        _move(proposal, ProposalState.ACCEPTED, "proposal.accepted", by, accepted_at=now, **fields)
        proposal_accepted.send(Proposal, proposal=proposal, by=by)
        notices.tell_of_acceptance(proposal, by=by)
    else:
        _move(proposal, ProposalState.INTERESTED, "proposal.interested", by, **fields)
        ask = ask_open(proposal=proposal, side=side.other)
        notices.tell_of_interest(proposal, side=side, by=by, due_at=ask.due_at)
    return proposal


@transaction.atomic
def proposal_decline(*, proposal: Proposal, by: User, reason: Term, note: str = "") -> Proposal:
    """One side says no, with a reason of the list. The pair does not come back unless that side takes it back.

    The need is matched again: the next one takes the place, and the reason moves others (`learning.decline_effects`).
    """
    proposal = pair_locked(proposal)
    can_decline(by, proposal).require()
    if proposal.state == ProposalState.DECLINED:
        return proposal
    side = _side(by, proposal)
    is_asked = accepted_by_side(proposal, side.other)
    ask_close(proposal=proposal, answer=AskAnswer.DECLINED if is_asked else AskAnswer.TAKEN_BACK)
    _note_reply(proposal, side)
    _take_bid_back(proposal, side)
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
    list_anew(proposal.need)
    return proposal


@transaction.atomic
def proposal_withdraw(*, proposal: Proposal, by: User) -> Proposal:
    """Take back one's own answer, yes or no, while it has not opened an engagement.

    Without a no, the side that said it is waited for again, where the other's yes stands.
    """
    proposal = pair_locked(proposal)
    can_withdraw(by, proposal).require()
    side = _side(by, proposal)
    is_asked = accepted_by_side(proposal, side.other)
    fields: dict[str, Any] = {f"{side}_accepted_at": None, f"{side}_accepted_by": None}
    if proposal.state in GONE:
        list_anew(proposal.need)
    if proposal.state == ProposalState.DECLINED:
        fields |= {"declined_at": None, "declined_by": None, "declined_side": ""}
        fields |= {"decline_reason": None, "decline_note": ""}
    ask_close(proposal=proposal, answer=AskAnswer.TAKEN_BACK)
    _take_bid_back(proposal, side)
    target = ProposalState.INTERESTED if is_asked else ProposalState.VIEWED
    _move(proposal, target, "proposal.answer_withdrawn", by, **fields)
    if is_asked and proposal.need.is_open and proposal.capability.is_open:
        ask_open(proposal=proposal, side=side)
    return proposal


def _take_bid_back(proposal: Proposal, side: Side) -> None:
    """A bid is the supply side's yes: without that it is none."""
    if side == Side.CAPABILITY:
        Bid.objects.filter(proposal=proposal, withdrawn_at__isnull=True).update(withdrawn_at=clock.now())


def _note_reply(proposal: Proposal, side: Side) -> None:
    """What an answer means for the need: the supply side's is a reply to it, its own side has looked at its list."""
    if side == Side.CAPABILITY:
        need_reply_record(need=proposal.need, at=clock.now())
    wait_end(need_id=proposal.need_id, kind=WaitKind.LIST if side == Side.NEED else WaitKind.REPLY)


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
