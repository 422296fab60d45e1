"""Intervals agree with SciPy's bootstrap and tell noise from progress."""

import math

import numpy as np
import pytest
from scipy import stats

from apps.engine.bootstrap import bootstrap, paired_bootstrap


@pytest.fixture
def values() -> np.ndarray:
    return np.random.default_rng(3).beta(2, 3, 113)


def test_an_interval_agrees_with_scipys(values: np.ndarray) -> None:
    theirs = stats.bootstrap((values,), np.mean, method="percentile", rng=7).confidence_interval
    ours = bootstrap(values)
    assert ours.mean == pytest.approx(values.mean())
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.003)


def test_the_same_values_give_the_same_interval(values: np.ndarray) -> None:
    assert bootstrap(values) == bootstrap(values)
    assert bootstrap(values) != bootstrap(values, seed=1)


def test_needs_without_a_figure_are_left_out() -> None:
    assert bootstrap([0.25, math.nan, 0.75]).count == 2
    assert bootstrap([0.25, math.nan, 0.75]).mean == 0.5


def test_no_need_at_all_has_no_interval() -> None:
    found = bootstrap([math.nan])
    assert found.count == 0
    assert math.isnan(found.mean)
    assert math.isnan(found.low)
    difference = paired_bootstrap([], [])
    assert math.isnan(difference.p_value)
    assert not difference.is_better


def test_a_small_steady_gain_shows_though_the_intervals_overlap(values: np.ndarray) -> None:
    better = values + 0.01 + np.random.default_rng(4).normal(0, 0.01, len(values))
    assert bootstrap(better).low < bootstrap(values).high
    found = paired_bootstrap(better, values)
    assert found.is_better
    assert found.mean == pytest.approx(0.01, abs=0.003)
    assert found.p_value < 0.001


def test_noise_looks_like_progress_about_as_rarely_as_promised(values: np.ndarray) -> None:
    chance = np.random.default_rng(5)
    trials = [values + chance.normal(0, 0.1, len(values)) for _ in range(300)]
    found = [paired_bootstrap(trial, values, resamples=1000) for trial in trials]
    assert 0.01 <= np.mean([difference.p_value < 0.05 for difference in found]) <= 0.09
    assert np.mean([difference.is_better for difference in found]) <= 0.05


def test_a_ranking_is_no_better_than_itself(values: np.ndarray) -> None:
    found = paired_bootstrap(values, values)
    assert (found.mean, found.p_value, found.is_better) == (0.0, 1.0, False)


def test_a_need_without_a_figure_on_one_side_is_left_out() -> None:
    assert paired_bootstrap([1.0, math.nan, 0.5], [0.5, 0.5, math.nan]).count == 1


def test_different_needs_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="same needs"):
        paired_bootstrap([1.0], [1.0, 0.5])


def test_many_needs_are_drawn_in_portions(monkeypatch: pytest.MonkeyPatch, values: np.ndarray) -> None:
    whole = bootstrap(values, resamples=1000)
    monkeypatch.setattr("apps.engine.bootstrap._MOST_DRAWN", 5000)
    assert bootstrap(values, resamples=1000) == whole
