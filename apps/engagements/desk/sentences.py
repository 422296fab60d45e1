"""The desk in words: why a matter is there, and what was done with it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.models import AuditEntry
from apps.engagements.models import ReferralKind, ReferralResult

WHY: Mapping[str, Any] = {
    ReferralKind.CASE: _("双方已达成对接，需要技术经纪人跟进到验收。"),
    ReferralKind.CASE_STUCK: _("这项对接很久没有任何进展。"),
    ReferralKind.STEP_OVERDUE: _("当前步骤已过截止日期。"),
    ReferralKind.MESSAGE_UNANSWERED: _("一方的消息超过答复时限没有得到回复。"),
    ReferralKind.OUTCOME_UNANSWERED: _("填报的成效超过答复时限没有得到确认。"),
    ReferralKind.AGREEMENT_UNANSWERED: _("保密协议超过答复时限没有得到双方确认。"),
    ReferralKind.PROPOSAL_TIMED_OUT: _("一方已接受推荐，另一方超过答复时限没有答复。"),
    ReferralKind.LIST_UNANSWERED: _("推荐名单超过答复时限，需求方没有答复其中任何一项。"),
    ReferralKind.NEED_WITHOUT_REPLY: _("需求发布后超过时限，还没有得到任何答复。"),
}
DONE: Mapping[str, Any] = {
    "referral.opened": _("转到经纪人工作台"),
    "referral.taken": _("%(who)s领取"),
    "referral.handed_over": _("%(who)s转交给%(to)s"),
    "referral.given_back": _("%(who)s放回待分配"),
    "referral.planned": _("%(who)s安排了下一步：%(what)s"),
    "referral.closed": _("%(who)s办结：%(result)s"),
}
CLOSED_BY_ITSELF = _("情况已解除，自动办结")


def sentence_of(entry: AuditEntry) -> str:
    """Empty for what the desk does not tell."""
    if entry.action == "referral.closed" and entry.actor is None:
        return str(CLOSED_BY_ITSELF)
    result = entry.changes.get("result", "")
    words = {
        "who": entry.actor.name if entry.actor else "",
        "to": entry.changes.get("to", ""),
        "what": entry.changes.get("what", ""),
        "result": str(ReferralResult(result).label) if result in ReferralResult.values else "",
    }
    return str(DONE.get(entry.action, "")) % words
