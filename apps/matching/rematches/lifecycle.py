"""States of a rematch and the moves between them."""

from apps.core.lifecycle import Lifecycle
from apps.matching.models import RematchState as S

REMATCH_LIFECYCLE = Lifecycle(
    {
        S.RUNNING: frozenset({S.PAUSED, S.DONE, S.CANCELLED, S.FAILED}),
        S.PAUSED: frozenset({S.RUNNING, S.CANCELLED}),
        # It stopped because row after row could not be matched: whoever has mended the cause lets it go on.
        S.FAILED: frozenset({S.RUNNING, S.CANCELLED}),
        S.DONE: frozenset(),
        S.CANCELLED: frozenset(),
    }
)
