"""How good a ranking is for one need, given what people judged.

Each metric takes the levels and the places of the judged capabilities of one need, in the same order: a level is 1
(unrelated) to 4 (strongly related), a place is the capability's rank in the whole ranking, counted from 0. The result
lies in 0..1, or is NaN where the metric is not defined; means over needs leave those out.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Places = NDArray[np.int64]

LEVELS = (1, 2, 3, 4)
RELEVANT = 3
"""From this level on a capability counts as found."""


def places_of(scores: Floats) -> Places:
    """The place of each document when ordered by score, best first, counted from 0; ties keep the given order."""
    found = np.empty(len(scores), np.int64)
    found[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return found


def gain(level: int) -> int:
    """What a level is worth: 2^(level - 1) - 1, thus 0, 1, 3, 7 for 1 to 4 (Burges et al., 2005)."""
    return int(2 ** (level - 1) - 1)


def ndcg(levels: Sequence[int], places: Places, depth: int = 10) -> float:
    """Normalised discounted cumulative gain among the judged capabilities (Järvelin and Kekäläinen, 2002).

    DCG = Σ gain_i / log2(i + 1) over i = 1..depth, divided by the DCG of the best order. Unjudged capabilities in
    between are skipped: nobody knows what they are worth. NaN where no level has a gain.
    """
    gains = [gain(level) for level in levels]
    best = _dcg(sorted(gains, reverse=True)[:depth])
    in_order = [gains[row] for row in np.argsort(places, kind="stable")]
    return _dcg(in_order[:depth]) / best if best else math.nan


def recall(levels: Sequence[int], places: Places, depth: int = 50) -> float:
    """The share of the relevant capabilities (level 3 or more) in the first `depth` of the whole ranking.

    NaN where none is relevant.
    """
    relevant = _relevant(levels, places)
    return float(np.mean(relevant < depth)) if len(relevant) else math.nan


def reciprocal_rank(levels: Sequence[int], places: Places) -> float:
    """1 / rank, counted from 1 in the whole ranking, of the first relevant capability (Voorhees, 1999).

    NaN where none is relevant.
    """
    relevant = _relevant(levels, places)
    return 1.0 / (int(relevant.min()) + 1) if len(relevant) else math.nan


def _dcg(gains: Sequence[int]) -> float:
    return sum(value / math.log2(place + 2) for place, value in enumerate(gains))


def _relevant(levels: Sequence[int], places: Places) -> Places:
    return places[np.asarray(levels, np.int64) >= RELEVANT]
