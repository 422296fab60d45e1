"""What the page of messages and meetings shows to one person."""

from typing import Any

from apps.accounts.models import User
from apps.core import clock
from apps.engagements.forms import MeetingForm, MessageForm
from apps.engagements.models import Engagement, Meeting, Message
from apps.engagements.permissions import can_read_talk, can_talk, engagement_side
from apps.engagements.waits_panel import waits_of

MOST_MESSAGES = 100


def talk_page_of(engagement: Engagement, user: User, **forms: Any) -> dict[str, Any]:
    """The template context; `forms` are those that came back with errors."""
    meetings = list(Meeting.objects.visible_to(user).filter(engagement=engagement).select_related("planned_by"))
    messages = Message.objects.visible_to(user).filter(engagement=engagement)
    now = clock.now()
    return {
        "engagement": engagement,
        "may_read_talk": can_read_talk(user, engagement).allowed,
        "need": engagement.proposal.need,
        "tab": "talk",
        "waits": [wait for wait in waits_of(engagement, user) if wait.is_message],
        "may_talk": can_talk(user, engagement).allowed,
        "coming": [row for row in meetings if row.ends_at >= now],
        "past": [row for row in reversed(meetings) if row.ends_at < now],
        "talk": messages.select_related("author").prefetch_related("files")[:MOST_MESSAGES],
        "message_form": forms.get("message")
        or MessageForm(auto_id="id_message_%s", is_broker=engagement_side(user, engagement) is None),
        "meeting_form": forms.get("meeting") or MeetingForm(auto_id="id_meeting_%s"),
    }
