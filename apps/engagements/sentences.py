"""A sentence for each thing that may happen to a pair and its case. `who` is a person with their side."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, Any] = {
    "proposal.viewed": _("%(who)s查看了这条推荐"),
    "proposal.interested": _("%(who)s接受了推荐，等待对方答复"),
    "proposal.declined": _("%(who)s婉拒了推荐"),
    "proposal.answer_withdrawn": _("%(who)s撤回了答复"),
    "proposal.accepted": _("%(who)s接受了推荐，双方达成对接"),
    "engagement.opened": _("对接开始，双方可以看到彼此的联系方式"),
    "engagement.advanced": _("%(who)s把对接推进到“%(step)s”"),
    "engagement.stepped_back": _("%(who)s把对接退回到“%(step)s”"),
    "engagement.planned": _("%(who)s更新了下一步安排：%(what)s"),
    "engagement.owner_left": _("负责人%(owner)s已离开所在单位，请重新指定负责人"),
    "engagement.broker_assigned": _("%(who)s更新了跟进的技术经纪人：%(broker)s"),
    "engagement.ended": _("%(who)s终止了对接"),
    "outcome.reported": _("%(who)s填报了成效“%(type)s”"),
    "outcome.corrected": _("%(who)s修改了成效“%(type)s”"),
    "outcome.reported_again": _("%(who)s请对方重新确认成效“%(type)s”"),
    "outcome.confirmed": _("%(who)s确认了成效“%(type)s”"),
    "outcome.rejected": _("%(who)s驳回了成效“%(type)s”"),
}
