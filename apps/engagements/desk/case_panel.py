"""What the platform's people see of the desk on the page of a case; the two sides see none of it."""

from typing import Any

from apps.accounts.models import User
from apps.engagements.desk.permissions import can_record_call, may_use_desk
from apps.engagements.desk.selectors import calls_about
from apps.engagements.models import Engagement, Referral
from apps.engagements.permissions import engagement_side

MOST_CALLS = 50


def case_panel(engagement: Engagement, user: User) -> dict[str, Any] | None:
    """None for the two sides, and for those who have no desk."""
    if not may_use_desk(user) or engagement_side(user, engagement) is not None:
        return None
    matters = Referral.objects.visible_to(user).open().filter(engagement=engagement).select_related("taken_by")
    return {
        "matters": list(matters),
        "calls": list(calls_about(user, need=engagement.proposal.need, engagement=engagement)[:MOST_CALLS]),
        "may_call": can_record_call(user).allowed,
    }
