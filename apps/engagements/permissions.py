"""Who may do what in a case."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import Viewer
from apps.core.decisions import ALLOWED, Decision, refused
from apps.engagements.models import Engagement, EngagementState, Outcome, OutcomeState, Voice
from apps.matching.models import Side
from apps.matching.permissions import side_of


def engagement_side(user: Viewer, engagement: Engagement) -> Side | None:
    return side_of(user, engagement.proposal)


def is_broker_of(user: Viewer, engagement: Engagement) -> bool:
    return isinstance(user, User) and user.is_broker and engagement.broker_id == user.pk


def is_party(user: Viewer, engagement: Engagement) -> bool:
    """Of one of the two sides, or the case's own broker."""
    return engagement_side(user, engagement) is not None or is_broker_of(user, engagement)


def is_running(engagement: Engagement) -> Decision:
    """Not given up, and its secrets agreed on: what every change of a case asks first."""
    if engagement.state == EngagementState.ENDED:
        return refused(_("这项对接已经终止。"))
    if engagement.awaits_agreement:
        return refused(_("请先由双方确认保密协议，再开展后续工作。"))
    return ALLOWED


def can_work(user: User, engagement: Engagement) -> Decision:
    """Move the case on, plan its steps, keep its contract: both sides, its broker, and administrators."""
    if not is_party(user, engagement) and not user.is_administrator:
        return refused(_("只有对接双方的成员和负责跟进的技术经纪人可以进行该操作。"))
    return is_running(engagement)


def can_keep_contract(user: User, engagement: Engagement) -> Decision:
    """Correct it, amend it, record its money: as `can_work`, and on after the end, as money may still come."""
    if not is_party(user, engagement) and not user.is_administrator:
        return refused(_("只有对接双方的成员和负责跟进的技术经纪人可以维护合同。"))
    return ALLOWED


def can_accept_milestone(user: User, engagement: Engagement) -> Decision:
    if engagement_side(user, engagement) is None:
        return refused(_("里程碑由对接双方验收。"))
    return is_running(engagement)


def voice_of(user: User, engagement: Engagement) -> Voice | None:
    """For whom somebody speaks in a case; None for those who are no party to it."""
    side = engagement_side(user, engagement)
    if side is not None:
        return Voice(side.value)
    return Voice.BROKER if is_broker_of(user, engagement) else None


def can_read_talk(user: User, engagement: Engagement) -> Decision:
    """Messages and meetings: the two sides and the case's own broker, nobody else of the platform."""
    if not is_party(user, engagement):
        return refused(_("消息和会议只有对接双方与负责跟进的技术经纪人可以查看。"))
    if engagement.awaits_agreement:
        return refused(_("请先由双方确认保密协议，再开展后续工作。"))
    return ALLOWED


def can_talk(user: User, engagement: Engagement) -> Decision:
    may_read = can_read_talk(user, engagement)
    return is_running(engagement) if may_read else may_read


def can_confirm_agreement(user: User, engagement: Engagement) -> Decision:
    if engagement_side(user, engagement) is None:
        return refused(_("保密协议由对接双方的成员确认。"))
    if engagement.state == EngagementState.ENDED:
        return refused(_("这项对接已经终止。"))
    if not engagement.awaits_agreement:
        return refused(_("保密协议已经由双方确认。"))
    return ALLOWED


def can_end(user: User, engagement: Engagement) -> Decision:
    """As `can_work`, also while the agreement is open; what was delivered is not ended."""
    if not is_party(user, engagement) and not user.is_administrator:
        return refused(_("只有对接双方的成员和负责跟进的技术经纪人可以终止对接。"))
    if engagement.state in (EngagementState.ENDED, EngagementState.DELIVERED):
        return refused(_("已验收或已终止的对接不能再终止。"))
    return ALLOWED


def can_assign_broker(user: User, engagement: Engagement, broker: User | None) -> Decision:
    """Administrators; a broker for themselves, where nobody has the case or to give it up."""
    if user.is_administrator:
        return ALLOWED
    if not user.is_broker:
        return refused(_("只有技术经纪人和管理员可以安排跟进人。"))
    if engagement.broker_id not in (None, user.pk):
        return refused(_("这项对接已有技术经纪人跟进。"))
    if broker not in (None, user):
        return refused(_("只能由管理员安排其他技术经纪人。"))
    return ALLOWED


def can_report(user: User, engagement: Engagement) -> Decision:
    """Both sides, also of a case that ended: that nothing came of it is an outcome too."""
    if engagement_side(user, engagement) is None:
        return refused(_("只有对接双方的成员可以填报成效。"))
    if engagement.awaits_agreement:
        return refused(_("请先由双方确认保密协议，再开展后续工作。"))
    return ALLOWED


def can_confirm(user: User, outcome: Outcome) -> Decision:
    """The side that did not report it, or an administrator of neither side."""
    if outcome.state != OutcomeState.REPORTED:
        return refused(_("这条成效已经处理过了。"))
    side = engagement_side(user, outcome.engagement)
    if side == outcome.reported_side:
        return refused(_("需由对方确认；您这一方已填报。"))
    if side is None and not user.is_administrator:
        return refused(_("只有对接双方的成员可以确认成效。"))
    return ALLOWED


def can_correct(user: User, outcome: Outcome) -> Decision:
    """Change a reported or rejected outcome: the side that reported it."""
    if engagement_side(user, outcome.engagement) != outcome.reported_side:
        return refused(_("只有填报方可以修改。"))
    if outcome.state == OutcomeState.CONFIRMED:
        return refused(_("已确认的成效不能再修改。"))
    return ALLOWED
