"""What reading from the top does to a learner: weights learned with and without it in mind, against the true ones.

Cities of 150 needs whose taste is known (`tests/matching/learning/simulated_city.py`), lists by the shipped weights,
five cities each. `distance` is the sum of what lies between learned and true weights; `first ten` is ndcg@10 of the
true worth over each need's whole pool.

    .venv/bin/python -m benchmarks.quality.position_bias [CITIES]
"""

import sys

import numpy as np
from numpy.typing import NDArray

from apps.matching.learning.evaluation import compare, dcg
from apps.matching.learning.feedback import filled, scores
from apps.matching.learning.fitting import learn
from apps.matching.learning.levels import Level
from apps.matching.learning.position import estimate_decay
from tests.matching.learning.simulated_city import SHIPPED, TRUE, City, simulated_city

DECAYS = (0.5, 1.0)

type Floats = NDArray[np.float64]


def main(cities: int) -> None:
    print("decay  found  |  distance: shipped  blind  ours  |  first ten: shipped  blind  ours  |  promoted")
    for decay in DECAYS:
        rows = np.array([_row(simulated_city(seed=seed, decay=decay)) for seed in range(cities)])
        found, *figures, promoted = rows.mean(axis=0)
        told = "  ".join(f"{figure:.3f}" for figure in figures)
        print(f"{decay:5.1f}  {found:5.2f}  |  {told}  |  {promoted * cities:.0f} of {cities}")
    better = sum(_is_promoted(simulated_city(seed=100 + seed, needs=80, true=None)) for seed in range(8 * cities))
    print(f"answers at random: promoted {better} of {8 * cities}")


def _row(city: City) -> list[float]:
    decay = _decay(city)
    weights = (SHIPPED, learn(city.feedback, SHIPPED, 0.0), learn(city.feedback, SHIPPED, decay))
    distances = [float(np.abs(each - TRUE).sum()) for each in weights]
    return [decay, *distances, *(_first_ten(city, each) for each in weights), float(_is_promoted(city))]


def _decay(city: City) -> float:
    feedback = city.feedback
    return estimate_decay(filled(feedback, SHIPPED), feedback.ranks, feedback.levels == Level.INTERESTED)


def _is_promoted(city: City) -> bool:
    return compare(city.feedback, SHIPPED, _decay(city)).is_better


def _first_ten(city: City, weights: Floats) -> float:
    worth = np.clip(city.truth - np.quantile(city.truth, 0.9), 0, None)
    found, needs = scores(city.pool, weights), city.pool.needs
    rows = [needs == need for need in np.unique(needs)]
    return float(np.nanmean([dcg(worth[row], found[row]) / dcg(worth[row], worth[row]) for row in rows]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
