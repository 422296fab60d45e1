"""Why a pair was proposed, in pieces that read the same from either side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS_SHOWN_ELSEWHERE = ("for_need", "for_capability", "indicator_met", "indicator_missed")
"""The sentences stand above the grounds, indicators in their own table."""

ICONS = {"shared_terms": "chat-left-text", "shared_tags": "tag"}
LABELS = {
    "双方都涉及": _("双方都涉及"),
    "叫法不同、所指相同": _("叫法不同、所指相同"),
    "共同标签": _("共同标签"),
    "同属技术领域": _("同属技术领域"),
    "同属产业链": _("同属产业链"),
    "方向相近": _("方向相近"),
}
"""How the engine's sentences begin, in the reader's language; what follows quotes the two texts."""


@dataclass(frozen=True, slots=True)
class Ground:
    """`label`, and either `terms` to show as chips or a `text` to show as it is."""

    icon: str
    label: Any
    terms: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of the need against the capability. `status` is met, missed or unknown.

    `was_read`: what is offered stands in the capability's description, not among its indicators.
    """

    status: str
    name: str
    asked: str
    offered: str
    finding: Any
    is_hard: bool
    was_read: bool = False

    @property
    def icon(self) -> str:
        return {"met": "check-circle-fill", "missed": "x-circle-fill"}.get(self.status, "question-circle")


def grounds(reasons: Sequence[Mapping[str, Any]]) -> list[Ground]:
    """From the engine's JSON, without the sentences and what the table of indicators shows."""
    return [_ground(reason) for reason in reasons if reason["kind"] not in KINDS_SHOWN_ELSEWHERE]


def _ground(reason: Mapping[str, Any]) -> Ground:
    """A sentence that only lists its terms becomes chips; the engine's other sentences speak from the need's side."""
    beginning, _colon, rest = str(reason["text"]).partition("：")
    label = LABELS.get(beginning, beginning)
    icon = ICONS.get(reason["kind"], "info-circle-fill")
    terms = tuple(reason["terms"])
    if rest == "、".join(terms):
        return Ground(icon, label, terms)
    return Ground(icon, label, (), rest.replace("对方为", "供给方为"))


def indicator_lines(verdicts: Sequence[Mapping[str, Any]]) -> list[IndicatorLine]:
    """From the engine's JSON, hard indicators first."""
    lines = [
        IndicatorLine(
            status=verdict["status"],
            name=verdict["name"],
            asked=verdict.get("asked", ""),
            offered=verdict.get("offered", ""),
            finding=_finding(verdict),
            is_hard=verdict["is_hard"],
            was_read=verdict.get("was_read", False),
        )
        for verdict in verdicts
    ]
    return sorted(lines, key=lambda line: not line.is_hard)


def _finding(verdict: Mapping[str, Any]) -> Any:
    if verdict["status"] == "met":
        return _("满足")
    if verdict["status"] == "missed":
        return verdict.get("finding", "")
    return _("需双方确认") if verdict.get("offered") else _("未写明")
