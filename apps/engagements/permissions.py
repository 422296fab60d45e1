"""Who may report, confirm and reject outcomes."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import Viewer
from apps.core.decisions import ALLOWED, Decision, refused
from apps.engagements.models import Engagement, Outcome, OutcomeState
from apps.matching.models import Side
from apps.matching.permissions import side_of


def engagement_side(user: Viewer, engagement: Engagement) -> Side | None:
    return side_of(user, engagement.proposal)


def can_report(user: User, engagement: Engagement) -> Decision:
    if engagement_side(user, engagement) is None:
        return refused(_("只有对接双方的成员可以填报成效。"))
    return ALLOWED


def can_confirm(user: User, outcome: Outcome) -> Decision:
    """The side that did not report it, or an administrator."""
    if outcome.state != OutcomeState.REPORTED:
        return refused(_("这条成效已经处理过了。"))
    if user.is_administrator:
        return ALLOWED
    side = engagement_side(user, outcome.engagement)
    if side is None:
        return refused(_("只有对接双方的成员可以确认成效。"))
    if side == outcome.reported_side:
        return refused(_("需由对方确认；您这一方已填报。"))
    return ALLOWED


def can_correct(user: User, outcome: Outcome) -> Decision:
    """Change a reported or rejected outcome: the side that reported it."""
    if engagement_side(user, outcome.engagement) != outcome.reported_side:
        return refused(_("只有填报方可以修改。"))
    if outcome.state == OutcomeState.CONFIRMED:
        return refused(_("已确认的成效不能再修改。"))
    return ALLOWED
