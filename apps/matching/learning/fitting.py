"""Weights from preferences: logistic regression on differences, none negative, drawn to the present ones."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from apps.matching.learning.feedback import Feedback, filled
from apps.matching.learning.preferences import preferences

type Floats = NDArray[np.float64]

ROUNDS = 4
"""What stands in for missing values depends on the weights: found in turns, which settle within three."""
PENALTY_C = 1.0
NEEDS_BELIEVED = 20
"""As many needs weigh as much as the weights in use."""
LEAST_SHARE = 0.02
"""No signal that is in use falls below this share of the whole: what is not computed could never be learned again."""


def learn(feedback: Feedback, present: Floats, decay: float) -> Floats:
    """Weights for the signals, none negative, with the sum of `present`, which they are drawn to.

    RankNet's loss on pairs of one need (Burges et al., 2005) for a linear score, with `preferences`' weights. Signals
    that no pair has, and those switched off, keep their share.
    """
    told = preferences(feedback, decay)
    free = (present > 0) & (feedback.presence > 0).any(axis=0)
    if not len(told) or free.sum() < 2:
        return present
    weights = present / present.sum()
    kept_share = weights[~free].sum()
    for _round in range(ROUNDS):
        values = filled(feedback, weights)
        differences = values[told.better] - values[told.worse]
        found = np.zeros_like(weights)
        found[free] = _without_negatives(differences[:, free], told.weights)
        if not found.any():
            return present
        weights = np.where(free, found / found.sum() * (1 - kept_share), weights)
    return _drawn_back(weights, present, needs=len(np.unique(feedback.needs[told.better])))


def _without_negatives(differences: Floats, weights: Floats) -> Floats:
    """Coefficients of a logistic regression without intercept; the most negative signal is left out until none is.

    Each difference is there twice, once in either direction, so that both answers occur.
    """
    columns = np.arange(differences.shape[1])
    coefficients = np.zeros(differences.shape[1])
    mirrored = np.concatenate([differences, -differences])
    answers = np.repeat([1, 0], len(differences))
    importance = np.tile(weights / weights.mean(), 2)
    while len(columns):
        model = LogisticRegression(C=PENALTY_C, fit_intercept=False, max_iter=1000)
        found = model.fit(mirrored[:, columns], answers, sample_weight=importance).coef_[0]
        if (found >= 0).all():
            coefficients[columns] = found
            break
        columns = np.delete(columns, found.argmin())
    return coefficients


def _drawn_back(found: Floats, present: Floats, *, needs: int) -> Floats:
    share = needs / (needs + NEEDS_BELIEVED)
    start = present / present.sum()
    mixed = share * found + (1 - share) * start
    mixed = np.where(start > 0, np.maximum(mixed, LEAST_SHARE), 0.0)
    return np.asarray(np.round(mixed / mixed.sum() * present.sum(), 4))
