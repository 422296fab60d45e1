"""What happens in pairs and cases, and moves the reply clock or the desk: all in the transaction of its change."""

from typing import Any

from django.db import models
from django.dispatch import receiver

from apps.accounts.models import User
from apps.core import clock
from apps.engagements.desk.lapses import case_leaves, waits_over
from apps.engagements.desk.referrals import referral_open
from apps.engagements.events import EVENTS
from apps.engagements.models import CLOSED_STATES, Asked, Engagement, Message, Outcome, Referral, ReferralKind, WaitKind
from apps.engagements.permissions import engagement_side
from apps.engagements.services.locking import locked_case
from apps.engagements.services.waits import OTHER, wait_begin, waits_end
from apps.matching.models import Proposal, Side
from apps.matching.signals import need_list_unanswered, need_without_reply, proposal_timed_out
from apps.needs.models import Need


@receiver(proposal_timed_out)
def refer_proposal(sender: object, *, proposal: Proposal, **_: Any) -> None:
    referral_open(kind=ReferralKind.PROPOSAL_TIMED_OUT, need=proposal.need, proposal=proposal)


@receiver(need_list_unanswered)
def refer_list(sender: object, *, need: Need, **_: Any) -> None:
    referral_open(kind=ReferralKind.LIST_UNANSWERED, need=need)


@receiver(need_without_reply)
def refer_need(sender: object, *, need: Need, **_: Any) -> None:
    referral_open(kind=ReferralKind.NEED_WITHOUT_REPLY, need=need, since=need.published_at)


def follow_clock(
    sender: object, *, event: str, engagement: Engagement, by: User | None, about: models.Model, **_: Any
) -> None:
    """Whatever a side does in a case answers the messages it got; outcomes and agreements ask for their own answer.

    The case is held first: the sweep takes it and its waits in that order too.
    """
    locked_case(engagement)
    own = engagement_side(by, engagement) if by is not None else None
    if own is not None:
        waits_over(waits_end(engagement=engagement, kind=WaitKind.MESSAGE, side=own))
    if isinstance(about, Message):
        _ask_for_answer(engagement, about, own)
    elif isinstance(about, Outcome):
        _follow_outcome(event, engagement, about)
    elif event == "engagement.opened" and engagement.awaits_agreement:
        for side in Side:
            wait_begin(engagement=engagement, kind=WaitKind.AGREEMENT, side=side)
    elif event in ("agreement.confirmed", "agreement.signed") and own is not None:
        waits_over(waits_end(engagement=engagement, kind=WaitKind.AGREEMENT, side=own))
    elif event == "engagement.ended":
        waits_end(engagement=engagement, kind__in=(WaitKind.MESSAGE, WaitKind.AGREEMENT))


def follow_broker(sender: object, *, event: str, engagement: Engagement, **_: Any) -> None:
    """What lies on the desk of a case goes with its broker; a case that is over leaves the desk."""
    if event in ("engagement.opened", "engagement.broker_assigned") and engagement.state not in CLOSED_STATES:
        refer_case(engagement)
    if event == "engagement.broker_assigned":
        taken_at = clock.now() if engagement.broker else None
        rows = Referral.objects.open().filter(engagement=engagement)
        rows.exclude(taken_by=engagement.broker).update(taken_by=engagement.broker, taken_at=taken_at)
    elif engagement.state in CLOSED_STATES:
        case_leaves(engagement)


def refer_case(engagement: Engagement) -> Referral:
    pair = engagement.proposal
    return referral_open(
        kind=ReferralKind.CASE, need=pair.need, proposal=pair, engagement=engagement, since=engagement.opened_at
    )


def _ask_for_answer(engagement: Engagement, message: Message, own: Side | None) -> None:
    """A side's message waits for the other; a broker's for whom it asks."""
    sides = [OTHER[own]] if own is not None else Asked(message.asked or Asked.NOBODY).sides
    for side in sides:
        wait_begin(engagement=engagement, kind=WaitKind.MESSAGE, side=side, by_broker=own is None)


def _follow_outcome(event: str, engagement: Engagement, outcome: Outcome) -> None:
    if event in ("outcome.reported", "outcome.reported_again"):
        side = OTHER[Side(outcome.reported_side)]
        wait_begin(engagement=engagement, kind=WaitKind.OUTCOME, side=side, outcome=outcome)
    elif event in ("outcome.confirmed", "outcome.rejected"):
        waits_over(waits_end(outcome=outcome))


for _signal in EVENTS.values():
    _signal.connect(follow_clock)
    _signal.connect(follow_broker)
