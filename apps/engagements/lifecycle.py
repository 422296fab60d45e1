"""States of an engagement and of an outcome, and the moves between them."""

from itertools import pairwise

from apps.core.lifecycle import Lifecycle
from apps.engagements.models import EngagementState as E
from apps.engagements.models import OutcomeState as O

STEPS = (E.INTRODUCED, E.NEGOTIATING, E.SOLUTION, E.CONTRACTED, E.IN_PROGRESS, E.DELIVERED)
BEFORE_CONTRACT = (E.INTRODUCED, E.NEGOTIATING, E.SOLUTION)
NEXT_STEP: dict[E, E] = dict(pairwise(STEPS))
STEP_BEFORE: dict[E, E] = {later: earlier for earlier, later in NEXT_STEP.items() if later != E.CONTRACTED}
ENGAGEMENT_LIFECYCLE = Lifecycle(
    {
        E.INTRODUCED: frozenset({E.NEGOTIATING, E.CONTRACTED, E.ENDED}),  # who signs early skips what lies between
        E.NEGOTIATING: frozenset({E.SOLUTION, E.CONTRACTED, E.ENDED, E.INTRODUCED}),
        E.SOLUTION: frozenset({E.CONTRACTED, E.ENDED, E.NEGOTIATING}),
        E.CONTRACTED: frozenset({E.IN_PROGRESS, E.ENDED}),
        E.IN_PROGRESS: frozenset({E.DELIVERED, E.ENDED, E.CONTRACTED}),
        E.DELIVERED: frozenset({E.IN_PROGRESS}),
    }
)
OUTCOME_LIFECYCLE = Lifecycle({O.REPORTED: frozenset({O.CONFIRMED, O.REJECTED}), O.REJECTED: frozenset({O.REPORTED})})
