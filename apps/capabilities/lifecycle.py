"""States of a capability and the moves between them."""

from apps.capabilities.models import CapabilityState as S
from apps.core.lifecycle import Lifecycle

CAPABILITY_LIFECYCLE = Lifecycle(
    {
        S.DRAFT: frozenset({S.SUBMITTED, S.ARCHIVED}),
        S.SUBMITTED: frozenset({S.PUBLISHED, S.RETURNED, S.DRAFT}),
        S.RETURNED: frozenset({S.SUBMITTED, S.ARCHIVED}),
        S.PUBLISHED: frozenset({S.STALE, S.ARCHIVED, S.RETURNED}),
        S.STALE: frozenset({S.PUBLISHED, S.ARCHIVED}),
        S.ARCHIVED: frozenset({S.PUBLISHED, S.DRAFT}),
    }
)
