"""What people are told of their cases: each event to the other side and the broker, never to whoever did it.

Nobody is named, and nothing that somebody wrote is quoted: before the non-disclosure agreement it would leak, and after
it the page has it. So an event that both sides still wait for reads the same as any other.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.due_times import moment_text
from apps.engagements.events import EVENTS
from apps.engagements.models import (
    EndReason,
    Engagement,
    EngagementState,
    Instalment,
    Meeting,
    Milestone,
    Outcome,
    OutcomeState,
)
from apps.engagements.permissions import engagement_side
from apps.matching.models import Side
from apps.notifications.kinds import Kind, Parameters, register
from apps.notifications.recipients import speakers
from apps.notifications.services import notify

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Told(NamedTuple):
    """How an event is told. `page` is a page of `engagements`; what is not `at_once` comes with the day's digest."""

    topic: str
    title: "_StrPromise"
    line: "_StrPromise"
    page: str = "detail"
    at_once: bool = True


TOLD: Mapping[str, Told] = {
    "engagement.opened": Told("engagements", _("请确认保密协议：“%(need)s”"), _("双方确认后才会开放联系方式。")),
    "engagement.advanced": Told("engagements", _("“%(need)s”进入“%(step)s”阶段"), _("请查看下一步的安排。")),
    "engagement.stepped_back": Told("engagements", _("“%(need)s”退回“%(step)s”阶段"), _("请查看当前的安排。")),
    "engagement.planned": Told("engagements", _("“%(need)s”的下一步由您负责"), _("请查看要做的事和截止日期。")),
    "engagement.owner_left": Told("engagements", _("“%(need)s”需要新的负责人"), _("原负责人已离开所在单位。")),
    "engagement.broker_assigned": Told(
        "engagements", _("“%(need)s”换了技术经纪人"), _("请查看对接页面。"), at_once=False
    ),
    "engagement.ended": Told("engagements", _("“%(need)s”的对接已终止"), _("原因：%(reason)s。")),
    "agreement.confirmed": Told("engagements", _("对方已确认保密协议：“%(need)s”"), _("您确认后就会开放联系方式。")),
    "agreement.signed": Told("engagements", _("保密协议已生效：“%(need)s”"), _("现在可以看到对方的联系方式和附件了。")),
    "contract.recorded": Told("contracts", _("“%(need)s”已登记技术合同"), _("请核对合同内容。"), "contract"),
    "contract.corrected": Told("contracts", _("“%(need)s”的合同信息有修改"), _("请核对合同内容。"), "contract", False),
    "contract.amended": Told("contracts", _("“%(need)s”登记了合同变更"), _("请核对变更后的内容。"), "contract"),
    "contract.file_added": Told("contracts", _("“%(need)s”的合同附件有新增"), _("请查看附件。"), "contract", False),
    "contract.file_removed": Told("contracts", _("“%(need)s”的合同附件有删除"), _("请核对附件。"), "contract", False),
    "instalment.planned": Told("contracts", _("“%(need)s”安排了一期付款"), _("计划日期 %(day)s。"), "contract", False),
    "instalment.dropped": Told("contracts", _("“%(need)s”取消了一期付款"), _("原定 %(day)s。"), "contract", False),
    "instalment.received": Told("contracts", _("“%(need)s”有一笔到账"), _("请核对到账金额。"), "contract"),
    "instalment.taken_back": Told("contracts", _("“%(need)s”撤销了一笔到账"), _("请核对到账记录。"), "contract", False),
    "milestone.set": Told("contracts", _("“%(need)s”设定了里程碑"), _("%(milestone)s，%(day)s。"), "contract", False),
    "milestone.dropped": Told("contracts", _("“%(need)s”删除了里程碑"), _("%(milestone)s。"), "contract", False),
    "milestone.accepted": Told(
        "contracts", _("“%(need)s”有里程碑等您验收"), _("对方已验收%(milestone)s。"), "contract"
    ),
    "milestone.withdrawn": Told("contracts", _("“%(need)s”撤回了里程碑验收"), _("%(milestone)s。"), "contract", False),
    "milestone.reached": Told("contracts", _("“%(need)s”达成里程碑"), _("双方都已验收：%(milestone)s。"), "contract"),
    "message.sent": Told("messages", _("“%(need)s”有新消息"), _("请到对接页面查看并回复。"), "talk"),
    "meeting.planned": Told("engagements", _("“%(need)s”约了会面"), _("%(when)s 开始，可下载日历邀请。"), "talk"),
    "meeting.changed": Told("engagements", _("“%(need)s”的会面有变动"), _("现定 %(when)s 开始。"), "talk"),
    "meeting.cancelled": Told("engagements", _("“%(need)s”的会面已取消"), _("原定 %(when)s 开始。"), "talk"),
    "outcome.reported": Told("outcomes", _("“%(need)s”有成效等您确认"), _("确认后才会计入成效。")),
    "outcome.corrected": Told("outcomes", _("“%(need)s”的成效有修改"), _("请看过修改后的内容再确认。")),
    "outcome.reported_again": Told("outcomes", _("“%(need)s”的成效已修改，等您确认"), _("对方已按意见修改。")),
    "outcome.confirmed": Told("outcomes", _("“%(need)s”的成效已确认"), _("已计入成效，感谢双方的努力。")),
    "outcome.rejected": Told("outcomes", _("“%(need)s”的成效被退回"), _("请查看原因，修改后可以再次提交。")),
}
NOT_TOLD = {"engagement.contracted"}
"""The contract that moved the case is told of."""


def _in_words(parameters: Parameters) -> Parameters:
    """Steps and reasons by their names in the reader's language."""
    step, reason = parameters.get("step", ""), parameters.get("reason", "")
    return {
        **parameters,
        "step": str(EngagementState(step).label) if step in EngagementState.values else step,
        "reason": str(EndReason(reason).label) if reason in EndReason.values else reason,
    }


register(*(Kind(f"engagements.{event}", told.title, told.line, _in_words) for event, told in TOLD.items()))


def tell_of_event(
    sender: object, *, event: str, engagement: Engagement, by: User | None, about: models.Model, **_: Any
) -> None:
    """Listens to every event of a case."""
    if not _concerns(event, engagement, about):
        return
    told = TOLD[event]
    notify(
        event_key=f"case:{engagement.public_id}:{event}:{about.pk}:{_moment(about)}",
        topic=told.topic,
        recipients=_recipients(event, engagement, by),
        kind=f"engagements.{event}",
        params={"need": engagement.proposal.need.title, **_values(engagement, about)},
        url_name=f"engagements:{told.page}",
        url_args=[engagement.public_id],
        by_name=told.at_once,
        as_members=True,
    )


for _event in TOLD:
    EVENTS[_event].connect(tell_of_event)


def _concerns(event: str, engagement: Engagement, about: models.Model) -> bool:
    if event == "engagement.opened":
        return engagement.awaits_agreement  # otherwise both were told that they had accepted
    if event == "outcome.corrected" and isinstance(about, Outcome):
        return about.state != OutcomeState.REJECTED  # it is reported again in the same breath
    return True


def _moment(about: models.Model) -> str:
    """The same row may be changed again; the same change sent twice is one."""
    changed_at = getattr(about, "updated_at", None)
    return f"{changed_at:%Y%m%dT%H%M%S%f}" if changed_at else ""


def _recipients(event: str, engagement: Engagement, by: User | None) -> list[User]:
    if event == "engagement.planned":
        owner = engagement.owner
        return [owner] if owner is not None and owner != by else []
    own = engagement_side(by, engagement) if by is not None else None
    people = [person for side in Side if side != own for person in people_of_side(engagement, side)]
    broker = engagement.broker
    return [person for person in (*people, *([broker] if broker else [])) if person != by]


def people_of_side(engagement: Engagement, side: Side) -> list[User]:
    """The contact, whoever accepted, and the owner of the present step."""
    proposal, owner = engagement.proposal, engagement.owner
    if side == Side.NEED:
        return speakers(proposal.need.organisation, proposal.need.contact, proposal.need_accepted_by, owner)
    capability = proposal.capability
    return speakers(capability.organisation, capability.contact, proposal.capability_accepted_by, owner)


def _values(engagement: Engagement, about: models.Model) -> dict[str, str]:
    values = {"step": str(engagement.state), "reason": str(engagement.end_reason)}
    if isinstance(about, Meeting):
        values["when"] = moment_text(about.starts_at)
    elif isinstance(about, Milestone):
        values |= {"milestone": about.title, "day": about.due_on.isoformat()}
    elif isinstance(about, Instalment):
        values["day"] = about.planned_on.isoformat()
    return values
