"""回访与案例: what both sides say of a delivered case, and the success stories they agree to tell."""

from apps.followups.models.answers import RATINGS, Answer, Fit, FurtherWork, Usage
from apps.followups.models.questionnaires import Questionnaire
from apps.followups.models.stories import TEXTS, Story, StoryState, picture_path

__all__ = [
    "RATINGS",
    "TEXTS",
    "Answer",
    "Fit",
    "FurtherWork",
    "Questionnaire",
    "Story",
    "StoryState",
    "Usage",
    "picture_path",
]
