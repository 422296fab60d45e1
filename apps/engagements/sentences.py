"""A sentence for each thing that may happen to a pair and its case. `who` is a person with their side."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, Any] = {
    "proposal.picked": _("%(who)s按条件查找后，把这项资源加入了推荐名单"),
    "proposal.viewed": _("%(who)s查看了这条推荐"),
    "proposal.interested": _("%(who)s接受了推荐，等待对方答复"),
    "proposal.declined": _("%(who)s婉拒了推荐"),
    "proposal.answer_withdrawn": _("%(who)s撤回了答复"),
    "proposal.accepted": _("%(who)s接受了推荐，双方达成对接"),
    "engagement.opened": _("对接开始，双方可以看到彼此的联系方式"),
    "agreement.confirmed": _("%(who)s确认了保密协议，等待对方确认"),
    "agreement.signed": _("%(who)s确认了保密协议，协议生效，双方可以看到彼此的联系方式和附件"),
    "engagement.advanced": _("%(who)s把对接推进到“%(step)s”"),
    "engagement.stepped_back": _("%(who)s把对接退回到“%(step)s”"),
    "engagement.planned": _("%(who)s更新了下一步安排：%(what)s"),
    "engagement.owner_left": _("负责人%(owner)s已离开所在单位，请重新指定负责人"),
    "engagement.broker_assigned": _("%(who)s更新了跟进的技术经纪人：%(broker)s"),
    "engagement.ended": _("%(who)s终止了对接"),
    "engagement.contracted": _("对接进入“签约”"),
    "contract.recorded": _("%(who)s登记了技术合同，成交额 %(amount_yuan)s 元"),
    "contract.corrected": _("%(who)s更正了合同信息"),
    "contract.amended": _("%(who)s登记了合同变更（第 %(version)s 版），成交额 %(amount_yuan)s 元"),
    "contract.file_added": _("%(who)s上传了合同附件“%(name)s”"),
    "contract.file_removed": _("%(who)s删除了合同附件“%(name)s”"),
    "instalment.planned": _("%(who)s增加了分期款项：%(day)s，%(yuan)s 元"),
    "instalment.dropped": _("%(who)s删除了分期款项：%(day)s，%(yuan)s 元"),
    "instalment.received": _("%(who)s登记到账 %(yuan)s 元（%(day)s）"),
    "instalment.taken_back": _("%(who)s撤销了到账登记：%(yuan)s 元（%(day)s）"),
    "milestone.set": _("%(who)s设定了里程碑“%(title)s”，计划 %(day)s 完成"),
    "milestone.dropped": _("%(who)s删除了里程碑“%(title)s”"),
    "milestone.accepted": _("%(who)s验收了里程碑“%(title)s”，等待对方验收"),
    "milestone.withdrawn": _("%(who)s撤回了对里程碑“%(title)s”的验收"),
    "milestone.reached": _("%(who)s验收了里程碑“%(title)s”，双方验收通过"),
    "message.sent": _("%(who)s发了一条消息"),
    "meeting.planned": _("%(who)s安排了会议"),
    "meeting.changed": _("%(who)s更新了会议安排"),
    "meeting.cancelled": _("%(who)s取消了会议"),
    "outcome.reported": _("%(who)s填报了成效“%(type)s”"),
    "outcome.corrected": _("%(who)s修改了成效“%(type)s”"),
    "outcome.reported_again": _("%(who)s请对方重新确认成效“%(type)s”"),
    "outcome.confirmed": _("%(who)s确认了成效“%(type)s”"),
    "outcome.rejected": _("%(who)s驳回了成效“%(type)s”"),
}
OPENED_CLOSED = _("对接开始，双方先确认保密协议")
"""For a case whose need asks for the agreement first."""
