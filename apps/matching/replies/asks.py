"""One side of a pair is waited for: begun when the other says yes, ended by an answer or by what makes it idle.

Callers hold the pair's row, so that a pair waits once.
"""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.capabilities.models import CapabilityState
from apps.core import clock
from apps.core.working_days import add_working_days, reply_due_at, working_day_before, working_days_between
from apps.matching.models import Ask, AskAnswer, Proposal, ProposalState, Side
from apps.needs.models import OPEN_STATES


def ask_open(*, proposal: Proposal, side: Side) -> Ask:
    """From now on `side` is waited for, by the city's reply time."""
    now = clock.now()
    due_at = reply_due_at(now)
    asked = proposal.need if side == Side.NEED else proposal.capability
    return Ask.objects.create(
        proposal=proposal,
        side=side,
        organisation_id=asked.organisation_id,
        asked_at=now,
        due_at=due_at,
        remind_at=first_reminder(now, due_at),
    )


def ask_close(*, proposal: Proposal, answer: AskAnswer) -> None:
    """Whoever is waited for has answered, or need not any more. Nothing where nobody is waited for."""
    _close(Ask.objects.filter(proposal=proposal), answer)


def asks_drop(**pairs: Any) -> None:
    """The pairs' need or capability left the board: nobody can answer, so nobody is late. Yeses stand."""
    _close(Ask.objects.filter(**{f"proposal__{name}": value for name, value in pairs.items()}), AskAnswer.DROPPED)


def asks_reopen(**pairs: Any) -> None:
    """What a need or a capability that came back had left waiting waits again, with the full time."""
    waiting = Proposal.objects.filter(live(), state=ProposalState.INTERESTED, **pairs)
    silent = waiting.exclude(Exists(open_asks().filter(proposal=OuterRef("pk")).order_by()))
    for proposal in silent.select_for_update(no_key=True, of=("self",)).select_related("need", "capability"):
        ask_open(proposal=proposal, side=Side.CAPABILITY if proposal.need_accepted_at else Side.NEED)


def live() -> Q:
    """Pairs of which both rows are open: the others cannot be answered with a yes."""
    today = clock.today()
    return Q(
        need__state__in=OPEN_STATES,
        need__valid_until__gte=today,
        capability__state=CapabilityState.PUBLISHED,
        capability__valid_until__gte=today,
    )


def open_asks() -> QuerySet[Ask]:
    return Ask.objects.filter(answered_at__isnull=True)


def first_reminder(asked_at: datetime, due_at: datetime) -> datetime | None:
    """Half of the working days on; none where there is but one."""
    days = working_days_between(add_working_days(asked_at, 0), due_at)
    return add_working_days(asked_at, days // 2) if days > 1 else None


def next_reminder(ask: Ask) -> datetime | None:
    """The last one comes a working day before the time is over."""
    last = working_day_before(ask.due_at)
    is_ahead = ask.remind_at is not None and last > max(ask.remind_at, clock.now())
    return last if is_ahead else None


def _close(asks: QuerySet[Ask], answer: AskAnswer) -> None:
    asks.filter(answered_at__isnull=True).update(answered_at=clock.now(), answer=answer, remind_at=None)
