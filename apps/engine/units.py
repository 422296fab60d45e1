"""Units of measure: one spelling for each, and what converts into what (the units themselves: `unit_table.py`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from apps.engine.unit_table import ALSO_WORDS, PIECES, TABLE


@dataclass(frozen=True, slots=True)
class Unit:
    """`value * factor + offset` is the value in the base unit of the dimension."""

    dimension: str
    factor: float = 1.0
    offset: float = 0.0


_UNITS = {
    spelling: Unit(dimension, factor)
    for dimension, lines in TABLE.items()
    for spellings, factor in lines
    for spelling in spellings.split()
}
_UNITS |= {piece: Unit(piece) for piece in PIECES.split()}
_UNITS |= {name: Unit("temperature") for name in ("℃", "°C", "摄氏度", "度C", "oC")} | {
    "K": Unit("temperature", 1, -273.15),
    "开": Unit("temperature", 1, -273.15),
    "℉": Unit("temperature", 5 / 9, -160 / 9),
}
_SHOWN = {
    spelling: spellings.split()[0]
    for lines in TABLE.values()
    for spellings, _ in lines
    for spelling in spellings.split()
} | dict.fromkeys(("°C", "摄氏度", "度C", "oC"), "℃")
_CASE_MATTERS = frozenset(["H", "C", "T", "F", "S", "D", "U", "OD"])
_ANY_CASE = {spelling.lower(): spelling for spelling in reversed(_UNITS) if spelling not in _CASE_MATTERS} | {
    "mpa": "MPa", "mw": "MW", "pa": "Pa", "d": "d", "h": "h", "mm": "mm", "mn": "mN", "mj": "MJ", "mv": "mV", "t": "t",
    "ms": "ms", "ma": "mA", "pa·s": "Pa·s", "k": "K", "m": "m", "ml": "mL", "kg": "kg", "mah": "mAh", "mt": "mT",
    "mω": "MΩ", "mpa·s": "mPa·s", "mpa.s": "mPa·s", "pm": "pm", "g": "g", "l": "L", "cn": "cN", "mm²": "mm²",
}  # fmt: skip
_NOT_ALONE = frozenset(PIECES.split()) | {"万"}
_POWERS = str.maketrans("23", "²³")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def spellings() -> tuple[str, ...]:
    """Every spelling of a single unit that is safe to look for in running text, the longest first."""
    return tuple(sorted(_UNITS.keys() - set(ALSO_WORDS.split()), key=lambda word: (-len(word), word)))


def stands_alone(unit: str) -> bool:
    """Whether a quantity in this unit can be a technical figure; pieces can only per time ("件/h")."""
    return unit.lstrip("万亿") not in _NOT_ALONE and unit not in _NOT_ALONE


@cache
def canonical(unit: str) -> str:
    """The unit as it is shown: "公斤" is kg, "wh/KG" is Wh/kg, an unknown one stays as it is."""
    compact = re.sub(r"[•∙⋅・*]", "·", unit.replace(" ", "").replace("每", "/"))
    if not compact or _find(compact):
        return _SHOWN.get(_spelling(compact), _spelling(compact))
    return "/".join(_product_shown(part) for part in compact.split("/"))


def _product_shown(part: str) -> str:
    """A part of a compound unit; a product under the stroke stands in parentheses."""
    bare = part.strip("()")
    if _find(bare):
        return _SHOWN.get(_spelling(bare), _spelling(bare))
    shown = "·".join(_factor_shown(word) for word in bare.split("·"))
    return f"({shown})" if "·" in shown and (part.startswith("(") or part.endswith(")")) else shown


def _factor_shown(word: str) -> str:
    number = _NUMBER.match(word)
    name = word[number.end() :] if number else word
    return (number[0] if number else "") + _SHOWN.get(_spelling(name), _spelling(name))


@cache
def unit_of(unit: str) -> Unit:
    """What a unit measures. "kg/h" is mass/time; an unknown unit is a dimension of its own."""
    compact = canonical(unit)
    known = _find(compact)
    if known is not None or not any(sign in compact for sign in "/·"):
        return known or Unit(f"“{compact.lower()}”")
    above, *below = compact.split("/")
    over, under = list(_factors(above)), [factor for part in below for factor in _factors(part)]
    scale = 1.0
    for one in over:
        scale *= one.factor
    for one in under:
        scale /= one.factor
    return Unit(
        "/".join(["·".join(sorted(one.dimension for one in over)), *sorted(one.dimension for one in under)]), scale
    )


def _factors(part: str) -> Iterator[Unit]:
    """The units multiplied in a part: "(m²·24h)" is an area and 24 hours."""
    bare = part.strip("()")
    for word in [bare] if _find(bare) else bare.split("·"):
        number = _NUMBER.match(word)
        name = word[number.end() :] if number else word
        one = _find(name) or Unit(f"“{name.lower()}”")
        yield Unit(one.dimension, one.factor * (float(number[0]) or 1.0 if number else 1.0))


def convert(value: float, source: str, target: str) -> float | None:
    """The value in the target unit, or None when the two do not measure the same thing."""
    old, new = unit_of(source), unit_of(target)
    if old.dimension != new.dimension:
        return None
    if old == new:
        return value
    return (value * old.factor + old.offset - new.offset) / new.factor


def _spelling(word: str) -> str:
    for attempt in (word, word.translate(_POWERS)):
        if attempt in _UNITS:
            return attempt
        if attempt.lower() in _ANY_CASE:
            return _ANY_CASE[attempt.lower()]
    multiple = next((size for size in ("万", "亿") if word.startswith(size) and len(word) > 1), "")
    return multiple + _spelling(word[1:]) if multiple else word


def _find(word: str) -> Unit | None:
    spelling = _spelling(word)
    if spelling in _UNITS:
        return _UNITS[spelling]
    size = {"万": 1e4, "亿": 1e8}.get(spelling[:1])
    inner = _UNITS.get(_spelling(spelling[1:])) if size else None
    return Unit(inner.dimension, inner.factor * size) if inner and size else None


def is_known(word: str) -> bool:
    """Whether the word is itself the spelling of a unit."""
    return _find(word) is not None
