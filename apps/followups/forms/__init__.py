"""Forms of questionnaires and stories: parse and word; the rules are the models' and the services'."""

from apps.followups.forms.answers import AnswerForm
from apps.followups.forms.stories import StoryFilters, StoryForm

__all__ = ["AnswerForm", "StoryFilters", "StoryForm"]
