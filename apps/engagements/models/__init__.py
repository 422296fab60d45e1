"""对接 and everything in it: its steps, its contract, what the two sides say to each other, and its outcomes."""

from apps.engagements.models.cases import EndReason, Engagement, EngagementState
from apps.engagements.models.outcomes import Outcome, OutcomeState, evidence_path

__all__ = ["EndReason", "Engagement", "EngagementState", "Outcome", "OutcomeState", "evidence_path"]
