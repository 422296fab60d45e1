"""What a person may do with a capability as it stands now: the buttons of its page, and the next step in lists."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.selectors import Viewer
from apps.capabilities.models import EDITABLE_STATES, Capability, CapabilityState
from apps.capabilities.permissions import can_edit, can_manage, can_review
from apps.capabilities.renewals import CONFIRMATION_DUE_DAYS
from apps.capabilities.services.drafts import DRAFT_STATES
from apps.core import clock

# For each action: the states it starts from, and who may.
_EDITORS = {
    "edit": EDITABLE_STATES,
    "publish": DRAFT_STATES,
    "recall": (CapabilityState.SUBMITTED,),
}
_MANAGERS = {
    "confirm": (CapabilityState.PUBLISHED, CapabilityState.STALE),
    "archive": (*DRAFT_STATES, CapabilityState.PUBLISHED, CapabilityState.STALE),
    "reopen": (CapabilityState.ARCHIVED,),
}
_REVIEWERS = {
    "approve": (CapabilityState.SUBMITTED,),
    "return": (CapabilityState.SUBMITTED, CapabilityState.PUBLISHED),
}


def actions_for(user: Viewer, capability: Capability) -> frozenset[str]:
    """Names of the actions that the person may take now."""
    found: set[str] = set()
    for may, table in ((can_edit, _EDITORS), (can_manage, _MANAGERS), (can_review, _REVIEWERS)):
        if may(user, capability):
            found |= {name for name, states in table.items() if capability.state in states}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What its organisation should do next; `is_post` marks a step that is taken by the button itself."""

    label: str
    url: str
    is_post: bool = False
    hint: str = ""


def next_step(capability: Capability) -> NextStep:
    page = reverse("capabilities:detail", args=[capability.public_id])
    edit = reverse("capabilities:edit", args=[capability.public_id])
    confirm = reverse("capabilities:confirm", args=[capability.public_id])
    days_left = (capability.valid_until - clock.today()).days
    if capability.state == CapabilityState.PUBLISHED and days_left <= CONFIRMATION_DUE_DAYS:
        hint = _("还有 %(days)d 天到期") % {"days": days_left} if days_left >= 0 else _("有效期已过，暂不展示")
        return NextStep(_("确认仍有效"), confirm, is_post=True, hint=hint)
    steps = {
        CapabilityState.DRAFT: NextStep(_("继续填写"), edit),
        CapabilityState.RETURNED: NextStep(_("按意见修改"), edit, hint=capability.return_reason),
        CapabilityState.SUBMITTED: NextStep(_("查看进度"), page, hint=_("单位核验通过后自动发布")),
        CapabilityState.PUBLISHED: NextStep(_("看适合的需求"), page),
        CapabilityState.STALE: NextStep(_("确认仍有效"), confirm, is_post=True, hint=_("有效期已过，暂不展示")),
    }
    return steps.get(CapabilityState(capability.state), NextStep(_("查看"), page))
