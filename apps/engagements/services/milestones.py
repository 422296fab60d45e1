"""Milestones of a contract: set, dropped, accepted by each side."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import NotAllowed, StateConflict
from apps.engagements import history
from apps.engagements.models import Contract, Milestone
from apps.engagements.permissions import can_accept_milestone, can_keep_contract, engagement_side
from apps.engagements.services.locking import locked_contract


@transaction.atomic
def milestone_set(*, contract: Contract, by: User, title: str, due_on: date) -> Milestone:
    """ValidationError by field."""
    contract = locked_contract(contract)
    can_keep_contract(by, contract.engagement).require()
    milestone = Milestone(contract=contract, title=title.strip(), due_on=due_on)
    milestone.full_clean()
    milestone.save()
    _record(milestone, "milestone.set", by)
    return milestone


@transaction.atomic
def milestone_drop(*, milestone: Milestone, by: User) -> None:
    """Take it out of the plan, as long as no side has accepted it."""
    milestone = _fresh(milestone)
    can_keep_contract(by, milestone.contract.engagement).require()
    if milestone.need_accepted_at or milestone.capability_accepted_at:
        raise StateConflict(_("已有一方验收，不能删除。"))
    _record(milestone, "milestone.dropped", by)
    milestone.delete()


@transaction.atomic
def milestone_accept(*, milestone: Milestone, by: User) -> Milestone:
    """One side accepts it; accepting twice changes nothing. With the second side it counts as reached."""
    milestone = _fresh(milestone)
    can_accept_milestone(by, milestone.contract.engagement).require()
    side = _side(milestone, by)
    if getattr(milestone, f"{side}_accepted_at") is None:
        _write(milestone, side, at=clock.now(), by=by)
        event = "milestone.reached" if milestone.accepted_at else "milestone.accepted"
        _record(milestone, event, by)
    return milestone


@transaction.atomic
def milestone_withdraw(*, milestone: Milestone, by: User) -> Milestone:
    """One side takes its acceptance back, as long as the other has not accepted too."""
    milestone = _fresh(milestone)
    can_accept_milestone(by, milestone.contract.engagement).require()
    side = _side(milestone, by)
    if milestone.accepted_at is not None or getattr(milestone, f"{side}_accepted_at") is None:
        raise StateConflict(_("双方都已验收，或您这一方还没有验收。"))
    _write(milestone, side, at=None, by=None)
    _record(milestone, "milestone.withdrawn", by)
    return milestone


def _fresh(milestone: Milestone) -> Milestone:
    contract = locked_contract(milestone.contract)
    fresh = Milestone.objects.filter(pk=milestone.pk).first()
    if fresh is None:
        raise StateConflict
    fresh.contract = contract
    return fresh


def _side(milestone: Milestone, by: User) -> str:
    side = engagement_side(by, milestone.contract.engagement)
    if side is None:
        raise NotAllowed
    return side.value


def _write(milestone: Milestone, side: str, **values: Any) -> None:
    fields = {f"{side}_accepted_{name}": value for name, value in values.items()}
    for name, value in fields.items():
        setattr(milestone, name, value)
    milestone.save(update_fields=[*fields, "updated_at"])


def _record(milestone: Milestone, event: str, by: User) -> None:
    changes = {"title": milestone.title, "day": milestone.due_on}
    history.record(milestone.contract.engagement, event, by=by, about=milestone, changes=changes)
