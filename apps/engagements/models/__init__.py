"""对接 and everything in it: its steps, its contract, what the two sides say to each other, and its outcomes."""

from apps.engagements.models.agreements import Agreement
from apps.engagements.models.cases import CLOSED_STATES, EndReason, Engagement, EngagementState
from apps.engagements.models.contracts import (
    TERM_NAMES,
    Contract,
    ContractFile,
    FormerTerms,
    Instalment,
    Milestone,
)
from apps.engagements.models.credits import ContractCredit
from apps.engagements.models.desk import (
    OVERDUE_KINDS,
    CallSide,
    PhoneCall,
    Recommendation,
    Referral,
    ReferralKind,
    ReferralResult,
)
from apps.engagements.models.outcomes import Outcome, OutcomeState, evidence_path
from apps.engagements.models.talks import LONGEST_MESSAGE, Asked, Meeting, Message, MessageFile, Voice
from apps.engagements.models.waits import Wait, WaitKind

__all__ = [
    "CLOSED_STATES",
    "LONGEST_MESSAGE",
    "OVERDUE_KINDS",
    "TERM_NAMES",
    "Agreement",
    "Asked",
    "CallSide",
    "Contract",
    "ContractCredit",
    "ContractFile",
    "EndReason",
    "Engagement",
    "EngagementState",
    "FormerTerms",
    "Instalment",
    "Meeting",
    "Message",
    "MessageFile",
    "Milestone",
    "Outcome",
    "OutcomeState",
    "PhoneCall",
    "Recommendation",
    "Referral",
    "ReferralKind",
    "ReferralResult",
    "Voice",
    "Wait",
    "WaitKind",
    "evidence_path",
]
