"""Finds numbers with bounds and units in a text: "不低于300℃", "5~8 mm", "±0.05mm", "80%以上", "每分钟20升"."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from apps.engine.highlight import fold
from apps.engine.quantity_grammar import (
    AFTER,
    BEFORE,
    CONTINUED,
    CORE,
    DIGITS,
    FRACTION,
    FRACTIONS,
    JOINED,
    LAST_SIGNS,
    LONGEST_PREFIX,
    POWER_OF_TEN,
    REACHED,
    ROUGHNESS,
    SCALES,
    SIZE,
    STRANGE,
    SUPERSCRIPTS,
    TWICE,
)
from apps.engine.units import canonical


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity in a text: [start, end) covers its comparing words, number and unit.

    `is_explicit`: words or signs of comparison stand there, or a range; else a mere number, both bounds equal.
    `is_reached`: it says 优于 or 达到, which is a lower bound of a yield and an upper one of an error; the name tells.
    """

    low: float | None
    high: float | None
    unit: str
    start: int
    end: int
    is_explicit: bool
    is_reached: bool = False


def fold_figures(text: str) -> str:
    """The text folded character for character, but 10⁶ is not 106 and "mm②" is not mm²."""
    return "".join(c if ord(c) in SUPERSCRIPTS or "①" <= c <= "⓿" else fold(c) for c in text)


def find_quantities(text: str) -> Iterator[Quantity]:
    """Every quantity of the text, in order. Numbers that belong to a name (GB/T 1234, 42CrMo) are left out."""
    folded, fractions = _digits_for_fractions(fold_figures(text))
    for core in CORE.finditer(folded):
        before = _wording_before(folded, core.start())
        strange = _strange_unit(folded, core, before)
        if not _is_part_of_a_name(folded, core, before, strange):
            after = AFTER.match(folded, (strange or core).end())
            yield _Found(text, folded, core, before, after, strange, fractions.get(core.end())).quantity


def _strange_unit(folded: str, core: re.Match[str], before: re.Match[str] | None) -> re.Match[str] | None:
    """Letters after a compared number ("≥85GU") are a unit, though not a known one."""
    if before is None or not (before["least"] or before["most"]) or core["unit"] or core["unit1"]:
        return None
    return STRANGE.match(folded, core.end())


def _is_part_of_a_name(
    folded: str, core: re.Match[str], before: re.Match[str] | None, strange: re.Match[str] | None
) -> bool:
    """42CrMo, GB/T 1234, 20×30cm, 1:3: no quantity one could ask for."""
    left = folded[max(0, core.start() - 8) : core.start()]
    if JOINED.search(left) and not (before and before["prefix"]) and not ROUGHNESS.search(left):
        return True
    return bool(SIZE.search(left) or (not strange and CONTINUED.match(folded, core.end())))


@dataclass(frozen=True, slots=True)
class _Found:
    """A number with what stands around it; `fraction` is (百分之, 30) where the number was a spoken one."""

    text: str
    folded: str
    core: re.Match[str]
    before: re.Match[str] | None
    after: re.Match[str] | None
    strange: re.Match[str] | None
    fraction: tuple[str, float] | None

    @property
    def quantity(self) -> Quantity:
        after = self.after
        start = self.before.start() if self.before else self.core.start()
        twice = TWICE.search(self.folded, max(0, start - 8), start)
        low, high = self._bounds()
        reached = bool(self._word("better")) or self._word("least") in REACHED
        compared = reached or any(self._word(name) for name in ("least", "most", "prefix"))
        bounded = bool(after and (after["least"] or after["most"]))
        return Quantity(
            low=low,
            high=high,
            unit=canonical(self._unit),
            start=twice.start() if twice else start,
            end=(after or self.strange or self.core).end(),
            is_explicit=compared or bounded or low != high,
            is_reached=reached,
        )

    def _word(self, name: str) -> str:
        return (self.before[name] or "") if self.before else ""

    @property
    def _unit(self) -> str:
        unit = self._unit_of_number
        if self.before and self.before["per"]:
            return f"{unit}/{self.text[self.before.start('per') : self.before.end('per')]}"
        return unit

    @property
    def _unit_of_number(self) -> str:
        if self.fraction:
            return FRACTIONS[self.fraction[0]]
        if (prefix := self._word("prefix")) and (scale := SCALES.get(prefix, prefix)):
            return scale
        if self.strange:
            return self.text[self.strange.start() : self.strange.end()].strip()
        name = "unit" if self.core["unit"] else "unit1"
        if self.core[name]:
            return "".join(map(_half_width, self.text[self.core.start(name) : self.core.end(name)]))
        return "μm" if ROUGHNESS.search(self.folded[max(0, self.core.start() - 3) : self.core.start()]) else ""

    def _bounds(self) -> tuple[float | None, float | None]:
        core = self.core
        if core["tolerance"]:
            return -_value(core["tolerance"]), _value(core["tolerance"])
        first = self.fraction[1] if self.fraction else _value(core["first"])
        if self._word("minus"):
            first = -first
        if core["spread"]:
            return first - _value(core["spread"]), first + _value(core["spread"])
        if core["second"]:
            return min(first, _value(core["second"])), max(first, _value(core["second"]))
        return self._open_bounds(first)

    def _open_bounds(self, value: float) -> tuple[float | None, float | None]:
        if self.after and self.after["most"]:  # 达到5毫米以下: what follows the number decides
            return None, value
        if self._word("least"):
            return value, None
        if self._word("most"):
            return None, value
        return (value, None) if self.after and self.after["least"] else (value, value)


def _wording_before(folded: str, at: int) -> re.Match[str] | None:
    """The comparing words that end at the number; most numbers have none, which their last character tells."""
    start = max(0, at - LONGEST_PREFIX)
    if folded[start:at].rstrip()[-1:] not in LAST_SIGNS:
        return None
    return BEFORE.search(folded, start, at)


def _digits_for_fractions(folded: str) -> tuple[str, dict[int, tuple[str, float]]]:
    """百分之三十 becomes digits of the same length, and what stood there is kept by its end."""
    kept: dict[int, tuple[str, float]] = {}

    def plain(found: re.Match[str]) -> str:
        value = _spoken(found["number"])
        if value is None:
            return found[0]
        kept[found.end()] = (found["kind"], value)
        return "0" * len(found[0])

    return FRACTION.sub(plain, folded), kept


def _spoken(number: str) -> float | None:
    """The value of digits or of Chinese numerals below a thousand: 九十五点五 is 95.5."""
    if number[0].isdigit():
        return float(number)
    whole, _, part = number.partition("点")
    value, digit = 0, 0
    for sign in whole:
        if sign in "十百":
            value, digit = value + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = DIGITS.get(sign, 0)
    decimals = "".join(str(DIGITS.get(sign, 0)) for sign in part)
    return float(f"{value + digit}.{decimals or 0}") if number != "点" else None


def _half_width(character: str) -> str:
    """Character for character: ″ must not become two signs."""
    half = unicodedata.normalize("NFKC", character)
    return half if len(half) == 1 else character


def _value(number: str) -> float:
    plain = re.sub(r"[,\s+]", "", number).replace("×", "x").replace("*", "x")
    power = POWER_OF_TEN.fullmatch(plain)
    if power is None:
        return float(plain.translate(SUPERSCRIPTS))
    base = power[1] or f"{power[2]}1"
    return float(base.translate(SUPERSCRIPTS)) * 10.0 ** min(int(power[3].translate(SUPERSCRIPTS)), 250)
