"""A rematch as the platform's staff see it: how far it is, and what may be done with it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.selectors import Viewer
from apps.matching.models import Rematch, RematchScope, RematchState
from apps.matching.permissions import can_rematch_city
from apps.matching.rematches.lifecycle import REMATCH_LIFECYCLE

ACTIONS = {
    "pause": RematchState.PAUSED,
    "resume": RematchState.RUNNING,
    "cancel": RematchState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class RematchView:
    """`actions` are the names of what the viewer may do now; `facts` the counts that are not nought."""

    row: Rematch
    title: str
    cause: str
    percent: int
    facts: tuple[str, ...]
    actions: frozenset[str]

    @property
    def is_running(self) -> bool:
        return self.row.state == RematchState.RUNNING


def rematch_view(rematch: Rematch, viewer: Viewer) -> RematchView:
    return RematchView(
        row=rematch,
        title=title_of(rematch),
        cause=_cause(rematch),
        percent=percent_of(rematch),
        facts=tuple(_facts(rematch)),
        actions=_actions(rematch) if can_rematch_city(viewer) else frozenset(),
    )


def title_of(rematch: Rematch) -> str:
    """What is matched, in words."""
    named: dict[str, Any] = {
        RematchScope.CHAIN: _("产业链“%(name)s”的在榜需求") % {"name": rematch.chain},
        RematchScope.DISTRICT: _("%(name)s的在榜需求") % {"name": rematch.district},
        RematchScope.SINCE: _("%(day)s 以来发布的需求") % {"day": rematch.since},
    }
    return str(named.get(rematch.scope, rematch.get_scope_display()))


def percent_of(rematch: Rematch) -> int:
    """100 only at the end: rows that left the board are not counted, and others take longer."""
    if rematch.state == RematchState.DONE:
        return 100
    return min(99, 100 * rematch.counted // rematch.total) if rematch.total else 0


def _cause(rematch: Rematch) -> str:
    cause = str(rematch.get_cause_display())
    return f"{cause} · {rematch.started_by}" if rematch.started_by else cause


def _facts(rematch: Rematch) -> list[str]:
    told = [_("已匹配 %(done)d / %(total)d") % {"done": rematch.done, "total": rematch.total}]
    if rematch.passed:
        told.append(_("跳过 %(count)d（期间已下架，或修改后另行匹配）") % {"count": rematch.passed})
    if rematch.handed_over:
        told.append(_("出错后转单独处理 %(count)d") % {"count": rematch.handed_over})
    return told


def _actions(rematch: Rematch) -> frozenset[str]:
    return frozenset(name for name, state in ACTIONS.items() if REMATCH_LIFECYCLE.allows(rematch.state, state))
