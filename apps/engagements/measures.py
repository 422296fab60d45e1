"""Before and after of an indicator: numbers apart from their unit."""

import re
from decimal import Decimal
from typing import NamedTuple

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:,\d{3})*(?:\.\d{1,10})?", re.ASCII)
_WITH_UNIT = re.compile(rf"({_NUMBER.pattern})\s*(\S.{{0,19}})", re.ASCII)


class Measure(NamedTuple):
    before: str
    after: str
    unit: str


def number_of(text: str) -> Decimal | None:
    """The number that the text is, and nothing else; None otherwise."""
    stripped = text.strip()
    return Decimal(stripped.replace(",", "")) if _NUMBER.fullmatch(stripped) else None


def measured(before: str, after: str, unit: str = "") -> Measure:
    """The unit that both texts carry ("3 个月", "8 个月") stands apart; where they do not agree all stays as it is."""
    found = [_WITH_UNIT.fullmatch(text.strip()) for text in (before, after)]
    first, second = found
    if unit or first is None or second is None or first[2].strip() != second[2].strip():
        return Measure(before.strip(), after.strip(), unit.strip())
    return Measure(first[1], second[1], first[2].strip())
