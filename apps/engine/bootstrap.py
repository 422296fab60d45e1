"""How sure a mean over needs is, and a difference of two: the percentile bootstrap (Efron and Tibshirani, 1993).

Needs are drawn with replacement, as many as there are, again and again; the middle 95 % of the means so drawn is the
interval. The draws are seeded: the same values give the same interval.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

RESAMPLES = 10_000
CONFIDENCE = 0.95
SEED = 20260101
_MOST_DRAWN = 2_000_000
"""Rows drawn at once: what bounds the memory."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over `count` needs and the bounds of its interval; all NaN where there is no need."""

    mean: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Difference(Interval):
    """The mean of a - b over needs; `p_value` is two-sided: how often chance alone would turn the sign."""

    p_value: float

    @property
    def is_better(self) -> bool:
        """Whether a is better than b beyond noise: the whole interval lies above 0."""
        return self.low > 0


def bootstrap(
    values: Sequence[float] | Floats, *, resamples: int = RESAMPLES, confidence: float = CONFIDENCE, seed: int = SEED
) -> Interval:
    """The mean of one metric over needs with its interval. NaN values (needs without a figure) are left out."""
    kept = np.asarray(values, np.float64)
    kept = kept[~np.isnan(kept)]
    low, high = _bounds(_means(kept, resamples, seed), confidence)
    return Interval(_mean(kept), low, high, len(kept))


def paired_bootstrap(
    a: Sequence[float] | Floats,
    b: Sequence[float] | Floats,
    *,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
    seed: int = SEED,
) -> Difference:
    """How much better a is than b, need by need: both hold one metric of the same needs in the same order.

    Drawing pairs removes what makes a need easy or hard for both (Sakai, 2006). Pairs with a NaN are left out.
    Raises ValueError when the lengths differ.
    """
    left, right = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if left.shape != right.shape:
        raise ValueError("a and b must hold the same needs")
    gaps = left - right
    gaps = gaps[~np.isnan(gaps)]
    means = _means(gaps, resamples, seed)
    low, high = _bounds(means, confidence)
    return Difference(_mean(gaps), low, high, len(gaps), _p_value(means))


def _means(values: Floats, resamples: int, seed: int) -> Floats:
    return np.concatenate([np.empty(0), *_draws(values, resamples, seed)])


def _draws(values: Floats, resamples: int, seed: int) -> Iterator[Floats]:
    """The means of the draws, in portions."""
    chance = np.random.default_rng(seed)
    portion = max(1, _MOST_DRAWN // max(1, len(values)))
    for begin in range(0, resamples if len(values) else 0, portion):
        size = (min(portion, resamples - begin), len(values))
        yield values[chance.integers(0, len(values), size)].mean(axis=1)


def _bounds(means: Floats, confidence: float) -> tuple[float, float]:
    if not len(means):
        return float("nan"), float("nan")
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _p_value(means: Floats) -> float:
    """Twice the smaller tail beyond 0, at most 1; a tail is never 0, as only so many draws were made."""
    if not len(means):
        return float("nan")
    tail = (min(int((means <= 0).sum()), int((means >= 0).sum())) + 1) / (len(means) + 1)
    return min(1.0, 2 * tail)
