"""Forms of cases: parse and word; the rules are the models' and the services'."""

from apps.engagements.forms.cases import EndForm, EngagementFilter, PlanForm
from apps.engagements.forms.contracts import (
    AmendmentForm,
    ContractFileForm,
    ContractForm,
    InstalmentForm,
    MilestoneForm,
    ReceiptForm,
)
from apps.engagements.forms.outcomes import OutcomeChangesForm, OutcomeForm, RejectForm
from apps.engagements.forms.talks import MeetingChangesForm, MeetingForm, MessageForm

__all__ = [
    "AmendmentForm",
    "ContractFileForm",
    "ContractForm",
    "EndForm",
    "EngagementFilter",
    "InstalmentForm",
    "MeetingChangesForm",
    "MeetingForm",
    "MessageForm",
    "MilestoneForm",
    "OutcomeChangesForm",
    "OutcomeForm",
    "PlanForm",
    "ReceiptForm",
    "RejectForm",
]
