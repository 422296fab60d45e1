"""States of a need and the moves between them (DOMAIN: 草稿 → 待审核 → 已发布 → 对接中 → …)."""

from apps.core.lifecycle import Lifecycle
from apps.needs.models import NeedState as S

NEED_LIFECYCLE = Lifecycle(
    {
        S.DRAFT: frozenset({S.SUBMITTED, S.CLOSED}),
        S.SUBMITTED: frozenset({S.PUBLISHED, S.RETURNED, S.DRAFT}),
        S.RETURNED: frozenset({S.SUBMITTED, S.CLOSED}),
        S.PUBLISHED: frozenset({S.ENGAGED, S.UNMATCHED, S.EXPIRED, S.CLOSED, S.RETURNED}),
        S.ENGAGED: frozenset({S.SOLVED, S.PUBLISHED, S.EXPIRED, S.CLOSED}),
        S.UNMATCHED: frozenset({S.PUBLISHED, S.CLOSED}),
        S.EXPIRED: frozenset({S.PUBLISHED, S.ENGAGED, S.CLOSED}),
        S.SOLVED: frozenset(),
        S.CLOSED: frozenset({S.PUBLISHED, S.DRAFT}),
    }
)
