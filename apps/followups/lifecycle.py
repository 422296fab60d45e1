"""States of a story, and the moves between them."""

from apps.core.lifecycle import Lifecycle
from apps.followups.models import StoryState as S

STORY_LIFECYCLE = Lifecycle(
    {
        S.DRAFT: frozenset({S.SUBMITTED}),
        S.SUBMITTED: frozenset({S.DRAFT, S.RETURNED, S.PUBLISHED}),
        S.RETURNED: frozenset({S.DRAFT}),
        S.PUBLISHED: frozenset({S.DRAFT, S.RETURNED}),  # a side takes its agreement back; a reviewer takes it down
    }
)
