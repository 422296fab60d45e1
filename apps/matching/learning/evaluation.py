"""Whether learned weights order unseen needs better than the present ones, beyond noise."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from apps.engine.bootstrap import Difference, Interval, bootstrap, paired_bootstrap
from apps.matching.learning.feedback import Feedback, scores
from apps.matching.learning.fitting import learn
from apps.matching.learning.levels import GAINS, Level
from apps.matching.learning.position import weights_of_answers

type Floats = NDArray[np.float64]

FOLDS = 5
DEPTH = 10
SEED = 20260101


@dataclass(frozen=True, slots=True)
class Comparison:
    """ndcg@10 per need, out of fold, of the present and the learned weights."""

    present: Interval
    learned: Interval
    difference: Difference

    @property
    def is_better(self) -> bool:
        """The whole 95 % interval of the difference lies above 0."""
        return self.difference.is_better


def compare(feedback: Feedback, present: Floats, decay: float) -> Comparison:
    """Each need is ordered by weights learned without it."""
    of_present, of_learned = _out_of_fold(feedback, present, decay)
    return Comparison(bootstrap(of_present), bootstrap(of_learned), paired_bootstrap(of_learned, of_present))


def _out_of_fold(feedback: Feedback, present: Floats, decay: float) -> tuple[list[float], list[float]]:
    gains = gains_of(feedback, decay)
    folds = GroupKFold(min(FOLDS, len(np.unique(feedback.needs))), shuffle=True, random_state=SEED)
    of_present: list[float] = []
    of_learned: list[float] = []
    for learned_on, held_out in folds.split(feedback.values, groups=feedback.needs):
        weights = learn(feedback.of(learned_on), present, decay)
        test = feedback.of(held_out)
        for rows in _needs(test):
            of_need, worth = test.of(rows), gains[held_out][rows]
            of_present.append(ndcg(worth, scores(of_need, present)))
            of_learned.append(ndcg(worth, scores(of_need, weights)))
    return of_present, of_learned


def gains_of(feedback: Feedback, decay: float) -> Floats:
    """What each pair is worth. Answers count as they do in learning, or the places would vote for themselves."""
    worth = np.array([GAINS[Level(level)] for level in feedback.levels])
    return np.asarray(np.where(feedback.answered_by_need, worth * weights_of_answers(feedback.ranks, decay), worth))


def ndcg(gains: Floats, score: Floats) -> float:
    """Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002), gains as they are.

    NaN where no order is better than another.
    """
    discounts = 1 / np.log2(np.arange(2, min(DEPTH, len(gains)) + 2))
    best = np.sort(gains)[::-1]
    if not best[0] > best[-1]:
        return float("nan")
    found = gains[np.argsort(-score, kind="stable")]
    return float((found[: len(discounts)] * discounts).sum() / (best[: len(discounts)] * discounts).sum())


def _needs(feedback: Feedback) -> Iterator[NDArray[np.bool_]]:
    for need in np.unique(feedback.needs):
        yield feedback.needs == need
