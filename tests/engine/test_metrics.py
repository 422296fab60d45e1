"""The metrics agree with scikit-learn and with sums done by hand."""

import math

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from apps.engine.metrics import gain, ndcg, places_of, recall, reciprocal_rank


def test_ndcg_agrees_with_scikit_learn_on_random_rankings() -> None:
    chance = np.random.default_rng(1)
    for count in (2, 5, 10, 11, 40):
        levels = [*chance.integers(1, 5, count - 1).tolist(), 4]
        places = chance.permutation(500)[:count]
        theirs = ndcg_score([[gain(level) for level in levels]], [-places], k=10)
        assert ndcg(levels, places) == pytest.approx(theirs)


def test_ndcg_by_hand() -> None:
    # In order of place: levels 2, 4, 1; the best order is 4, 2, 1.
    got = 1 + 7 / math.log2(3)
    best = 7 + 1 / math.log2(3)
    assert ndcg([4, 2, 1], np.array([9, 3, 20])) == pytest.approx(got / best)


def test_capabilities_nobody_judged_do_not_lower_ndcg() -> None:
    assert ndcg([4, 1], np.array([4000, 4001])) == 1.0


def test_recall_counts_levels_three_and_four_in_the_first_fifty_of_all() -> None:
    assert recall([4, 3, 2, 3], np.array([0, 49, 1, 50])) == pytest.approx(2 / 3)


def test_reciprocal_rank_is_of_the_first_relevant_one() -> None:
    assert reciprocal_rank([2, 3, 4], np.array([0, 7, 3])) == 0.25


def test_a_need_without_gain_or_relevant_capability_has_no_figure() -> None:
    places = np.array([0, 1])
    assert math.isnan(ndcg([1, 1], places))
    assert ndcg([2, 1], places) == 1.0
    assert math.isnan(recall([2, 1], places))
    assert math.isnan(reciprocal_rank([2, 1], places))


def test_ties_keep_the_given_order() -> None:
    assert places_of(np.array([0.5, 0.9, 0.5, 0.0])).tolist() == [1, 0, 2, 3]
