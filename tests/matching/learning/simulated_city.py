"""A city whose taste is known: people read lists from the top, and accept what the true weights call good."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching.learning.feedback import Feedback, scores
from apps.matching.learning.levels import Level

type Floats = NDArray[np.float64]

SHIPPED: Floats = np.array([0.2, 0.4, 0.1, 0.2, 0.1])
TRUE: Floats = np.array([0.05, 0.1, 0.5, 0.3, 0.05])
SHOWN = 20
POOL = 120


@dataclass(frozen=True)
class City:
    """What the learner sees, and for each need's whole pool what is true."""

    feedback: Feedback
    pool: Feedback
    truth: Floats


def simulated_city(*, seed: int, needs: int = 150, decay: float = 1.0, true: Floats | None = TRUE) -> City:
    """Lists made by the shipped weights; `true` None is a city that answers at random."""
    chance = np.random.default_rng(seed)
    pool = _pool(chance, needs)
    truth = chance.random(len(pool)) if true is None else scores(pool, true)
    shown, ranks = _lists(pool)
    worth = truth[shown]
    likes = 1 / (1 + np.exp(-14 * (worth - np.quantile(truth, 0.93))))
    is_read = chance.random(len(shown)) < ranks**-decay
    accepted = is_read & (chance.random(len(shown)) < likes)
    declined = is_read & ~accepted & (chance.random(len(shown)) < 0.3 * (1 - likes))
    return City(_seen(pool.of(shown), ranks, accepted, declined), pool, truth)


def _pool(chance: np.random.Generator, needs: int) -> Feedback:
    """Signals of a pair go together, as they do in life: each is the pair's subject and noise of its own."""
    count = needs * POOL
    subject = chance.beta(1.5, 4, count)[:, None]
    values = np.clip(subject + chance.normal(0, 0.18, (count, len(SHIPPED))), 0, 1)
    presence = np.ones_like(values)
    presence[:, 3] = chance.random(count) < 0.8
    presence[:, 4] = np.where(chance.random(count) < 0.3, values[:, :2].mean(axis=1), 0)
    nobody = np.zeros(count, np.bool_)
    return Feedback(
        values=values,
        presence=presence,
        needs=np.repeat(np.arange(needs), POOL),
        levels=np.full(count, int(Level.PASSED_OVER)),
        ranks=np.full(count, np.nan),
        shown_to_need=nobody,
        shown_to_capability=nobody,
        answered_by_need=nobody,
        answered_by_capability=nobody,
    )


def _lists(pool: Feedback) -> tuple[NDArray[np.int64], Floats]:
    """Row numbers of the first twenty of each need by the shipped weights, and their places."""
    by_need = scores(pool, SHIPPED).reshape(-1, POOL)
    best = np.argsort(-by_need, axis=1, kind="stable")[:, :SHOWN]
    rows = best + np.arange(len(by_need))[:, None] * POOL
    return rows.ravel(), np.tile(np.arange(1.0, SHOWN + 1), len(by_need))


def _seen(shown: Feedback, ranks: Floats, accepted: NDArray[np.bool_], declined: NDArray[np.bool_]) -> Feedback:
    levels = np.where(accepted, Level.INTERESTED, np.where(declined, Level.DECLINED, Level.PASSED_OVER))
    everywhere, nowhere = np.ones(len(shown), np.bool_), np.zeros(len(shown), np.bool_)
    return Feedback(
        values=shown.values,
        presence=shown.presence,
        needs=shown.needs,
        levels=levels.astype(np.int64),
        ranks=ranks,
        shown_to_need=everywhere,
        shown_to_capability=nowhere,
        answered_by_need=accepted | declined,
        answered_by_capability=nowhere,
    )
