"""Weights fitted to judgements."""

import numpy as np
import pytest

from apps.engine.blend import Signal
from apps.matching.evaluation.fitting import JudgedPairs, fit_weights, folds, judged_pairs


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(11)


def need(chance: np.random.Generator, *, share: float, easy: float = 0.0) -> JudgedPairs:
    """Ten pairs whose gain follows two signals, `share` of it the first; the third is noise, the fourth misleads."""
    values = chance.random((10, 4))
    gains = 7 * (share * values[:, 0] + (1 - share) * values[:, 1])
    values[:, 3] = 1 - gains / 7
    return JudgedPairs(values + easy, gains)


def test_fitting_finds_what_the_levels_follow(chance: np.random.Generator) -> None:
    weights = fit_weights([need(chance, share=0.7) for _ in range(50)])
    assert weights == pytest.approx([0.7, 0.3, 0.0, 0.0], abs=0.02)


def test_a_need_whose_pairs_all_score_high_teaches_no_less(chance: np.random.Generator) -> None:
    needs = [need(chance, share=0.7, easy=chance.random() * 5) for _ in range(50)]
    assert fit_weights(needs) == pytest.approx([0.7, 0.3, 0.0, 0.0], abs=0.02)


def test_judgements_that_teach_nothing_give_no_weights() -> None:
    flat = JudgedPairs(np.random.default_rng(1).random((5, 2)), np.ones(5))
    assert fit_weights([flat, flat]).tolist() == [0, 0]


def test_a_missing_signal_takes_the_score_of_its_pair() -> None:
    text = Signal("words", np.array([0.8, 0.4]), np.array([0.6, 0.6]))
    tags = Signal("tags", np.array([0.2, 0.0]), np.array([0.3, 0.0]))
    pairs = judged_pairs([text, tags], [0.6, 0.3], rows=[1, 0], levels=[4, 1])
    assert pairs.values.tolist() == [pytest.approx([0.4, 0.4]), pytest.approx([0.8, 0.2])]
    assert pairs.gains.tolist() == [7, 0]


@pytest.mark.parametrize("count", [2, 4, 5, 113])
def test_every_need_is_tried_once_on_weights_it_had_no_part_in(count: int) -> None:
    tried = []
    for fitted_to, held_out in folds(count):
        assert not set(fitted_to) & set(held_out)
        tried += held_out.tolist()
    assert sorted(tried) == list(range(count))


def test_one_need_cannot_be_held_out() -> None:
    assert list(folds(1)) == []
