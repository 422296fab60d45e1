"""What the clockwork does for waiting pairs and needs: reminders, and what follows when the time is over.

Safe to run twice and at once: each row is claimed before anybody is told.
"""

import logging

from django.db import transaction

from apps.core import clock
from apps.core.lifecycle import move
from apps.core.rounds import deal_with_each
from apps.matching import notices, signals
from apps.matching.lifecycle import PROPOSAL_LIFECYCLE
from apps.matching.models import Ask, AskAnswer, NeedWait, Proposal, ProposalState, WaitKind, WaitResult
from apps.matching.replies.asks import ask_close, next_reminder, open_asks
from apps.matching.replies.pairs import list_anew, pair_locked
from apps.matching.replies.waits import end, open_waits

logger = logging.getLogger(__name__)


def remind(most: int) -> int:
    """Remind whoever is waited for; how many, at most `most` pairs and as many needs."""
    now = clock.now()
    asks = open_asks().filter(remind_at__lte=now, due_at__gt=now).order_by("remind_at")
    waits = open_waits().filter(remind_at__lte=now, due_at__gt=now).order_by("remind_at")
    told = deal_with_each(asks.select_related("proposal")[:most], _remind_of_ask)
    return told + deal_with_each(waits.select_related("need")[:most], _remind_of_list)


def time_out(most: int) -> int:
    """End the waiting whose time is over; how many, at most `most` pairs and as many needs."""
    now = clock.now()
    asks = open_asks().filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:most]
    waits = open_waits().filter(due_at__lte=now).order_by("due_at")[:most]
    return deal_with_each(list(asks), ask_time_out) + deal_with_each(waits, _hand_over)


@transaction.atomic
def ask_time_out(pk: int) -> bool:
    """The pair is timed out, its need listed anew, both sides told. False where it was answered at this moment."""
    known = Ask.objects.filter(pk=pk).select_related("proposal").first()
    if known is None:
        return False
    proposal = pair_locked(known.proposal)
    ask = open_asks().filter(pk=pk, due_at__lte=clock.now()).first()
    if ask is None:
        return False
    is_live = proposal.need.is_open and proposal.capability.is_open and proposal.state == ProposalState.INTERESTED
    ask_close(proposal=proposal, answer=AskAnswer.TIMED_OUT if is_live else AskAnswer.DROPPED)
    if is_live:
        _run_out(proposal, ask)
    return is_live


def _run_out(proposal: Proposal, ask: Ask) -> None:
    lifecycle, action = PROPOSAL_LIFECYCLE, "proposal.timed_out"
    move(proposal, ProposalState.TIMED_OUT, lifecycle=lifecycle, action=action, by=None, rank=None)
    notices.tell_of_time_out(proposal, ask)
    list_anew(proposal.need)
    signals.proposal_timed_out.send(Proposal, proposal=proposal, ask=ask)


@transaction.atomic
def _remind_of_ask(ask: Ask) -> bool:
    mine = Ask.objects.filter(pk=ask.pk, remind_at=ask.remind_at, answered_at__isnull=True)
    if not mine.update(remind_at=next_reminder(ask), reminded_at=clock.now()):
        return False
    notices.remind_of_ask(ask)
    return True


@transaction.atomic
def _remind_of_list(wait: NeedWait) -> bool:
    mine = open_waits().filter(pk=wait.pk, remind_at=wait.remind_at)
    if not mine.update(remind_at=None, reminded_at=clock.now()):
        return False
    notices.remind_of_list(wait)
    return True


@transaction.atomic
def _hand_over(wait: NeedWait) -> bool:
    """To the brokers, unless the need was answered, or left the board, without anybody saying so here."""
    need = type(wait.need).objects.select_for_update(no_key=True).get(pk=wait.need_id)
    result = WaitResult.HANDED_OVER
    if not need.is_open:
        result = WaitResult.DROPPED
    elif wait.kind == WaitKind.REPLY and need.first_replied_at is not None:
        result = WaitResult.ANSWERED
    if not end(NeedWait.objects.filter(pk=wait.pk), result) or result != WaitResult.HANDED_OVER:
        return False
    kind = signals.need_list_unanswered if wait.kind == WaitKind.LIST else signals.need_without_reply
    kind.send(type(need), need=need, wait=wait)
    return True
