"""Reads technical indicators out of what people write: "耐温不低于300℃,硬度 HRC55~60".

Rather too strict than too free: a proposal a person must delete costs more than one she types.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from apps.engine.documents import Indicator
from apps.engine.highlight import fold
from apps.engine.indicator_phrases import (
    NAMED_SCALES,
    is_change,
    is_measured_in,
    is_property,
    name_after,
    name_before,
    object_of,
    opens_parenthesis,
)
from apps.engine.indicator_standing import (
    is_condition,
    is_plant,
    is_present,
    is_start_of_change,
    is_statistic,
    is_told,
    is_wished,
    section_after,
)
from apps.engine.quantities import Quantity, find_quantities
from apps.engine.text import LONGEST_TEXT
from apps.engine.units import canonical, is_known, stands_alone, unit_of
from apps.engine.verdicts import IndicatorVerdict, compare

__all__ = ["IndicatorVerdict", "Side", "compare", "parse_indicators"]

type Side = Literal["need", "capability"]
"""A need's present values are no targets; what a capability has reached is its offer."""

_SENTENCE_END = re.compile(r"[。；;！!？?\n\r]")
_CLAUSE_END = re.compile(r"[，、]|,(?!\d{3})|(?<!\d),")
_COSTS = re.compile(r"成本|价|费|造价")
_STRICT = re.compile(r"[≥≧≤≦<>±⩾⩽]|不[^\d]|至[少多]|以[上下内]|最[低高多]|[大小高低少多优]于|超过")
_SIGN = re.compile(r"[≥≧≤≦<>=±⩾⩽]")
_UNIT_BEFORE = re.compile(r"(?:[（(]\s*([^（()）\s]{1,12})\s*[)）]|/\s*([A-Za-zμΩ%℃·/²³]{1,10}))\s*[:：=]?\s*$")
_SMALLER_IS_BETTER = re.compile(r"误差|偏差|公差|精度|分辨|真空|粗糙|噪|漂移|延迟|时延|不确定度")
_ELECTRIC = re.compile(r"电|能耗|耗能|功耗")
_ANGLE = re.compile(r"角|倾|转|视场|方位|俯仰|坡|弯曲度")
_WARMTH = re.compile(r"温|热|冷|烧成|固化|熔|凝固|软化|沸|露点|闪点")
_HARDNESS = re.compile(r"硬度")
_ROUGHNESS = re.compile(r"粗糙度|(?:^|[^a-z])r[az]$", re.IGNORECASE)
FARTHEST = 120
"""Characters around a quantity that are looked at: a text without any stop must not take forever."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A quantity where it stands: its sentence and clause, in folded text of the same length as the raw one."""

    text: str
    folded: str
    quantity: Quantity
    sentence_start: int
    sentence_end: int
    clause_start: int
    clause_end: int
    previous_end: int
    section: str

    @property
    def left(self) -> str:
        """The clause up to the quantity, after the one before it."""
        return self.text[max(self.clause_start, self.previous_end) : self.quantity.start]

    @property
    def clause_left(self) -> str:
        return self.folded[self.clause_start : self.quantity.start]

    @property
    def clause(self) -> str:
        return self.folded[self.clause_start : self.clause_end]

    @property
    def sentence(self) -> str:
        start = max(self.sentence_start, self.quantity.start - FARTHEST)
        return self.folded[start : min(self.sentence_end, self.quantity.end + FARTHEST)]

    @property
    def before(self) -> str:
        """The sentence up to the end of the quantity."""
        return self.folded[max(self.sentence_start, self.quantity.start - 2 * FARTHEST) : self.quantity.end]

    @property
    def right(self) -> str:
        return self.folded[self.quantity.end : self.quantity.end + 16]

    @property
    def after(self) -> str:
        return self.folded[self.quantity.end : min(self.sentence_end, self.quantity.end + FARTHEST)]

    @property
    def written(self) -> str:
        return self.folded[self.quantity.start : self.quantity.end]


@dataclass(slots=True)
class _Named:
    """The name that a clause without one of its own takes up, and the dimension it was measured in."""

    name: str = ""
    sentence: int = -1
    dimension: str | None = None

    def fits(self, place: _Place) -> bool:
        return bool(self.name) and (self.dimension is None or self.dimension == unit_of(place.quantity.unit).dimension)


def parse_indicators(text: str, *, side: Side = "need") -> list[Indicator]:
    """The indicators of a text, in order, each with the span of name and quantity in it.

    Left out: statistics of a trade, money invested, present values of a need ("目前只有 200 ℃"; a capability's are what
    it offers), test conditions, years, numbering, standards. A clause without a name of its own ("希望提高到98%以上")
    takes the one before it.
    """
    raw = text[:LONGEST_TEXT]
    found: list[Indicator] = []
    named = _Named()
    for place in _places(raw):
        if place.sentence_start != named.sentence:
            named = _Named(sentence=place.sentence_start)
        own = name_before(place.left)
        if own:
            named.name, named.dimension = own, unit_of(place.quantity.unit).dimension
        behind = "" if is_property(own) else name_after(place.clause_left + place.written, place.right)
        own = "" if behind else own
        name = own or behind or _taken_up(place, named)
        if name and _is_indicator(place, own, behind, name, side):
            found.append(_indicator(place, own, behind, name))
    return found


def _taken_up(place: _Place, named: _Named) -> str:
    if named.fits(place):
        return named.name
    return object_of(
        place.text[max(place.sentence_start, place.clause_start - 24) : place.clause_start - 1].split("，")[-1]
    )


def _places(raw: str) -> Iterator[_Place]:
    folded = fold(raw)
    ends = [m.start() for m in _SENTENCE_END.finditer(folded)]
    sentence_starts = [0, *(end + 1 for end in ends)]
    clause_starts = sorted([*sentence_starts, *(m.end() for m in _CLAUSE_END.finditer(folded))])
    sections = _sections(folded, sentence_starts)
    previous = 0
    for quantity in find_quantities(raw):
        at = bisect_right(clause_starts, quantity.start)
        line = bisect_right(sentence_starts, quantity.start) - 1
        after = clause_starts[at] if at < len(clause_starts) else len(raw)
        clause_start = max(clause_starts[at - 1], quantity.start - FARTHEST)
        clause_end = max(min(after, quantity.end + FARTHEST), quantity.end)
        sentence_end = max(ends[line] if line < len(ends) else len(raw), quantity.end)
        place = _Place(
            raw,
            folded,
            quantity,
            sentence_starts[line],
            sentence_end,
            clause_start,
            clause_end,
            previous,
            sections[line],
        )
        yield place
        if (quantity.unit or quantity.is_explicit) and not opens_parenthesis(place.left):
            previous = quantity.end


def _sections(folded: str, starts: list[int]) -> list[str]:
    """For each sentence, whether it stands under a heading of the present ("现有工作基础") or of the goals."""
    section, sections = "", []
    for start in starts:
        section = section_after(folded[start : start + 40].split("\n")[0], section)
        sections.append(section)
    return sections


def _is_indicator(place: _Place, own: str, behind: str, name: str, side: Side) -> bool:
    quantity = place.quantity
    if not is_measured_in(name, unit_of(quantity.unit).dimension):
        return False
    if not (stands_alone(quantity.unit) or own.endswith(("数", "分子量"))) or is_start_of_change(
        place.left, place.right
    ):
        return False
    if is_statistic(place.clause, place.sentence, place.right):
        return False
    if quantity.unit.endswith("元") or "元/" in quantity.unit:
        if not _COSTS.search(name) or not quantity.is_explicit:
            return False
    if quantity.unit == "年" and (quantity.low or quantity.high or 0) >= 1900:
        return False
    if is_condition(place.clause_left, place.right, is_named=bool(behind) or (bool(own) and quantity.is_explicit)):
        return False
    if side == "need" and _is_the_present(place, name):
        return False
    return _reads_as_target(place, own or behind, name)


def _is_the_present(place: _Place, name: str) -> bool:
    if is_plant(name, place.clause, place.right):
        return True
    if place.section == "now" and not is_wished(place.clause_left, ""):
        return True
    if not place.quantity.is_explicit and is_told(place.sentence, place.written):
        return True
    return is_present(place.before, place.clause_left, place.after, place.written)


def _reads_as_target(place: _Place, own: str, name: str) -> bool:
    quantity = place.quantity
    reads = is_property(name) or is_change(name) or quantity.unit in NAMED_SCALES
    if not quantity.unit and not (reads or _SIGN.search(place.written)):
        return False
    if quantity.is_explicit:
        return reads or (bool(_STRICT.search(place.written)) and len(name) <= 10)
    return reads and bool(own) and bool(quantity.unit)


def _indicator(place: _Place, own: str, behind: str, name: str) -> Indicator:
    quantity = place.quantity
    low, high = quantity.low, quantity.high
    if low == high and is_change(name):
        high = None  # "能耗降低15%" asks for at least that
    if quantity.is_better:
        low, high = (None, high) if _SMALLER_IS_BETTER.search(name) else (low, None)
    start = place.text.rfind(own, place.clause_start, quantity.start) if own else quantity.start
    end = place.text.find(behind, quantity.end) + len(behind) if behind else quantity.end
    if start < 0:
        start = quantity.start
    return Indicator(name, low, high, _unit(place, name), not is_wished(place.clause_left, place.written), start, end)


def _unit(place: _Place, name: str) -> str:
    """The unit, told from the name where it is not written out: 度 of a temperature, pH, 邵A硬度, "厚度(mm)"."""
    written = place.quantity.unit
    if written == "度":
        return _degrees(name)
    if written == "h" and "硬度" in name:
        return "H"
    if written:
        return written
    scales = (scale for scale in sorted(NAMED_SCALES) if name.upper().startswith(scale.upper()))
    return next(scales, "") or _unit_before(place) or ("μm" if _ROUGHNESS.search(name) else "")


def _degrees(name: str) -> str:
    for sense, unit in ((_HARDNESS, "邵A"), (_WARMTH, "℃"), (_ELECTRIC, "kWh"), (_ANGLE, "°")):
        if sense.search(name):
            return unit
    return "度"


def _unit_before(place: _Place) -> str:
    """The unit in the heading of a value: "抗拉强度（MPa）：≥50", "厚度/mm 2~3"."""
    found = _UNIT_BEFORE.search(place.text[max(place.clause_start, place.quantity.start - 20) : place.quantity.start])
    unit = canonical((found[1] or found[2]) if found else "")
    return unit if unit and (is_known(unit) or "/" in unit) else ""
