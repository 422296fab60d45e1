"""The reviewer's part: a story is published, sent back, or taken down."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import StateConflict
from apps.core.lifecycle import move
from apps.core.validators import validate_text
from apps.followups import notices
from apps.followups.lifecycle import STORY_LIFECYCLE
from apps.followups.models import Story, StoryState
from apps.followups.permissions import can_publish, can_return, can_review
from apps.followups.services.stories import locked_story, require_anonymity, require_version

REASON_LIMIT = 300


@transaction.atomic
def story_publish(*, story: Story, by: User, seen: int) -> Story:
    """Show it to everybody. `seen` is the version that the reviewer read."""
    story = locked_story(story)
    can_publish(by, story).require()
    require_version(story, seen)
    require_anonymity(story)
    fields = {"published_at": clock.now(), "reviewed_by": by}
    move(story, StoryState.PUBLISHED, lifecycle=STORY_LIFECYCLE, action="story.published", by=by, **fields)
    notices.tell(story, "published", by=by)
    return story


@transaction.atomic
def story_return(*, story: Story, by: User, reason: str, seen: str = "") -> Story:
    """Send it back with a reason; a published one is taken down at once. Both sides have to agree anew.

    `seen` is the `Story.revision` that the reviewer had before them: nobody takes down what a colleague has published
    meanwhile. StateConflict otherwise.
    """
    story = locked_story(story)
    can_review(by, story).require()
    if seen and seen != story.revision:
        raise StateConflict(_("这篇案例刚刚有了新的变化，请看过现在的内容和状态后再处理。"))
    can_return(by, story).require()
    fields = {
        "return_reason": _reason(reason),
        "reviewed_by": by,
        "submitted_at": None,
        "published_at": None,
        "need_agreed_version": None,
        "capability_agreed_version": None,
    }
    move(story, StoryState.RETURNED, lifecycle=STORY_LIFECYCLE, action="story.returned", by=by, **fields)
    notices.tell(story, "returned", by=by, reason=story.return_reason.rstrip("。"))
    return story


def _reason(text: str) -> str:
    """Fit to be stored. ValidationError beside `reason` otherwise."""
    field = forms.CharField(max_length=REASON_LIMIT, validators=[validate_text])
    field.error_messages["required"] = _("请写明哪里需要修改。")
    try:
        return str(field.clean(text))
    except ValidationError as error:
        raise ValidationError({"reason": error.messages}) from error
