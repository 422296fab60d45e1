"""A case in a list or on the board, as one person may see it."""

from dataclasses import dataclass

from apps.accounts.models import User
from apps.engagements.lifecycle import BEFORE_CONTRACT, NEXT_STEP
from apps.engagements.models import Engagement, EngagementState
from apps.engagements.permissions import can_work
from apps.matching.presentation import ProposalView


@dataclass(frozen=True, slots=True)
class CaseRow:
    """`next_state` is the step that a button may bring it to, None where this person has no such button."""

    engagement: Engagement
    need_side: str
    capability_side: str
    owner: str
    next_state: str
    needs_contract: bool


def case_row(engagement: Engagement, user: User) -> CaseRow:
    """Templates read names from here: none is shown before it may be."""
    view = ProposalView(engagement.proposal, user)
    target = NEXT_STEP.get(EngagementState(engagement.state))
    may = target is not None and can_work(user, engagement).allowed
    return CaseRow(
        engagement=engagement,
        need_side=view.need_owner.name,
        capability_side=view.capability_owner.name,
        owner="" if engagement.awaits_agreement or engagement.owner is None else engagement.owner.name,
        next_state=str(target.label) if may and target else "",
        needs_contract=engagement.state in BEFORE_CONTRACT and target == EngagementState.CONTRACTED,
    )
