"""What came of a case is a label for the matcher: a contract, and a confirmed outcome."""

from apps.engagements.models import Engagement, EngagementState, Outcome, OutcomeState
from apps.matching.learning.levels import Level

SIGNED = (EngagementState.CONTRACTED, EngagementState.IN_PROGRESS, EngagementState.DELIVERED)
NOTHING_CAME_OF_IT = "not_achieved"


def engagement_levels() -> dict[int, Level]:
    """Levels by proposal. An outcome that says nothing was achieved is none."""
    signed = Engagement.objects.filter(state__in=SIGNED).values_list("proposal_id", flat=True)
    confirmed = Outcome.objects.filter(state=OutcomeState.CONFIRMED).exclude(outcome_type__code=NOTHING_CAME_OF_IT)
    levels = dict.fromkeys(signed, Level.CONTRACTED)
    return levels | dict.fromkeys(confirmed.values_list("engagement__proposal_id", flat=True), Level.CONFIRMED)
