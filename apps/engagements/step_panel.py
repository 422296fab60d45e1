"""The step of a case on its page: where it stands, and what this person may do about it."""

from dataclasses import dataclass
from typing import Any

from apps.accounts.models import User
from apps.engagements.forms import EndForm, PlanForm
from apps.engagements.lifecycle import BEFORE_CONTRACT, NEXT_STEP, STEP_BEFORE, STEPS
from apps.engagements.models import Engagement, EngagementState
from apps.engagements.people import people_on_offer
from apps.engagements.permissions import can_assign_broker, can_end, can_work, is_broker_of


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of the line: past, present or to come."""

    label: str
    standing: str


@dataclass(frozen=True, slots=True)
class StepPanel:
    """`next_label` is empty where there is no next step, `needs_contract` true where that is the contract."""

    marks: list[Mark]
    may_work: bool
    may_end: bool
    may_take: bool
    is_own_broker: bool
    may_step_back: bool
    next_label: str
    needs_contract: bool
    plan_form: PlanForm | None
    advance_form: PlanForm | None
    end_form: EndForm | None


def step_panel(
    engagement: Engagement,
    user: User,
    *,
    plan_form: PlanForm | None = None,
    advance_form: PlanForm | None = None,
    end_form: EndForm | None = None,
) -> StepPanel:
    """The forms are those that came back with errors."""
    state = EngagementState(engagement.state)
    target, may_work, may_end = NEXT_STEP.get(state), can_work(user, engagement).allowed, can_end(user, engagement)
    people: Any = people_on_offer(engagement, user) if may_work else None
    return StepPanel(
        marks=_marks(state),
        may_work=may_work,
        may_end=may_end.allowed,
        may_take=user.is_broker and can_assign_broker(user, engagement, user).allowed,
        is_own_broker=is_broker_of(user, engagement),
        may_step_back=may_work and state in STEP_BEFORE,
        next_label=str(target.label) if may_work and target else "",
        needs_contract=target == EngagementState.CONTRACTED and state in BEFORE_CONTRACT,
        plan_form=plan_form or (PlanForm.of(engagement, people) if may_work else None),
        advance_form=advance_form or (PlanForm.of(engagement, people, prefix="advance") if may_work else None),
        end_form=end_form or (EndForm(auto_id="id_end_%s") if may_end else None),
    )


def _marks(state: EngagementState) -> list[Mark]:
    if state == EngagementState.ENDED:
        return []
    here = STEPS.index(state)
    standings = ["past"] * here + ["present"] + ["coming"] * (len(STEPS) - here - 1)
    return [Mark(str(step.label), standing) for step, standing in zip(STEPS, standings, strict=True)]
