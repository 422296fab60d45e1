"""Whether what a capability offers meets what a need asks, indicator by indicator."""

import math
import re
from dataclasses import dataclass, replace
from typing import Literal

from apps.engine.documents import Indicator, number_text
from apps.engine.units import convert

type Status = Literal["met", "missed", "unknown"]

_POINTS = {"%": "个百分点", "‰": "个千分点"}
_IS_RANGE = re.compile(r"角|视场|转动|摆动|行程|量程|范围|温度$|温$|电压|电流|位移|调节")
_IS_SERVICE = re.compile(r"工作|使用|运行|服役|环境|适用|适应|测量|量程|范围|转角|视场|视角")
FORGIVEN_GAP = 0.25
"""A miss by this share of the asked value, or by more, earns nothing; a smaller one earns in proportion."""


@dataclass(frozen=True, slots=True)
class IndicatorVerdict:
    """`text` is a sentence for people; `degree` is 1 when met, 0 to 1 when missed by little, 0 otherwise."""

    status: Status
    need: Indicator
    offer: Indicator | None
    text: str
    degree: float = 0.0


def compare(need: Indicator, offer: Indicator) -> IndicatorVerdict:
    """The verdict on two indicators that mean the same property (see `names_agree`).

    Unknown when the units do not convert into each other or the offer leaves it open.
    """
    if is_tolerance(need) or is_tolerance(offer):
        return _compare_as_deviations(need, offer)
    return _compare(need, offer, need, offer)


def is_tolerance(indicator: Indicator) -> bool:
    """Whether the bounds are a permitted deviation, ±0.05 mm, and not a range that happens to lie around zero.

    "转角 ±30°" and "工作温度 -40~40 ℃" are ranges: more of them is better.
    """
    low, high = indicator.low, indicator.high
    return low is not None and high is not None and low == -high < 0 and not _IS_RANGE.search(indicator.name)


def _compare_as_deviations(need: Indicator, offer: Indicator) -> IndicatorVerdict:
    """Of a deviation only the size counts: ±0.02 meets ±0.05 and ±0.1 does not; "精度 0.02 mm" is ±0.02."""
    return _compare(need, offer, _deviation(need), _deviation(offer))


def _deviation(indicator: Indicator) -> Indicator:
    sizes = [abs(bound) for bound in (indicator.low, indicator.high) if bound is not None]
    return replace(indicator, low=None, high=max(sizes, default=None))


def _compare(shown: Indicator, offered: Indicator, need: Indicator, offer: Indicator) -> IndicatorVerdict:
    """Compares `need` with `offer`; the sentence quotes the two as they were written."""
    low, high = (None if bound is None else convert(bound, offer.unit, need.unit) for bound in (offer.low, offer.high))
    if (low is None) != (offer.low is None) or (high is None) != (offer.high is None):
        return _unknown(shown, offered, "单位不同，请双方确认")
    if (low is None and high is None) or (need.low is None and need.high is None):
        return _unknown(shown, offered, "请双方确认")
    short = _shortfall(need, low, high)
    if short is None:
        return _unknown(shown, offered, "是否满足请双方确认")
    if short == 0:
        return IndicatorVerdict("met", shown, offered, f"{_opening(shown)}，{_offered(offered)}，满足", 1.0)
    word = "差" if short < 0 else "超出"
    ending = f"{word} {_gap_text(short, need.unit)}"
    sentence = f"{_opening(shown)}，{_offered(offered)}，{ending}"
    return IndicatorVerdict("missed", shown, offered, sentence, _degree(need, short))


def _gap_text(short: float, unit: str) -> str:
    """The gap in words. Between two shares it is counted in points: 95% is 2 个百分点 short of 97%, not 2%."""
    return f"{number_text(abs(short))} {_POINTS.get(unit, unit)}".rstrip()


def unanswered(need: Indicator) -> IndicatorVerdict:
    """The verdict where the capability says nothing about the property."""
    return IndicatorVerdict("unknown", need, None, f"{_opening(need)}，对方未写明")


def _opening(need: Indicator) -> str:
    return f"{need.name}要求 {need.amount}"


def _offered(offer: Indicator) -> str:
    """What a form's row says the supplier has vouched for; what was read of a description is told as such."""
    return f"对方为 {offer.amount}（按介绍所写）" if offer.was_read else f"对方为 {offer.amount}"


def _unknown(need: Indicator, offer: Indicator, ending: str) -> IndicatorVerdict:
    return IndicatorVerdict("unknown", need, offer, f"{_opening(need)}，{_offered(offer)}，{ending}")


def _shortfall(need: Indicator, low: float | None, high: float | None) -> float | None:
    """By how much the offer falls below (negative) or lies above (positive) the asked bounds; 0 met, None open.

    A range that is offered can be set to any of its values, so reaching the asked bound is enough. An offer
    of "at most" does not promise what an "at least" asks for.
    """
    if need.comparison == "ge" and need.low is not None:
        reach = high if low is not None and high is not None else low
        if reach is None:
            return None if high is not None and _at_least(high, need.low) else _gap(high, need.low)
        return 0.0 if _at_least(reach, need.low) else reach - need.low
    if need.comparison == "le" and need.high is not None:
        reach = low if low is not None and high is not None else high
        if reach is None:
            return None if low is not None and _at_least(need.high, low) else _gap(low, need.high)
        return 0.0 if _at_least(need.high, reach) else reach - need.high
    return _range_shortfall(need, low, high)


def _range_shortfall(need: Indicator, low: float | None, high: float | None) -> float | None:
    if need.low is None or need.high is None:
        return None
    if _IS_SERVICE.search(need.name) and low is not None and high is not None and low < high:
        return min(0.0, need.low - low, high - need.high)  # what must work from -40 to 60 ℃ must cover both ends
    if high is not None and not _at_least(high, need.low):
        return high - need.low
    if low is not None and not _at_least(need.high, low):
        return low - need.high
    inside = [bound for bound in (low, high) if bound is not None]
    if all(_at_least(bound, need.low) and _at_least(need.high, bound) for bound in inside):
        return 0.0
    covers = low is not None and high is not None and _at_least(need.low, low) and _at_least(high, need.high)
    return 0.0 if covers else None


def _gap(value: float | None, bound: float) -> float | None:
    return None if value is None else value - bound


def _at_least(value: float, bound: float) -> bool:
    return value >= bound or math.isclose(value, bound, rel_tol=1e-6, abs_tol=1e-12)


def _degree(need: Indicator, short: float) -> float:
    bound = need.low if short < 0 else need.high
    if not bound:
        return 0.0
    return max(0.0, 1 - abs(short / bound) / FORGIVEN_GAP) * 0.8
