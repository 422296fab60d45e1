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
    """Gain in the first ten per need, out of fold, of the present and the learned weights; 1 is the best possible."""

    present: Interval
    learned: Interval
    difference: Difference

    @property
    def is_better(self) -> bool:
        """The whole 95 % interval of the difference lies above 0."""
        return self.difference.is_better


def compare(feedback: Feedback, present: Floats, decay: float) -> Comparison:
    """Each need is ordered by weights learned without it.

    A need's figure is its gain in the first ten over the mean over needs of the best possible gain, not over its own:
    weights of answers make gains right on the average of many needs, and a need with one answer, at the top, would
    divide them away again. Measured: benchmarks/quality/position_bias.py.
    """
    of_present, of_learned, best = _out_of_fold(feedback, present, decay)
    mean = np.nanmean(best) if np.isfinite(best).any() else 1.0
    of_present, of_learned = of_present / mean, of_learned / mean
    return Comparison(bootstrap(of_present), bootstrap(of_learned), paired_bootstrap(of_learned, of_present))


def _out_of_fold(feedback: Feedback, present: Floats, decay: float) -> tuple[Floats, Floats, Floats]:
    """Gain in the first ten by need: in the present order, in the learned one, in the best one."""
    gains = gains_of(feedback, decay)
    folds = GroupKFold(min(FOLDS, len(np.unique(feedback.needs))), shuffle=True, random_state=SEED)
    found: list[tuple[float, float, float]] = []
    for learned_on, held_out in folds.split(feedback.values, groups=feedback.needs):
        weights = learn(feedback.of(learned_on), present, decay)
        test = feedback.of(held_out)
        for rows in _needs(test):
            of_need, worth = test.of(rows), gains[held_out][rows]
            orders = (scores(of_need, present), scores(of_need, weights), worth)
            found.append((dcg(worth, orders[0]), dcg(worth, orders[1]), dcg(worth, orders[2])))
    of_present, of_learned, best = np.array(found).T
    return of_present, of_learned, best


def gains_of(feedback: Feedback, decay: float) -> Floats:
    """What each pair is worth. Answers count as they do in learning, or the places would vote for themselves."""
    worth = np.array([GAINS[Level(level)] for level in feedback.levels])
    return np.asarray(np.where(feedback.answered_by_need, worth * weights_of_answers(feedback.ranks, decay), worth))


def dcg(gains: Floats, score: Floats) -> float:
    """Discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002), gains as they are.

    NaN where no order is better than another.
    """
    if not gains.max() > gains.min():
        return float("nan")
    found = gains[np.argsort(-score, kind="stable")][:DEPTH]
    return float((found / np.log2(np.arange(2, len(found) + 2))).sum())


def _needs(feedback: Feedback) -> Iterator[NDArray[np.bool_]]:
    for need in np.unique(feedback.needs):
        yield feedback.needs == need
