"""The history of an engagement, told in sentences from the audit entries of the pair and its outcomes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.models import AuditEntry
from apps.engagements.models import Engagement, Outcome
from apps.matching.permissions import side_of

MOST_EVENTS = 200
SENTENCES: Mapping[str, Any] = {
    "proposal.viewed": _("%(who)s查看了这条推荐"),
    "proposal.interested": _("%(who)s接受了推荐，等待对方答复"),
    "proposal.declined": _("%(who)s婉拒了推荐"),
    "proposal.answer_withdrawn": _("%(who)s撤回了答复"),
    "proposal.accepted": _("%(who)s接受了推荐，双方达成对接"),
    "engagement.opened": _("对接开始，双方可以看到彼此的联系方式"),
    "outcome.reported": _("%(who)s填报了成效“%(type)s”"),
    "outcome.corrected": _("%(who)s修改了成效“%(type)s”"),
    "outcome.reported_again": _("%(who)s请对方重新确认成效“%(type)s”"),
    "outcome.confirmed": _("%(who)s确认了成效“%(type)s”"),
    "outcome.rejected": _("%(who)s驳回了成效“%(type)s”"),
}


class Event(NamedTuple):
    """One line of the history; `note` is a reason somebody gave, or empty."""

    at: datetime
    text: str
    note: str


def timeline_of(engagement: Engagement, outcomes: Iterable[Outcome]) -> list[Event]:
    """What happened, newest first; entries without a sentence of their own are left out."""
    types = {outcome.pk: str(outcome.outcome_type) for outcome in outcomes}
    about = Q(object_type="matching.proposal", object_id=engagement.proposal_id)
    about |= Q(object_type="engagements.engagement", object_id=engagement.pk)
    about |= Q(object_type="engagements.outcome", object_id__in=list(types))
    entries = AuditEntry.objects.filter(about, action__in=list(SENTENCES)).order_by("-at", "-id")
    return [
        _event(entry, engagement, types.get(entry.object_id, ""))
        for entry in entries.select_related("actor__membership")[:MOST_EVENTS]
    ]


def _event(entry: AuditEntry, engagement: Engagement, outcome_type: str) -> Event:
    words = {"who": _who(entry.actor, engagement), "type": outcome_type}
    return Event(entry.at, str(SENTENCES[entry.action]) % words, str(entry.changes.get("rejection_reason") or ""))


def _who(actor: User | None, engagement: Engagement) -> str:
    """The person with the side they act for now: "需求方陈立", "平台王管理"."""
    if actor is None:
        return gettext("系统")
    side = side_of(actor, engagement.proposal)
    return gettext("%(side)s%(name)s") % {"side": side.label if side else gettext("平台"), "name": actor.name}
