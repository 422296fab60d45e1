"""Train a ranker on what people answered; promote it only if it is better beyond noise."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from apps.accounts.models import User
from apps.matching.learning.collection import Collected, collect
from apps.matching.learning.current import SIGNALS, current_ranker, shipped_weights
from apps.matching.learning.evaluation import Comparison, compare
from apps.matching.learning.feedback import Feedback, filled
from apps.matching.learning.fitting import learn
from apps.matching.learning.levels import Level
from apps.matching.learning.position import estimate_decay
from apps.matching.learning.preferences import preferences
from apps.matching.learning.promotion import ranker_keep, ranker_promote
from apps.matching.models import Ranker

MINIMUM_NEEDS = 40
"""Needs with a preference to learn from. With fewer, an interval that excludes 0 would be luck more often than not."""


class Verdict(StrEnum):
    TOO_FEW = "too_few"
    NOT_BETTER = "not_better"
    BETTER = "better"


@dataclass(frozen=True, slots=True)
class Training:
    """What a training did. `ranker` is the row it wrote: none in a dry run, nor with too few labels.

    `needs` counts those that teach anything; `preferences` the pairs of pairs they give; `decay` is the position bias
    found. Without enough labels nothing is fitted: `weights` are the present ones and `comparison` is None.
    """

    verdict: Verdict
    present: Ranker
    needs: int
    minimum_needs: int
    preferences: int
    labels: dict[str, int]
    left_out: int
    decay: float
    weights: dict[str, float]
    comparison: Comparison | None = None
    ranker: Ranker | None = None

    def evaluation(self) -> dict[str, Any]:
        """The figures, as they are stored with the ranker."""
        figures = {} if self.comparison is None else asdict(self.comparison)
        return {
            "verdict": str(self.verdict),
            "metric": "gain@10",
            "compared_with": str(self.present),
            "needs": self.needs,
            "preferences": self.preferences,
            "position_decay": round(self.decay, 3),
            **{name: _rounded(interval) for name, interval in figures.items()},
        }


def _rounded(interval: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in interval.items()}


def ranker_train(
    *,
    minimum_needs: int = MINIMUM_NEEDS,
    dry_run: bool = False,
    by: User | None = None,
    say: Callable[[str], object] = str,
) -> Training:
    """Fit weights to the answers, compare them with the present ones on needs they were not learned on, and promote.

    `say` is called with each stage: collecting, fitting, comparing, saving. Raises StateConflict where another ranker
    came into use meanwhile.
    """
    present = current_ranker()
    say("collecting")
    training, feedback = _prepared(present, collect(), minimum_needs)
    if training.verdict == Verdict.TOO_FEW:
        return training
    say("fitting")
    weights = weights_of(present)
    learned = learn(feedback, weights, training.decay)
    say("comparing")
    comparison = compare(feedback, weights, training.decay)
    done = replace(
        training,
        verdict=Verdict.BETTER if comparison.is_better else Verdict.NOT_BETTER,
        weights=dict(zip(SIGNALS, learned.tolist(), strict=True)),
        comparison=comparison,
    )
    if dry_run:
        return done
    say("saving")
    return replace(done, ranker=_save(done, by))


def weights_of(ranker: Ranker) -> NDArray[np.float64]:
    """In the order of `SIGNALS`; a signal the ranker does not name has its shipped weight."""
    named = shipped_weights() | ranker.weights
    return np.array([named[name] for name in SIGNALS])


def _prepared(present: Ranker, collected: Collected, minimum_needs: int) -> tuple[Training, Feedback]:
    """What there is to learn from, without the needs that say nothing."""
    weights, everything = weights_of(present), collected.feedback
    seen_by_need = everything.of(everything.shown_to_need)
    decay = estimate_decay(
        filled(seen_by_need, weights),
        seen_by_need.ranks,
        seen_by_need.answered_by_need & (seen_by_need.levels >= Level.INTERESTED),
    )
    told = preferences(everything, decay)
    teaching = np.unique(everything.needs[told.better])
    training = Training(
        verdict=Verdict.TOO_FEW if len(teaching) < max(2, minimum_needs) else Verdict.NOT_BETTER,
        present=present,
        needs=len(teaching),
        minimum_needs=minimum_needs,
        preferences=len(told),
        labels=collected.labels,
        left_out=collected.left_out,
        decay=decay,
        weights=dict(zip(SIGNALS, weights.tolist(), strict=True)),
    )
    return training, everything.of(np.isin(everything.needs, teaching))


@transaction.atomic
def _save(training: Training, by: User | None) -> Ranker:
    """Kept either way, so that what was tried is known; in use only where it is better."""
    ranker = ranker_keep(
        weights=training.weights,
        labels={**training.labels, "left_out": training.left_out},
        evaluation=training.evaluation(),
        by=by,
    )
    if training.verdict == Verdict.BETTER:
        return ranker_promote(ranker=ranker, instead_of=training.present, by=by)
    return ranker
