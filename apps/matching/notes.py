"""What moved a pair in a need's list besides its score, and how that is said to either side."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.matching.models import Side

PICKED = "picked"
"""Somebody chose the pair by hand from what was found under conditions; `about` tells who (`lookup.services`)."""


@dataclass(frozen=True, slots=True)
class Note:
    """`points` (0 or less) move the pair in the list; its score stays what it is. `about` is a title or a name."""

    kind: str
    points: float = 0.0
    about: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "points": self.points, "about": self.about}


def standing(score: float, notes: Iterable[Mapping[str, Any]]) -> float:
    """What a need's list is ordered by: the score and what moves the pair; from a proposal's columns."""
    return round(score + sum(float(note["points"]) for note in notes), 6)


def picked_note(notes: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The note that keeps a pair listed because a person chose it; from a proposal's column."""
    return next((note for note in notes if note["kind"] == PICKED), None)


def note_text(note: Mapping[str, Any], side: str | None, costly: Collection[str]) -> str:
    """One sentence for the reader's side (None: staff and brokers); empty where it is not that side's business.

    `costly` are the kinds that cost the pair its place (`places.costs_of`): of no other is it said that it did.
    """
    kind = note["kind"]
    if kind == PICKED:
        return _picked_text(note["about"], side)
    if side == Side.CAPABILITY:
        return "" if kind == "exposure" and kind not in costly else _to_capability(kind, {"about": note["about"]})
    return "" if note["points"] and kind not in costly else _to_need(kind, {"about": note["about"]})


def _to_need(kind: str, said: Mapping[str, str]) -> str:
    """What a side declined before is its own business: these sentences are never shown to the other one."""
    return {
        "field_mismatch": _("与此前因“领域不符”婉拒的“%(about)s”方向相近，名次后移"),
        "indicator_short": _("“%(about)s”同样没有达到要求，名次后移"),
        "maturity_low": _("成熟度不高于此前因“成熟度不够”婉拒的“%(about)s”，名次后移"),
        "region": _("与此前因地域婉拒的“%(about)s”在同一地区，名次后移"),
        "has_partner": _("与此前因“已有合作方”婉拒的“%(about)s”同属一家单位，名次后移"),
        "insufficient_info": _("介绍与此前因“信息不足”婉拒的“%(about)s”一样简短，名次后移"),
        "ip_concern": _("知识产权状态与此前因“知识产权顾虑”婉拒的“%(about)s”相同，名次后移"),
        "no_capacity": _("对方近期精力有限，名次后移"),
        "exposure": _("对方已在较多需求的推荐名单中，名次后移"),
        "exposure_full": _("对方的推荐已达上限，暂不列入名单"),
        "same_group": _("与名单中的“%(about)s”内容相近，合并展示"),
    }.get(kind, "") % said


def _to_capability(kind: str, said: Mapping[str, str]) -> str:
    return {
        "no_capacity": _("贵单位近期表示暂无精力，平台三十天内减少推荐"),
        "exposure": _("贵单位已在较多需求的推荐名单中，在这条需求里名次后移"),
        "exposure_full": _("贵单位的推荐已达上限，没有列入这条需求的名单；您仍可主动接受"),
    }.get(kind, "") % said


def _picked_text(who: str, side: str | None) -> str:
    if side == Side.CAPABILITY:
        return {
            "need": _("需求方按条件查找后，主动选中了这项资源"),
            "broker": _("技术经纪人按条件查找后，选中了这项资源"),
        }.get(who, _("平台按条件查找后，选中了这项资源"))
    return {
        "need": _("需求方按条件查找后加入名单"),
        "broker": _("技术经纪人按条件查找后加入名单"),
    }.get(who, _("平台工作人员按条件查找后加入名单"))
