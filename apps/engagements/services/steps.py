"""The steps of a case: moved on, planned, given to a broker, ended."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Membership, User
from apps.core import clock
from apps.core.errors import DomainError, StateConflict
from apps.core.lifecycle import move
from apps.engagements import events, history
from apps.engagements.lifecycle import ENGAGEMENT_LIFECYCLE, NEXT_STEP, STEP_BEFORE
from apps.engagements.models import EndReason, Engagement, EngagementState
from apps.engagements.permissions import can_assign_broker, can_end, can_work
from apps.engagements.services.locking import locked_case, locked_case_and_need, require_unchanged
from apps.needs.services import need_disengage


@dataclass(frozen=True, slots=True)
class Plan:
    """Who does what by when."""

    owner: User | None = None
    next_action: str = ""
    due_on: date | None = None


@transaction.atomic
def engagement_advance(*, engagement: Engagement, by: User, plan: Plan | None = None, seen: str = "") -> Engagement:
    """Move the case to its next step, with that step's plan; without one the owner stays and the rest is empty.

    `seen` is the `Engagement.revision` the person had before them. StateConflict, NotAllowed, ValidationError.
    """
    plan = plan or Plan(engagement.owner)
    _hold_membership(plan.owner)
    engagement = locked_case(engagement)
    can_work(by, engagement).require()
    require_unchanged(engagement, seen)
    target = NEXT_STEP.get(EngagementState(engagement.state))
    if target is None:
        raise StateConflict(_("这项对接已经走到最后一步。"))
    if target == EngagementState.CONTRACTED:
        raise DomainError(_("进入“签约”前请先登记技术合同；登记后会自动进入这一步。"))
    _move(engagement, target, "engagement.advanced", by, **_step(engagement, plan))
    return engagement


@transaction.atomic
def engagement_step_back(*, engagement: Engagement, by: User, seen: str = "") -> Engagement:
    """Undo a move made by mistake. A signed contract is not undone."""
    engagement = locked_case(engagement)
    can_work(by, engagement).require()
    require_unchanged(engagement, seen)
    target = STEP_BEFORE.get(EngagementState(engagement.state))
    if target is None:
        raise StateConflict(_("这一步不能退回。"))
    _move(engagement, target, "engagement.stepped_back", by, state_since=clock.now())
    return engagement


@transaction.atomic
def engagement_plan(*, engagement: Engagement, by: User, plan: Plan, seen: str = "") -> Engagement:
    """Say who does what by when in the present step. ValidationError by field ("owner", "next_action", "due_on")."""
    _hold_membership(plan.owner)
    engagement = locked_case(engagement)
    can_work(by, engagement).require()
    require_unchanged(engagement, seen)
    fields = _step(engagement, plan) | {"state_since": engagement.state_since}
    before = {name: getattr(engagement, name) for name in fields}
    if before == fields:
        return engagement
    for name, value in fields.items():
        setattr(engagement, name, value)
    engagement.full_clean()
    engagement.save(update_fields=[*fields, "updated_at"])
    changes = {name: [str(before[name] or ""), str(value or "")] for name, value in fields.items()}
    history.record(engagement, "engagement.planned", by=by, changes=changes | _told(plan))
    return engagement


@transaction.atomic
def engagement_assign_broker(*, engagement: Engagement, broker: User | None, by: User) -> Engagement:
    """A broker takes a case that nobody has, or gives up their own; administrators assign and take away anybody."""
    engagement = locked_case(engagement)
    can_assign_broker(by, engagement, broker).require()
    case_give(engagement=engagement, broker=broker, by=by)
    return engagement


def case_give(*, engagement: Engagement, broker: User | None, by: User) -> None:
    """Make somebody the case's broker, or nobody. Callers hold the case and know that `by` may. ValidationError."""
    if broker is not None and not broker.is_broker:
        raise ValidationError({"broker": _("请选择一位技术经纪人。")})
    if engagement.broker != broker:
        fields: dict[str, Any] = {"broker": broker}
        if broker is None and engagement.owner == engagement.broker:
            fields["owner"] = None
        for name, value in fields.items():
            setattr(engagement, name, value)
        engagement.save(update_fields=[*fields, "updated_at"])
        name = broker.name if broker else ""
        history.record(engagement, "engagement.broker_assigned", by=by, changes={"broker": name})


@transaction.atomic
def engagement_end(*, engagement: Engagement, by: User, reason: str, note: str = "", seen: str = "") -> Engagement:
    """Give the case up, and say why; the need goes back to the board unless another of its cases runs.

    `reason` is an `EndReason`; `note` (at most 500 signs) is required for "other". ValidationError by field.
    """
    engagement = locked_case_and_need(engagement)
    can_end(by, engagement).require()
    require_unchanged(engagement, seen)
    fields = {"end_reason": reason, "end_note": note.strip(), "ended_at": clock.now(), "ended_by": by, "due_on": None}
    _check_end(fields)
    _move(engagement, EngagementState.ENDED, "engagement.ended", by, state_since=clock.now(), **fields)
    _give_back(engagement, by)
    return engagement


def owner_leave(*, user: User) -> None:
    """They act for their organisation no more: the steps they owned wait for a new owner."""
    for engagement in Engagement.objects.select_for_update(no_key=True).filter(owner=user).exclude(broker=user):
        engagement.owner = None
        engagement.save(update_fields=["owner", "updated_at"])
        history.record(engagement, "engagement.owner_left", by=None, changes={"owner": user.name})


def _step(engagement: Engagement, plan: Plan) -> dict[str, Any]:
    """The columns of a step. ValidationError unless its owner may act in the case at this moment."""
    if plan.owner is not None and plan.owner != engagement.broker:
        _require_member(engagement, plan.owner)
    if plan.due_on is not None and plan.due_on < clock.today() and plan.due_on != engagement.due_on:
        raise ValidationError({"due_on": _("截止日期不能早于今天。")})
    checked = Engagement(next_action=plan.next_action.strip())
    try:
        checked.clean_fields(exclude=[f.name for f in Engagement._meta.fields if f.name != "next_action"])
    except ValidationError as error:
        raise ValidationError({"next_action": error.messages}) from error
    return {
        "owner": plan.owner,
        "next_action": checked.next_action,
        "due_on": plan.due_on,
        "state_since": clock.now(),
    }


def _hold_membership(owner: User | None) -> None:
    """Whoever becomes owner at this moment cannot leave unseen. Held before the case: leaving holds them so too."""
    if owner is not None:
        Membership.objects.select_for_update(no_key=True).filter(user=owner).first()


def _require_member(engagement: Engagement, owner: User) -> None:
    proposal = engagement.proposal
    sides = (proposal.need.organisation_id, proposal.capability.organisation_id)
    if not Membership.objects.filter(user=owner, organisation__in=sides, user__is_active=True).exists():
        raise ValidationError({"owner": _("负责人应是对接双方的成员，或本对接的技术经纪人。")})


def _check_end(fields: dict[str, Any]) -> None:
    if fields["end_reason"] not in EndReason.values:
        raise ValidationError({"end_reason": _("请选择终止原因，对后来者有用。")})
    if fields["end_reason"] == EndReason.OTHER and not fields["end_note"]:
        raise ValidationError({"end_note": _("选择“其他原因”时请补充说明。")})
    checked = Engagement(end_note=fields["end_note"])
    try:
        checked.clean_fields(exclude=[f.name for f in Engagement._meta.fields if f.name != "end_note"])
    except ValidationError as error:
        raise ValidationError({"end_note": error.messages}) from error


def _give_back(engagement: Engagement, by: User) -> None:
    need = engagement.proposal.need
    if not Engagement.objects.running().filter(proposal__need=need).exists():
        need_disengage(need=need, by=by)


def _told(plan: Plan) -> dict[str, Any]:
    """What the history says of a plan."""
    parts = [plan.next_action, plan.owner.name if plan.owner else "", plan.due_on.isoformat() if plan.due_on else ""]
    return {"what": " · ".join(part for part in parts if part) or "—"}


def _move(engagement: Engagement, target: EngagementState, event: str, by: User, **fields: Any) -> None:
    move(engagement, target, lifecycle=ENGAGEMENT_LIFECYCLE, action=event, by=by, **fields)
    events.tell(event, engagement=engagement, by=by)
