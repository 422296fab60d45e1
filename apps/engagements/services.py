"""Whatever changes an engagement or an outcome."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import NotAllowed, StateConflict
from apps.core.lifecycle import move
from apps.engagements.lifecycle import OUTCOME_LIFECYCLE
from apps.engagements.models import Engagement, Outcome, OutcomeState
from apps.engagements.permissions import can_confirm, can_correct, can_report, engagement_side
from apps.matching.models import Proposal
from apps.needs.models import NeedState
from apps.needs.services import need_engage, need_solve

NOT_ACHIEVED = "not_achieved"


@transaction.atomic
def engagement_open(*, proposal: Proposal, by: User) -> Engagement:
    """Both sides accepted: their case begins, and the need counts as engaged. Opening twice gives the same case."""
    engagement, created = Engagement.objects.get_or_create(proposal=proposal, defaults={"opened_at": clock.now()})
    if created:
        audit.record(engagement, "engagement.opened", by=by, changes={"proposal": proposal})
        if proposal.need.state == NeedState.PUBLISHED:
            need_engage(need=proposal.need, by=by)
    return engagement


@transaction.atomic
def outcome_report(*, engagement: Engagement, by: User, **fields: Any) -> Outcome:
    """One side tells what changed; it counts when the other side has confirmed it. `fields` are the columns."""
    can_report(by, engagement).require()
    side = engagement_side(by, engagement)
    if side is None:
        raise NotAllowed
    outcome = Outcome(engagement=engagement, reported_by=by, reported_side=side, reported_at=clock.now(), **fields)
    _check(outcome)
    outcome.save()
    audit.record(outcome, "outcome.reported", by=by, changes=_told(outcome))
    return outcome


@transaction.atomic
def outcome_correct(*, outcome: Outcome, by: User, **fields: Any) -> Outcome:
    """The side that reported it changes it; a rejected one waits for confirmation again."""
    outcome = _locked(outcome)
    can_correct(by, outcome).require()
    before = _told(outcome)
    for name, value in fields.items():
        setattr(outcome, name, value)
    _check(outcome)
    outcome.save()
    audit.record(outcome, "outcome.corrected", by=by, changes={"before": before, "after": _told(outcome)})
    if outcome.state == OutcomeState.REJECTED:
        _move(outcome, OutcomeState.REPORTED, "outcome.reported_again", by, rejection_reason="", decided_by=None)
    return outcome


@transaction.atomic
def outcome_confirm(*, outcome: Outcome, by: User) -> Outcome:
    """The other side, or an administrator, says it is so. A success solves the need."""
    outcome = _locked(outcome)
    can_confirm(by, outcome).require()
    _move(outcome, OutcomeState.CONFIRMED, "outcome.confirmed", by, confirmed_at=clock.now(), decided_by=by)
    need = outcome.engagement.proposal.need
    if outcome.outcome_type.code != NOT_ACHIEVED and need.state == NeedState.ENGAGED:
        need_solve(need=need, by=by)
    return outcome


@transaction.atomic
def outcome_reject(*, outcome: Outcome, by: User, reason: str) -> Outcome:
    """The other side, or an administrator, says it is not so, and why."""
    outcome = _locked(outcome)
    can_confirm(by, outcome).require()
    if not reason.strip():
        raise ValidationError({"reason": _("请说明驳回原因。")})
    _move(outcome, OutcomeState.REJECTED, "outcome.rejected", by, rejection_reason=reason.strip(), decided_by=by)
    return outcome


def _locked(outcome: Outcome) -> Outcome:
    rows = Outcome.objects.select_for_update(of=("self",))
    found = rows.select_related("engagement__proposal__need", "engagement__proposal__capability").filter(pk=outcome.pk)
    locked = found.first()
    if locked is None:
        raise StateConflict
    return locked


def _move(outcome: Outcome, target: OutcomeState, action: str, by: User, **fields: Any) -> None:
    move(outcome, target, lifecycle=OUTCOME_LIFECYCLE, action=action, by=by, **fields)


def _check(outcome: Outcome) -> None:
    outcome.full_clean()
    opened = timezone.localdate(outcome.engagement.opened_at)
    if not opened <= outcome.occurred_on <= clock.today():
        raise ValidationError({"occurred_on": _("发生日期应在对接之后、今天之前。")})


def _told(outcome: Outcome) -> dict[str, Any]:
    names = ("outcome_type", "description", "occurred_on", "new_sales_yuan", "cost_saved_yuan", "invested_yuan")
    return {name: str(getattr(outcome, name)) for name in names}
