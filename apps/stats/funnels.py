"""The way from registration to outcome as bars: how long each is, and which share of the step before came on."""

from dataclasses import dataclass
from math import log10

from apps.stats.dashboard.numbers import Number

# A step and the one it is a share of: companies open centres, a need gets many recommendations.
SHARE_OF = {
    "verified": "registered",
    "acceptances": "proposals",
    "contracts": "engagements",
    "delivered": "contracts",
}


@dataclass(frozen=True, slots=True)
class Step:
    """`length` of the bar in percent of the longest, on a scale of powers of ten: the steps differ a hundredfold."""

    number: Number
    length: float
    share: float | None


def steps_of(numbers: list[Number]) -> list[Step]:
    values = {number.figure.key: number.value for number in numbers}
    longest = log10(1 + max(values.values(), default=0)) or 1
    steps = []
    for number in numbers:
        whole = values.get(SHARE_OF.get(number.figure.key, ""), 0)
        share = round(100 * number.value / whole, 1) if whole else None
        steps.append(Step(number, round(100 * log10(1 + number.value) / longest, 1), share))
    return steps
