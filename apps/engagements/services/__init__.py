"""Whatever changes a case."""

from apps.engagements.services.agreements import agreement_confirm
from apps.engagements.services.contracts import contract_amend, contract_correct, contract_record
from apps.engagements.services.files import contract_file_add, contract_file_remove
from apps.engagements.services.instalments import (
    instalment_drop,
    instalment_plan,
    instalment_receive,
    instalment_take_back,
)
from apps.engagements.services.meetings import meeting_cancel, meeting_change, meeting_plan
from apps.engagements.services.messages import message_send
from apps.engagements.services.milestones import (
    milestone_accept,
    milestone_drop,
    milestone_set,
    milestone_withdraw,
)
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
    "agreement_confirm",
    "contract_amend",
    "contract_correct",
    "contract_file_add",
    "contract_file_remove",
    "contract_record",
    "engagement_advance",
    "engagement_assign_broker",
    "engagement_end",
    "engagement_open",
    "engagement_plan",
    "engagement_step_back",
    "instalment_drop",
    "instalment_plan",
    "instalment_receive",
    "instalment_take_back",
    "meeting_cancel",
    "meeting_change",
    "meeting_plan",
    "message_send",
    "milestone_accept",
    "milestone_drop",
    "milestone_set",
    "milestone_withdraw",
    "outcome_confirm",
    "outcome_correct",
    "outcome_reject",
    "outcome_report",
    "owner_leave",
]
