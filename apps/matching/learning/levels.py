"""What an answer says about how well a pair fits.

The table is in docs/matching.md. Reasons about money, time, place or people say nothing of the fit: such a decline is
no label at all.
"""

from enum import IntEnum


class Level(IntEnum):
    """From worst to best. PASSED_OVER was shown and got no answer: whether it was read, nobody knows."""

    DECLINED = 0
    PASSED_OVER = 1
    INTERESTED = 2
    ACCEPTED = 3
    CONTRACTED = 4
    CONFIRMED = 5


GAINS = {
    Level.DECLINED: 0.0,
    Level.PASSED_OVER: 0.25,
    Level.INTERESTED: 2.0,
    Level.ACCEPTED: 3.0,
    Level.CONTRACTED: 3.5,
    Level.CONFIRMED: 4.0,
}
"""What a pair of each level is worth in an order (`evaluation.ndcg`)."""

REASONS_AGAINST_THE_FIT = frozenset({"field_mismatch", "indicator_short", "maturity_low"})
"""Codes of decline reasons which say that the capability does not do what the need asks."""


def level_of(*, need_accepted: bool, capability_accepted: bool, decline_reason: str = "") -> Level | None:
    """The level of a pair that somebody has seen; None where its answer says nothing of the fit.

    A decline for the subject's sake outweighs the other side's yes; any other decline leaves that yes standing.
    """
    if decline_reason in REASONS_AGAINST_THE_FIT:
        return Level.DECLINED
    if need_accepted and capability_accepted:
        return Level.ACCEPTED
    if need_accepted or capability_accepted:
        return Level.INTERESTED
    return None if decline_reason else Level.PASSED_OVER
