"""Whatever changes a case."""

from apps.engagements.services.openings import engagement_open
from apps.engagements.services.outcomes import (
    NOT_ACHIEVED,
    REASON_LIMIT,
    outcome_confirm,
    outcome_correct,
    outcome_reject,
    outcome_report,
)
from apps.engagements.services.steps import (
    Plan,
    engagement_advance,
    engagement_assign_broker,
    engagement_end,
    engagement_plan,
    engagement_step_back,
    owner_leave,
)

__all__ = [
    "NOT_ACHIEVED",
    "REASON_LIMIT",
    "Plan",
    "engagement_advance",
    "engagement_assign_broker",
    "engagement_end",
    "engagement_open",
    "engagement_plan",
    "engagement_step_back",
    "outcome_confirm",
    "outcome_correct",
    "outcome_reject",
    "outcome_report",
    "owner_leave",
]
