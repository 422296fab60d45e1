"""Services of the followups app: everything that changes its rows."""

from apps.followups.services.answering import questionnaire_answer
from apps.followups.services.asking import questionnaires_ask, questionnaires_hold, questionnaires_remind
from apps.followups.services.reviewing import REASON_LIMIT, story_publish, story_return
from apps.followups.services.stories import story_agree, story_draft, story_edit, story_withdraw

__all__ = [
    "REASON_LIMIT",
    "questionnaire_answer",
    "questionnaires_ask",
    "questionnaires_hold",
    "questionnaires_remind",
    "story_agree",
    "story_draft",
    "story_edit",
    "story_publish",
    "story_return",
    "story_withdraw",
]
