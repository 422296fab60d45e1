"""Who may do what at the desk."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import Viewer, is_broker, is_reviewer
from apps.core.decisions import ALLOWED, Decision, refused
from apps.engagements.models import Contract, Engagement, Referral, ReferralKind
from apps.engagements.permissions import is_broker_of


def may_use_desk(user: Viewer) -> bool:
    """Brokers work there; reviewers and administrators look on."""
    return is_broker(user) or is_reviewer(user)


def can_take(user: User, referral: Referral) -> Decision:
    if not user.is_broker:
        return refused(_("只有技术经纪人可以领取。"))
    if not referral.is_open:
        return refused(_("这件事已经办结。"))
    if referral.taken_by is not None and referral.taken_by != user:
        return refused(_("%(broker)s已经领取了这件事。") % {"broker": referral.taken_by.name})
    return ALLOWED


def can_hand_over(user: User, referral: Referral) -> Decision:
    """Whoever has it; of what nobody has, any broker who sees it; and administrators."""
    if not referral.is_open:
        return refused(_("这件事已经办结。"))
    if user.is_administrator or (user.is_broker and referral.taken_by in (None, user)):
        return ALLOWED
    if user.is_broker and referral.taken_by is not None:
        return refused(_("这件事由%(broker)s负责，请先与其联系。") % {"broker": referral.taken_by.name})
    return refused(_("只有技术经纪人和管理员可以转交。"))


def can_work_on(user: User, referral: Referral) -> Decision:
    """Plan what is done next: whoever has it, and administrators."""
    if not referral.is_open:
        return refused(_("这件事已经办结。"))
    if user.is_administrator or (user.is_broker and referral.taken_by == user):
        return ALLOWED
    return refused(_("请先领取，再办理。"))


def can_close(user: User, referral: Referral) -> Decision:
    """As `can_work_on`; following a case ends with the case, or by handing it over."""
    if referral.kind == ReferralKind.CASE:
        return refused(_("跟进对接到验收或终止为止；不再跟进时请转交。"))
    return can_work_on(user, referral)


def can_record_call(user: Viewer) -> Decision:
    """Of what they see: brokers and administrators."""
    if is_broker(user) or (isinstance(user, User) and user.is_administrator):
        return ALLOWED
    return refused(_("电话记录由技术经纪人填写。"))


def can_recommend(user: Viewer) -> Decision:
    return ALLOWED if is_broker(user) else refused(_("手工推荐由技术经纪人提出。"))


def can_propose_credits(user: User, contract: Contract) -> Decision:
    """The case's broker, and administrators. What was confirmed is changed by administrators only."""
    engagement: Engagement = contract.engagement
    if user.is_administrator:
        return ALLOWED
    if not is_broker_of(user, engagement):
        return refused(_("业绩分配由这项对接的技术经纪人提出。"))
    if contract.credits.confirmed().exists():
        return refused(_("业绩分配已经确认，如需调整请联系管理员。"))
    return ALLOWED


def can_confirm_credits(user: User) -> Decision:
    return ALLOWED if user.is_administrator else refused(_("业绩分配由平台管理员确认。"))
