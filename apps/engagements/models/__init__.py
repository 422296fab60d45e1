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
from apps.engagements.models.outcomes import Outcome, OutcomeState, evidence_path
from apps.engagements.models.talks import LONGEST_MESSAGE, Meeting, Message, MessageFile, Voice

__all__ = [
    "CLOSED_STATES",
    "LONGEST_MESSAGE",
    "TERM_NAMES",
    "Agreement",
    "Contract",
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
    "Voice",
    "evidence_path",
]
