"""Position bias: what stands high in a list is read more often, whatever it is worth.

The chance that a place is read at all is taken as `rank ** -decay` (Joachims, Swaminathan and Schnabel, "Unbiased
learning-to-rank with biased feedback", WSDM 2017). An answer at a place counts 1 / that chance: answers given far down
stand for the many that were never given there.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

type Floats = NDArray[np.float64]

ASSUMED_DECAY = 1.0
"""What is believed before there are answers; 1 is what the literature finds for lists of results."""
ANSWERS_BELIEVED = 30
"""As many answers weigh as much as the assumption."""
STEEPEST = 2.0
PENALTY = 0.01
"""On the squared coefficients, so that they stay finite where the answers can be told apart without error."""
MOST = 10.0
"""No answer counts more than this many, so that one far down cannot decide everything."""


def chance_of_being_read(ranks: Floats, decay: float) -> Floats:
    """For places counted from 1; NaN (no place known) counts as read."""
    return np.asarray(np.where(np.isnan(ranks), 1.0, np.nan_to_num(ranks, nan=1.0) ** -decay))


def weights_of_answers(ranks: Floats, decay: float) -> Floats:
    """How much an answer at each place counts: 1 at the top, at most `MOST`."""
    return np.minimum(1 / chance_of_being_read(ranks, decay), MOST)


def estimate_decay(features: Floats, ranks: Floats, accepted: NDArray[np.bool_]) -> float:
    """How steeply reading falls off, from pairs that were shown at a place and accepted there or not.

    P(accepted) = rank ** -decay * logistic(features · w + b), all fitted together by maximum likelihood: for equal
    features, what differs is the place. Drawn towards the assumption while answers are few, and kept within 0 and
    `STEEPEST`.
    """
    known = ~np.isnan(ranks)
    taken, logs = accepted[known], np.log(ranks[known])
    if not taken.any() or taken.all() or not logs.any():
        return ASSUMED_DECAY
    columns = np.column_stack([features[known], np.ones(len(logs))])
    start = np.append(np.zeros(columns.shape[1]), ASSUMED_DECAY)
    found = minimize(_surprise, start, args=(columns, logs, taken), method="L-BFGS-B", jac=True).x[-1]
    answers = int(taken.sum())
    drawn = (answers * found + ANSWERS_BELIEVED * ASSUMED_DECAY) / (answers + ANSWERS_BELIEVED)
    return float(np.clip(drawn, 0.0, STEEPEST))


def _surprise(knobs: Floats, columns: Floats, logs: Floats, taken: NDArray[np.bool_]) -> tuple[float, Floats]:
    """The negative log-likelihood with a slight penalty on the coefficients, and its gradient."""
    coefficients, decay = knobs[:-1], knobs[-1]
    liked = expit(columns @ coefficients)
    chance = np.clip(np.exp(-decay * logs) * liked, 1e-9, 1 - 1e-9)
    loss = -np.log(np.where(taken, chance, 1 - chance)).sum() + PENALTY * (coefficients**2).sum()
    by_log_chance = np.where(taken, -1.0, chance / (1 - chance))
    slope = columns.T @ (by_log_chance * (1 - liked)) + 2 * PENALTY * coefficients
    return float(loss), np.append(slope, -(by_log_chance * logs).sum())
