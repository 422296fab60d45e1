"""What is waited for in a case, as one person sees it: who is to answer, and how much time is left."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.due_times import due_text, is_pressing
from apps.engagements.models import Engagement, Wait, WaitKind
from apps.engagements.permissions import engagement_side
from apps.matching.models import Side


@dataclass(frozen=True, slots=True)
class WaitLine:
    """`may_settle`: it is a message to this person's side, which may say that it asks for no answer."""

    text: str
    left: str
    due_at: datetime
    is_pressing: bool
    is_ours: bool
    is_message: bool
    may_settle: bool


def waits_of(engagement: Engagement, user: User) -> list[WaitLine]:
    """The nearest first. Others than the two sides hear of messages nothing but that one is waited for."""
    own = engagement_side(user, engagement)
    return [_line(wait, own) for wait in Wait.objects.open().filter(engagement=engagement)]


def _line(wait: Wait, own: Side | None) -> WaitLine:
    is_ours = own == wait.side
    return WaitLine(
        text=_text(wait, own),
        left=due_text(wait.due_at),
        due_at=wait.due_at,
        is_pressing=is_pressing(wait.due_at),
        is_ours=is_ours,
        is_message=wait.kind == WaitKind.MESSAGE,
        may_settle=is_ours and wait.kind == WaitKind.MESSAGE,
    )


def _text(wait: Wait, own: Side | None) -> str:
    kind, side = WaitKind(wait.kind), Side(wait.side)
    if own is None:
        sides = {"side": Side(side).label}
        texts = {
            WaitKind.MESSAGE: _("有消息等%(side)s回复"),
            WaitKind.OUTCOME: _("有成效等%(side)s确认"),
            WaitKind.AGREEMENT: _("保密协议等%(side)s确认"),
        }
        return texts[kind] % sides
    ours = {
        WaitKind.MESSAGE: _("技术经纪人的消息等您回复") if wait.asked_by_broker else _("有消息等您回复"),
        WaitKind.OUTCOME: _("有成效等您确认"),
        WaitKind.AGREEMENT: _("保密协议等您确认"),
    }
    theirs = {
        WaitKind.MESSAGE: _("技术经纪人的消息等对方回复") if wait.asked_by_broker else _("您的消息等对方回复"),
        WaitKind.OUTCOME: _("您填报的成效等对方确认"),
        WaitKind.AGREEMENT: _("保密协议等对方确认"),
    }
    return ours[kind] if own == side else theirs[kind]
