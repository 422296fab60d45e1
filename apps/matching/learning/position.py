"""Position bias: what stands high in a list is read more often, whatever it is worth.

The chance that a place is read at all is taken as `rank ** -decay` (Joachims, Swaminathan and Schnabel, "Unbiased
learning-to-rank with biased feedback", WSDM 2017). An answer at a place counts 1 / that chance: answers given far down
stand for the many that were never given there.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

type Floats = NDArray[np.float64]

ASSUMED_DECAY = 1.0
"""What is believed before there are answers; 1 is what the literature finds for lists of results."""
ANSWERS_BELIEVED = 30
"""As many answers weigh as much as the assumption."""
STEEPEST = 2.0
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

    Odds of an acceptance = exp(features · w) · rank ** -decay: with the place beside the features in one logistic
    regression, its coefficient is what the place does for equal features. Drawn towards the assumption while answers
    are few, and kept within 0 and `STEEPEST`.
    """
    known = ~np.isnan(ranks)
    taken = accepted[known]
    if not taken.any() or taken.all():
        return ASSUMED_DECAY
    columns = np.column_stack([features[known], -np.log(ranks[known])])
    found = float(LogisticRegression(C=10.0, max_iter=1000).fit(columns, taken).coef_[0, -1])
    answers = int(taken.sum())
    drawn = (answers * found + ANSWERS_BELIEVED * ASSUMED_DECAY) / (answers + ANSWERS_BELIEVED)
    return float(np.clip(drawn, 0.0, STEEPEST))
