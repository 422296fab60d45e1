"""Reads the feedback there is: proposals that somebody saw or answered, scored by this version of the engine."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q

from apps.engine.matcher import ENGINE_VERSION
from apps.matching.learning.current import SIGNALS, shipped_weights
from apps.matching.learning.feedback import Feedback
from apps.matching.learning.label_sources import later_levels
from apps.matching.learning.levels import Level, level_of
from apps.matching.models import Proposal, ProposalState, Ranker, Side

WHO_DECLINED_WHY = ("declined_side", "decline_reason__code")
COLUMNS = (
    "pk",
    "need_id",
    "parts",
    "ranker_id",
    "rank",
    "need_viewed_rank",
    "need_viewed_at",
    "capability_viewed_at",
    "need_accepted_at",
    "capability_accepted_at",
    *WHO_DECLINED_WHY,
)


@dataclass(frozen=True, slots=True)
class Collected:
    """`labels`: how many pairs of each level; `left_out`: seen pairs whose answer says nothing of the fit."""

    feedback: Feedback
    labels: dict[str, int]
    left_out: int


def collect() -> Collected:
    """Every labelled pair, in the order of needs. Of needs where nobody answered nothing can be learned: not read."""
    seen = Proposal.objects.filter(engine_version=ENGINE_VERSION).filter(
        Q(need_viewed_at__isnull=False)
        | Q(capability_viewed_at__isnull=False)
        | Q(need_accepted_at__isnull=False)
        | Q(capability_accepted_at__isnull=False)
        | Q(state=ProposalState.DECLINED)
    )
    answered = seen.filter(
        Q(need_accepted_at__isnull=False) | Q(capability_accepted_at__isnull=False) | Q(state=ProposalState.DECLINED)
    )
    rows = seen.filter(need__in=answered.values("need")).order_by("need_id", "pk").values(*COLUMNS)
    later, weights = later_levels(), _weights_of_rankers()
    found, left_out = [], 0
    for row in rows.iterator(chunk_size=2000):
        level = _level(row, later)
        if level is None:
            left_out += 1
        else:
            found.append(_example(row, level, weights[row["ranker_id"]]))
    labels = Counter(Level(example["levels"]).name.lower() for example in found)
    return Collected(_table(found), dict(labels), left_out)


def _weights_of_rankers() -> dict[int | None, dict[str, float]]:
    """By primary key; pairs from before rankers were kept have the shipped weights."""
    known: dict[int | None, dict[str, float]] = {None: shipped_weights()}
    return known | {ranker.pk: ranker.weights for ranker in Ranker.objects.all()}


def _level(row: Mapping[str, Any], later: Mapping[int, Level]) -> Level | None:
    if row["pk"] in later:
        return later[row["pk"]]
    return level_of(
        need_accepted=row["need_accepted_at"] is not None,
        capability_accepted=row["capability_accepted_at"] is not None,
        decline_reason=row["decline_reason__code"] or "",
    )


def _example(row: Mapping[str, Any], level: Level, weights: Mapping[str, float]) -> dict[str, Any]:
    """One row of `Feedback`, by its columns."""
    values, presence = _signals(row["parts"], weights)
    is_declined = level == Level.DECLINED
    by_need = row["declined_side"] == Side.NEED if is_declined else row["need_accepted_at"] is not None
    by_capability = (
        row["declined_side"] == Side.CAPABILITY if is_declined else row["capability_accepted_at"] is not None
    )
    place = row["need_viewed_rank"] or row["rank"]
    return {
        "values": values,
        "presence": presence,
        "needs": row["need_id"],
        "levels": int(level),
        "ranks": np.nan if place is None or row["need_viewed_at"] is None else float(place),
        "shown_to_need": row["need_viewed_at"] is not None or by_need,
        "shown_to_capability": row["capability_viewed_at"] is not None or by_capability,
        "answered_by_need": by_need,
        "answered_by_capability": by_capability,
    }


def _signals(parts: list[dict[str, Any]], weights: Mapping[str, float]) -> tuple[list[float], list[float]]:
    """Values, and how far each signal counted.

    A part's stored weight is its share of the pair's whole. Shares divided by the ranker's weights are how far each
    signal counted, up to a factor that makes the fullest 1.
    """
    by_name = {part["name"]: part for part in parts}
    counted = {
        name: by_name[name]["weight"] / weights[name] if name in by_name and weights.get(name) else 0.0
        for name in SIGNALS
    }
    most = max(counted.values()) or 1.0
    return (
        [by_name[name]["value"] if name in by_name else 0.0 for name in SIGNALS],
        [min(1.0, counted[name] / most) for name in SIGNALS],
    )


def _table(examples: list[dict[str, Any]]) -> Feedback:
    def column(name: str, kind: type) -> Any:
        return np.array([example[name] for example in examples], dtype=kind)

    flags = ("shown_to_need", "shown_to_capability", "answered_by_need", "answered_by_capability")
    return Feedback(
        values=column("values", np.float64).reshape(-1, len(SIGNALS)),
        presence=column("presence", np.float64).reshape(-1, len(SIGNALS)),
        needs=column("needs", np.int64),
        levels=column("levels", np.int64),
        ranks=column("ranks", np.float64),
        **{name: column(name, np.bool_) for name in flags},
    )
