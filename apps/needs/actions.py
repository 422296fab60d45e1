"""What a person may do with a need as it stands now: the buttons of its page, and the next step in lists."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.selectors import Viewer
from apps.core import clock
from apps.needs.models import EDITABLE_STATES, OPEN_STATES, Need, NeedState
from apps.needs.permissions import can_edit, can_manage, can_review
from apps.needs.renewals import RENEWAL_DUE_DAYS
from apps.needs.services.drafts import DRAFT_STATES
from apps.needs.services.upkeep import CLOSABLE_STATES, RENEWABLE_STATES, REOPENABLE_STATES

# For each action: the states it starts from, and who may.
_EDITORS = {
    "edit": EDITABLE_STATES,
    "publish": DRAFT_STATES,
    "recall": (NeedState.SUBMITTED,),
}
_MANAGERS = {
    "renew": RENEWABLE_STATES,
    "close": CLOSABLE_STATES,
    "reopen": REOPENABLE_STATES,
    "solve": (NeedState.ENGAGED,),
}
_REVIEWERS = {
    "approve": (NeedState.SUBMITTED,),
    "return": (NeedState.SUBMITTED, NeedState.PUBLISHED),
}


def actions_for(user: Viewer, need: Need) -> frozenset[str]:
    """Names of the actions that the person may take now."""
    found: set[str] = set()
    for may, table in ((can_edit, _EDITORS), (can_manage, _MANAGERS), (can_review, _REVIEWERS)):
        if may(user, need):
            found |= {name for name, states in table.items() if need.state in states}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What its organisation should do next; `is_post` marks a step that is taken by the button itself."""

    label: str
    url: str
    is_post: bool = False
    hint: str = ""


def next_step(need: Need) -> NextStep:
    page = reverse("needs:detail", args=[need.public_id])
    edit = reverse("needs:edit", args=[need.public_id])
    renew = reverse("needs:renew", args=[need.public_id])
    days_left = (need.valid_until - clock.today()).days
    if need.state in OPEN_STATES and days_left <= RENEWAL_DUE_DAYS:
        hint = _("还有 %(days)d 天到期") % {"days": days_left} if days_left >= 0 else _("有效期已过")
        return NextStep(_("续期 90 天"), renew, is_post=True, hint=hint)
    steps = {
        NeedState.DRAFT: NextStep(_("继续填写"), edit),
        NeedState.RETURNED: NextStep(_("按意见修改"), edit, hint=need.return_reason),
        NeedState.SUBMITTED: NextStep(_("查看进度"), page, hint=_("单位核验通过后自动发布")),
        NeedState.PUBLISHED: NextStep(_("查看推荐"), page),
        NeedState.ENGAGED: NextStep(_("查看对接"), page),
        NeedState.EXPIRED: NextStep(_("续期 90 天"), renew, is_post=True, hint=_("已过期，不再展示和匹配")),
    }
    return steps.get(NeedState(need.state), NextStep(_("查看"), page))
