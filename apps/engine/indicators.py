"""Reads technical indicators out of what people write: "耐温不低于300℃,硬度 HRC55~60".

Rather too strict than too free: a proposal a person must delete costs more than one she types.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from apps.engine.documents import Indicator
from apps.engine.indicator_phrases import (
    NAMED_SCALES,
    is_change,
    is_measured_in,
    is_property,
    is_worsening,
    name_after,
    name_around,
    name_before,
    name_before_parenthesis,
    names_listed,
    object_of,
)
from apps.engine.indicator_places import Place, places
from apps.engine.indicator_standing import (
    is_condition,
    is_of_others,
    is_plant,
    is_present,
    is_start_of_change,
    is_statistic,
    is_told,
    is_wished,
)
from apps.engine.quantities import Quantity
from apps.engine.text import LONGEST_TEXT
from apps.engine.units import canonical, is_known, stands_alone, unit_of
from apps.engine.verdicts import IndicatorVerdict, compare

__all__ = ["IndicatorVerdict", "Side", "compare", "parse_indicators"]

type Side = Literal["need", "capability"]
"""A need's present values are no targets; what a capability has reached is its offer."""

_COSTS = re.compile(r"成本|价|费|造价")
_STRICT = re.compile(r"[≥≧≤≦<>±⩾⩽]|不[^\d]|至[少多]|以[上下内]|最[低高多]|[大小高低少多优]于|超过")
_SIGN = re.compile(r"[≥≧≤≦<>=±⩾⩽]")
_UNIT_BEFORE = re.compile(r"(?:[（(]\s*([^（()）\s]{1,20})\s*[)）]|/\s*([A-Za-zμΩ%℃·/²³]{1,10}))\s*[:：=]?\s*$")
_SMALL = re.compile(r"误差|偏差|公差|真空度|粗糙度|噪[声音]|漂移|延迟|时延|不确定度|检出限|检测限")
_FINE = re.compile(r"精度|分辨[率力]")
MOST_PER_CENT_OFF = 20
"""A precision in per cent is a deviation up to this, above it a share of right answers ("精度达到99%")."""
_DEGREES = (
    (re.compile(r"硬度"), "邵A"),
    (re.compile(r"温|热|冷|烧成|固化|熔|凝固|软化|沸|露点|闪点"), "℃"),
    (re.compile(r"电|能耗|耗能|功耗"), "kWh"),
    (re.compile(r"角|倾|转|视场|方位|俯仰|坡|弯曲度"), "°"),
)
_ROUGHNESS = re.compile(r"粗糙度|(?:^|[^a-z])r[az]$", re.IGNORECASE)
_HOW_FAR = re.compile(r"[到至]|希望|要求|想|应|需|控制|力争")
_JOINED = re.compile(r"^[\s、,，和与及]*(?:以及)?\s*$")
_COUNTED, _TURNED_OUT = ("数", "分子量"), ("产量", "产能", "能力", "产出")


@dataclass(frozen=True, slots=True)
class _Name:
    """A name and where it stands; `is_own` when the clause itself says it, before or after the figure."""

    text: str
    start: int
    end: int
    is_own: bool


@dataclass(slots=True)
class _Heard:
    """What a sentence has said so far that a later clause may lean on."""

    sentence: int = -1
    name: str = ""
    dimension: str | None = None
    listed: list[str] = field(default_factory=list)
    before: Quantity | None = None

    def fits(self, quantity: Quantity) -> bool:
        return bool(self.name) and (self.dimension is None or self.dimension == unit_of(quantity.unit).dimension)


def parse_indicators(text: str, *, side: Side = "need") -> list[Indicator]:
    """The indicators of a text, in order, each with the span of name and quantity in it.

    Left out: statistics of a trade, money invested, present values of a need ("目前只有 200 ℃"; a capability's are what
    it offers), test conditions, years, numbering, standards. A clause without a name of its own ("希望提高到98%以上")
    takes the one before it.
    """
    found: list[Indicator] = []
    heard = _Heard()
    for place in places(text[:LONGEST_TEXT]):
        if place.sentence_start != heard.sentence:
            heard = _Heard(place.sentence_start)
        quantity = _like_the_first_of_a_list(place, heard)
        names = [name for name in _names(place, heard) if _is_indicator(place, quantity, name, side)]
        found += [_indicator(place, quantity, name, heard) for name in names]
        heard.before = quantity
    return found


def _names(place: Place, heard: _Heard) -> Iterator[_Name]:
    """The names of a quantity: mostly one, several before 均, the next of a list before 分别, or none."""
    if heard.listed and _JOINED.match(place.left):
        yield _at(place, heard.listed.pop(0))
        return
    heard.listed = []
    if "分别" in place.left and (listed := names_listed(place.listing)):
        first, *heard.listed = listed
        yield _at(place, first)
        return
    if re.search(r"[均都]", place.left) and (listed := names_listed(place.listing)):
        yield from (_at(place, name) for name in listed)
        return
    if name := _name(place, heard):
        yield name


def _name(place: Place, heard: _Heard) -> _Name | None:
    quantity = place.quantity
    dimension = unit_of(quantity.unit).dimension
    before = name_before(place.left)
    if not is_property(before):
        if around := name_around(place.left, place.right):
            start = quantity.start - len(place.left) + place.left.rstrip().rfind(around[0])
            return _Name(around, start, place.raw.find(around[1:], quantity.end) + len(around) - 1, is_own=True)
        behind, length = name_after(place.clause_left + place.written, place.right, dimension)
        if behind:
            return _Name(behind, quantity.start, quantity.end + length, is_own=True)
    if before and not is_measured_in(before, dimension):
        heard.name, heard.dimension = before, None  # 溶出度30min≥85%: the time is a condition
        return None
    if before:
        if is_property(before) or is_change(before) or not heard.name or is_start_of_change(place.left, place.right):
            heard.name, heard.dimension = before, dimension
        return _at(place, before)
    if explained := name_before_parenthesis(place.left):
        heard.name, heard.dimension = explained, dimension
        return None
    taken = heard.name if heard.fits(quantity) else _object_before(place)
    return _Name(taken, quantity.start, quantity.end, is_own=False) if taken else None


def _object_before(place: Place) -> str:
    """What the clause before wants changed, where this one says how far."""
    return object_of(place.clause_before) if _HOW_FAR.search(place.clause_left + place.written) else ""


def _at(place: Place, name: str) -> _Name:
    """The name where it stands; of a name put together ("寿命(比现有产品)提高") its beginning."""
    first = min(place.listing_start, place.clause_start)
    start = place.raw.rfind(name, first, place.quantity.start)
    if start < 0:
        start = place.raw.rfind(name[:2], first, place.quantity.start)
    return _Name(name, start if start >= 0 else place.quantity.start, place.quantity.end, is_own=True)


def _like_the_first_of_a_list(place: Place, heard: _Heard) -> Quantity:
    """In "分别不低于20MPa和400%" the second is a lower bound like the first."""
    quantity, first = place.quantity, heard.before
    if not (heard.listed and first and _JOINED.match(place.left)) or quantity.is_explicit or not first.is_explicit:
        return quantity
    low = quantity.low if first.low is not None else None
    high = quantity.high if first.high is not None else None
    return replace(quantity, low=low, high=high, is_explicit=True)


def _is_indicator(place: Place, quantity: Quantity, name: _Name, side: Side) -> bool:
    return (
        _can_be_measured(quantity, name)
        and not is_start_of_change(place.left, place.right)
        and not is_statistic(place.clause, place.sentence, place.right)
        and not is_condition(place.clause_left, place.right, is_named=_is_named(place, quantity, name))
        and not (_is_the_present(place, name.text) if side == "need" else is_of_others(place.clause_left))
        and not (is_worsening(name.text) and quantity.low is not None)
        and _reads_as_figure(place, quantity, name)
    )


def _can_be_measured(quantity: Quantity, name: _Name) -> bool:
    if not is_measured_in(name.text, unit_of(quantity.unit).dimension):
        return False
    if not stands_alone(quantity.unit) and not (
        name.text.endswith(_COUNTED) or (quantity.is_explicit and name.text.endswith(_TURNED_OUT))
    ):
        return False
    if quantity.unit.endswith("元") or "元/" in quantity.unit:
        return bool(_COSTS.search(name.text)) and quantity.is_explicit
    return not (quantity.unit == "年" and (quantity.low or quantity.high or 0) >= 1900)


def _is_named(place: Place, quantity: Quantity, name: _Name) -> bool:
    """Whether name and figure belong together so surely that what follows ("条件下") does not change it."""
    return name.end > quantity.end or (name.is_own and quantity.is_explicit)


def _is_the_present(place: Place, name: str) -> bool:
    if is_plant(name, place.clause, place.right):
        return True
    if place.section == "now" and not is_wished(place.clause_left, ""):
        return True
    if not place.quantity.is_explicit and is_told(place.sentence, place.written):
        return True
    return is_present(place.before, place.clause_left, place.after, place.written)


def _reads_as_figure(place: Place, quantity: Quantity, name: _Name) -> bool:
    reads = is_property(name.text) or is_change(name.text) or quantity.unit in NAMED_SCALES
    if not quantity.unit and not (reads or _SIGN.search(place.written)):
        return False
    if quantity.is_explicit:
        short = len(name.text) <= (10 if _STRICT.search(place.written) else 6 if "/" in quantity.unit else 0)
        return reads or short
    return reads and name.is_own and bool(quantity.unit)


def _indicator(place: Place, quantity: Quantity, name: _Name, heard: _Heard) -> Indicator:
    low, high = _bounds(place, quantity, name.text, heard)
    hard = not is_wished(place.clause_left, place.written)
    return Indicator(
        name.text,
        low,
        high,
        _unit(place, name.text),
        hard,
        min(name.start, quantity.start),
        max(name.end, quantity.end),
    )


def _bounds(place: Place, quantity: Quantity, name: str, heard: _Heard) -> tuple[float | None, float | None]:
    low, high = quantity.low, quantity.high
    if quantity.is_reached and (low is None or high is None or low == high):
        value = high if low is None else low
        return (None, value) if _smaller_is_better(name, quantity.unit, value) else (value, None)
    if low == high and is_change(name):
        return low, None  # "能耗降低15%" asks for at least that
    start = heard.before
    if start and low is not None and high is None and _is_smaller(low, quantity.unit, start) and place.is_after_start:
        return None, low  # "由0.1mm提高到0.02mm": a precision goes up and its figure down
    return low, high


def _smaller_is_better(name: str, unit: str, value: float | None) -> bool:
    """Whether reaching a value means not exceeding it: an error, a roughness, a precision that is a length."""
    if _SMALL.search(name):
        return True
    fine = unit not in ("级", "", "像素", "位", "次", "倍") and (
        unit not in ("%", "‰") or (value or 0) <= MOST_PER_CENT_OFF
    )
    return bool(_FINE.search(name)) and fine


def _is_smaller(value: float, unit: str, start: Quantity) -> bool:
    return start.unit == unit and start.low is not None and start.low == start.high and value < start.low


def _unit(place: Place, name: str) -> str:
    """The unit, told from the name where it is not written out: 度 of a temperature, pH, 邵A硬度, "厚度(mm)"."""
    written = place.quantity.unit
    if written == "度":
        return next((unit for sense, unit in _DEGREES if sense.search(name)), "度")
    if written == "h" and "硬度" in name:
        return "H"
    if written:
        return written
    scales = (scale for scale in sorted(NAMED_SCALES) if name.upper().startswith(scale.upper()))
    return next(scales, "") or _unit_before(place) or ("μm" if _ROUGHNESS.search(name) else "")


def _unit_before(place: Place) -> str:
    """The unit in the heading of a value: "抗拉强度（MPa）：≥50", "厚度/mm 2~3"."""
    found = _UNIT_BEFORE.search(place.raw[max(place.clause_start, place.quantity.start - 20) : place.quantity.start])
    unit = canonical(re.split(r"[，,、]", found[1] or found[2])[-1] if found else "")
    return unit if unit and (is_known(unit) or "/" in unit) else ""
