"""States of an engagement and of an outcome, and the moves between them."""

from apps.core.lifecycle import Lifecycle
from apps.engagements.models import EngagementState as E
from apps.engagements.models import OutcomeState as O

ENGAGEMENT_LIFECYCLE = Lifecycle(
    {
        E.INTRODUCED: frozenset({E.NEGOTIATING, E.ENDED}),
        E.NEGOTIATING: frozenset({E.SOLUTION, E.ENDED}),
        E.SOLUTION: frozenset({E.CONTRACTED, E.ENDED}),
        E.CONTRACTED: frozenset({E.IN_PROGRESS, E.ENDED}),
        E.IN_PROGRESS: frozenset({E.DELIVERED, E.ENDED}),
    }
)
OUTCOME_LIFECYCLE = Lifecycle({O.REPORTED: frozenset({O.CONFIRMED, O.REJECTED}), O.REJECTED: frozenset({O.REPORTED})})
