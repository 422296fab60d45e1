"""States of a proposal and the moves between them."""

from apps.core.lifecycle import Lifecycle
from apps.matching.models import ProposalState as S

PROPOSAL_LIFECYCLE = Lifecycle(
    {
        S.PROPOSED: frozenset({S.VIEWED, S.INTERESTED, S.DECLINED, S.TIMED_OUT}),
        S.VIEWED: frozenset({S.INTERESTED, S.DECLINED, S.TIMED_OUT}),
        # Back to viewed: the side that said yes took it back before the other answered.
        S.INTERESTED: frozenset({S.ACCEPTED, S.DECLINED, S.TIMED_OUT, S.VIEWED}),
        # The side that declined thought better of it; interested, where the other side had accepted before.
        S.DECLINED: frozenset({S.VIEWED, S.INTERESTED}),
        # An answer after the time is welcome; back to viewed: the side that had said yes gave up waiting.
        S.TIMED_OUT: frozenset({S.VIEWED, S.INTERESTED, S.ACCEPTED, S.DECLINED}),
        S.ACCEPTED: frozenset(),
    }
)
