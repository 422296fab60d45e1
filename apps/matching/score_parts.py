"""The score as people read it: its parts with their shares, adding up to the points shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

MEANINGS = {
    "words": (_("词语"), _("双方共用的词语有多少、是不是这一行的关键词")),
    "bigrams": (_("字串"), _("文字逐字比对的重合程度，“防锈”与“除锈”这样只差一字的也能认出")),
    "semantics": (_("语义"), _("双方整段话的意思有多接近，用词完全不同也能认出")),
    "tags": (_("标签"), _("产业链、技术领域和标签相同或相近的程度")),
    "indicators": (_("指标"), _("需求写明的技术指标，对应资源满足了多少")),
}


@dataclass(frozen=True, slots=True)
class ScorePart:
    """`fit_percent` × `weight_percent` gives `points`; `offset` is where its bar begins on a scale of 100.

    A part that one of the sides says nothing about is not counted, and its weight goes to the others.
    """

    name: str
    label: Any
    meaning: Any
    is_counted: bool
    fit_percent: int
    weight_percent: int
    points: float
    offset: float


def score_parts(parts: Sequence[Mapping[str, Any]], *, decimals: int = 1) -> list[ScorePart]:
    """From the engine's JSON. Points are rounded so that those shown add up to the total shown."""
    shown: list[ScorePart] = []
    exact = rounded = 0.0
    for part in parts:
        exact += part["contribution"]
        before, rounded = rounded, round(exact, decimals)
        label, meaning = MEANINGS[part["name"]]
        shown.append(
            ScorePart(
                name=part["name"],
                label=label,
                meaning=meaning,
                is_counted=part["weight"] > 0,
                fit_percent=round(100 * part["value"]),
                weight_percent=round(100 * part["weight"]),
                points=round(rounded - before, decimals),
                offset=before,
            )
        )
    return shown
