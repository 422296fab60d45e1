"""Weights fitted to judgements, tried only on needs they were not fitted to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import KFold

from apps.engine.blend import Signal, score
from apps.engine.metrics import gain

type Floats = NDArray[np.float64]

FOLDS = 5
SEED = 20260101


@dataclass(frozen=True, slots=True)
class JudgedPairs:
    """The judged pairs of one need: their signals' values (pairs × signals), and what their levels are worth."""

    values: Floats
    gains: Floats


def judged_pairs(
    signals: Sequence[Signal], weights: Sequence[float], rows: Sequence[int], levels: Sequence[int]
) -> JudgedPairs:
    """The rows of the judged capabilities; where a signal is missing its value is the pair's score.

    So filled, the score is linear in the weights, and a missing signal teaches nothing. `weights` are those the
    signals were weighed with.
    """
    values = np.stack([signal.values[rows] for signal in signals], axis=1)
    presence = np.stack([signal.weights[rows] for signal in signals], axis=1) / np.array(weights)
    whole = score(signals)[rows, None] / 100
    return JudgedPairs(presence * values + (1 - presence) * whole, np.array([gain(level) for level in levels], float))


def fit_weights(needs: Sequence[JudgedPairs]) -> Floats:
    """Weights, none negative, that sum to 1; all 0 where the judgements teach nothing.

    Least squares of the gains on the values, both taken from their need's mean, as only the order within a need
    matters; every need counts alike, however many pairs it has.
    """
    values = np.concatenate([_centred(need.values) for need in needs])
    gains = np.concatenate([_centred(need.gains) for need in needs])
    share = np.concatenate([np.full(len(need.gains), 1 / len(need.gains)) for need in needs])
    found: Floats = LinearRegression(positive=True, fit_intercept=False).fit(values, gains, share).coef_
    return found / found.sum() if found.any() else found


def folds(count: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Which needs to fit to, and which to try on: each is tried once. None with fewer than two needs."""
    if count >= 2:
        yield from KFold(min(FOLDS, count), shuffle=True, random_state=SEED).split(np.arange(count))


def _centred(values: Floats) -> Floats:
    return np.asarray(values - values.mean(axis=0))
