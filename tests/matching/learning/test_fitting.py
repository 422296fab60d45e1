"""Weights learned from a city whose taste is known: recovered where there is one, refused where there is none."""

import numpy as np
import pytest

from apps.matching.learning.evaluation import compare, dcg
from apps.matching.learning.feedback import Feedback, filled, scores
from apps.matching.learning.fitting import LEAST_SHARE, learn
from apps.matching.learning.levels import Level
from apps.matching.learning.position import estimate_decay
from apps.matching.learning.preferences import preferences
from tests.matching.learning.simulated_city import SHIPPED, TRUE, City, simulated_city

NO_POSITION_BIAS = 0.0


def decay_of(feedback: Feedback) -> float:
    return estimate_decay(filled(feedback, SHIPPED), feedback.ranks, feedback.levels == Level.INTERESTED)


def distance(weights: np.ndarray) -> float:
    """How far weights are from the true ones: the sum of what lies apart."""
    return float(np.abs(weights - TRUE).sum())


def best_ten(city: City, weights: np.ndarray) -> float:
    """What the first ten of a ranking are truly worth, of what the best ten could be; the mean over needs."""
    worth = np.clip(city.truth - np.quantile(city.truth, 0.9), 0, None)
    found = scores(city.pool, weights)
    needs = city.pool.needs
    rows = [needs == need for need in np.unique(needs)]
    return float(np.nanmean([dcg(worth[row], found[row]) / dcg(worth[row], worth[row]) for row in rows]))


@pytest.mark.parametrize("decay", [0.5, 1.0])
def test_the_true_weights_are_nearly_recovered_and_better_beyond_noise(decay: float) -> None:
    city = simulated_city(seed=1, decay=decay)
    learned = learn(city.feedback, SHIPPED, decay_of(city.feedback))
    assert distance(learned) < 0.6 * distance(SHIPPED)
    assert best_ten(city, learned) > best_ten(city, SHIPPED) + 0.1
    assert compare(city.feedback, SHIPPED, decay_of(city.feedback)).is_better


def test_answers_at_random_are_not_better_than_what_is_there() -> None:
    for seed in range(8):
        city = simulated_city(seed=100 + seed, needs=80, true=None)
        assert not compare(city.feedback, SHIPPED, decay_of(city.feedback)).is_better


def test_a_learner_blind_to_places_is_misled_and_this_one_less() -> None:
    """Who reads from the top accepts from the top: taken at their word, answers praise the list that was shown."""
    blind, seeing = [], []
    for seed in range(3):
        city = simulated_city(seed=seed, decay=1.0)
        blind.append(distance(learn(city.feedback, SHIPPED, NO_POSITION_BIAS)))
        seeing.append(distance(learn(city.feedback, SHIPPED, decay_of(city.feedback))))
    assert np.mean(seeing) < 0.8 * np.mean(blind)


@pytest.mark.parametrize("decay", [0.5, 1.0])
def test_how_steeply_reading_falls_off_is_found(decay: float) -> None:
    assert decay_of(simulated_city(seed=5, decay=decay).feedback) == pytest.approx(decay, abs=0.15)


def test_few_answers_leave_the_assumption_nearly_alone() -> None:
    city = simulated_city(seed=5, needs=3, decay=0.2)
    assert decay_of(city.feedback) == pytest.approx(1.0, abs=0.35)


def test_weights_are_never_negative_and_no_signal_in_use_dies() -> None:
    against = np.array([0.9, 0.025, 0.025, 0.025, 0.025])
    city = simulated_city(seed=7, needs=60, true=against)
    learned = learn(city.feedback, SHIPPED, decay_of(city.feedback))
    assert learned.sum() == pytest.approx(SHIPPED.sum(), abs=1e-3)
    assert (learned >= 0.9 * LEAST_SHARE).all()


def test_a_signal_that_no_pair_has_keeps_its_share() -> None:
    city = simulated_city(seed=1, needs=60)
    presence = city.feedback.presence.copy()
    presence[:, 3] = 0
    without = Feedback(**{**{n: getattr(city.feedback, n) for n in Feedback.__slots__}, "presence": presence})
    assert learn(without, SHIPPED, 1.0)[3] == pytest.approx(SHIPPED[3], abs=0.01)


def test_a_signal_switched_off_stays_off() -> None:
    off = np.array([0.3, 0.4, 0.0, 0.2, 0.1])
    assert learn(simulated_city(seed=1, needs=60).feedback, off, 1.0)[2] == 0


def test_filled_values_make_the_score_linear() -> None:
    feedback = simulated_city(seed=3, needs=4).feedback
    linear = filled(feedback, TRUE) @ TRUE / TRUE.sum()
    assert linear == pytest.approx(scores(feedback, TRUE))


def row(level: Level, rank: float, *, by: str = "", shown: str = "need") -> dict[str, object]:
    return {
        "values": [0.5] * 5,
        "presence": [1.0] * 5,
        "needs": 1,
        "levels": int(level),
        "ranks": rank,
        "shown_to_need": "need" in shown,
        "shown_to_capability": "capability" in shown,
        "answered_by_need": by == "need",
        "answered_by_capability": by == "capability",
    }


def table(*rows: dict[str, object]) -> Feedback:
    return Feedback(**{name: np.array([each[name] for each in rows]) for name in Feedback.__slots__})


def test_an_acceptance_is_preferred_to_what_stood_above_and_below_it_and_weighs_by_its_place() -> None:
    told = preferences(
        table(
            row(Level.PASSED_OVER, 1), row(Level.PASSED_OVER, 2), row(Level.INTERESTED, 4, by="need"),
            row(Level.PASSED_OVER, 9),
        ),
        decay=1.0,
    )  # fmt: skip
    assert set(zip(told.better.tolist(), told.worse.tolist(), strict=True)) == {(2, 0), (2, 1), (2, 3)}
    assert told.weights == pytest.approx([4 / 4] * 3)


def test_two_rows_without_an_answer_say_nothing() -> None:
    assert len(preferences(table(row(Level.PASSED_OVER, 1), row(Level.PASSED_OVER, 2)), decay=1.0)) == 0


def test_a_decline_for_the_subject_stands_below_what_was_passed_over() -> None:
    told = preferences(table(row(Level.DECLINED, 1, by="need"), row(Level.PASSED_OVER, 2)), decay=1.0)
    assert (told.better.tolist(), told.worse.tolist()) == ([1], [0])


def test_a_supplier_is_compared_only_with_what_suppliers_saw() -> None:
    told = preferences(
        table(
            row(Level.INTERESTED, np.nan, by="capability", shown="capability"),
            row(Level.PASSED_OVER, 1, shown="need"),
            row(Level.PASSED_OVER, np.nan, shown="capability"),
        ),
        decay=1.0,
    )
    assert (told.better.tolist(), told.worse.tolist()) == ([0], [2])


def test_two_answers_are_met_once() -> None:
    told = preferences(
        table(row(Level.ACCEPTED, 2, by="need"), row(Level.INTERESTED, 1, by="need")), decay=1.0
    )  # fmt: skip
    assert (told.better.tolist(), told.worse.tolist()) == ([0], [1])


def test_gain_of_the_first_ten_by_hand() -> None:
    gains = np.array([0.0, 3.0, 2.0])
    assert dcg(gains, np.array([0.9, 0.8, 0.1])) == pytest.approx(3 / np.log2(3) + 2 / np.log2(4))
    assert dcg(np.arange(12.0), -np.arange(12.0)) == pytest.approx(sum(n / np.log2(n + 2) for n in range(10)))
    assert np.isnan(dcg(np.array([2.0, 2.0]), np.array([0.1, 0.2])))
