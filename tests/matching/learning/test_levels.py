"""What an answer says about the fit."""

import pytest

from apps.matching.learning.levels import GAINS, Level, level_of


@pytest.mark.parametrize(
    ("need_accepted", "capability_accepted", "reason", "level"),
    [
        (True, True, "", Level.ACCEPTED),
        (True, False, "", Level.INTERESTED),
        (False, True, "", Level.INTERESTED),
        (False, False, "", Level.PASSED_OVER),
        (False, False, "field_mismatch", Level.DECLINED),
        (True, False, "indicator_short", Level.DECLINED),
        (False, False, "maturity_low", Level.DECLINED),
        (False, False, "no_capacity", None),
        (False, False, "budget_mismatch", None),
        (False, False, "has_partner", None),
        (False, False, "other", None),
        (True, False, "no_capacity", Level.INTERESTED),
    ],
)
def test_level(*, need_accepted: bool, capability_accepted: bool, reason: str, level: Level | None) -> None:
    assert (
        level_of(need_accepted=need_accepted, capability_accepted=capability_accepted, decline_reason=reason) == level
    )


def test_a_better_level_is_worth_more() -> None:
    worth = [GAINS[level] for level in sorted(Level)]
    assert worth == sorted(set(worth))
