"""Finds numbers with bounds and units in a text: "不低于300℃", "5~8 mm", "±0.05mm", "80%以上"."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from apps.engine.highlight import fold
from apps.engine.units import canonical, spellings


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity in a text: [start, end) covers its comparing words, number and unit.

    `is_explicit`: words or signs of comparison stand there, or a range; else a mere number, both bounds equal.
    """

    low: float | None
    high: float | None
    unit: str
    start: int
    end: int
    is_explicit: bool


_AT_LEAST = """
大于或等于 大于等于 不小于 不低于 不少于 不短于 不得低于 不得少于 不得小于 不应低于 不应小于 不能低于 不能小于 不能少于
大于 高于 超过 长于 多于 至少 最低 可达到 达到 可达 达 提高到 提高至 提升到 提升至 提到 升到 升至 增加到 增至
延长到 延长至 做到 >= ≥ ≧ > ⩾
"""
_AT_MOST = """
小于或等于 小于等于 不大于 不高于 不超过 不多于 不长于 不得超过 不得大于 不得高于 不应超过 不应大于 不应高于 不能超过
不能大于 不能高于 不能多于 小于 低于 少于 短于 至多 最多 最高不超过 降到 降至 降低到
降低至 减少到 减少至 减到 减至 缩短到 缩短至
压缩到 压到 压缩至 控制在 控制到 <= ≤ ≦ < ⩽
"""
_EXACTLY = "为 是 = : 约 约为"


def _either(words: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words.split(), key=len, reverse=True))


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
_HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_EXPONENT = rf"(?:\s*\^?\s*[-−]?\d{{1,3}}|⁻?[{_HIGH}]{{1,3}})"
_NUMBER = (
    rf"(?:10\s*\^\s*[-−]?\d{{1,3}}|10⁻?[{_HIGH}]{{1,3}}"
    rf"|(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,15}})(?:\.\d{{1,15}})?(?:\s*[×x*]\s*10{_EXPONENT})?)"
)
_POWER_OF_TEN = re.compile(rf"(?:([-−]?[\d.]+)x10|([-−]?)10(?=[\^⁻{_HIGH}]))\^?([-−⁻\d{_HIGH}]+)")
_SPELLINGS = sorted({form for word in spellings() for form in (fold(word), word.lower())}, key=len, reverse=True)
_ATOM = rf"[万亿]?(?:{'|'.join(re.escape(word) for word in _SPELLINGS)})(?![a-z])"
_UNIT = rf"{_ATOM}(?:\s?[/每]\s?{_ATOM})*"
_TO = r"\s*(?:~+|-{1,3}|[—–]{1,2}|−|至|到)\s*"
_CORE = re.compile(
    rf"(?:±\s*(?P<tolerance>{_NUMBER})|(?P<first>[-−]?{_NUMBER})\s*(?P<unit1>{_UNIT})?"
    rf"(?:\s*±\s*(?P<spread>{_NUMBER})|{_TO}(?P<second>[-−]?{_NUMBER}))?)\s*(?P<unit>{_UNIT})?"
)
_BEFORE = re.compile(
    rf"(?:(?P<least>{_either(_AT_LEAST)})|(?P<most>{_either(_AT_MOST)})|(?P<exact>{_either(_EXACTLY)}))?"
    r"\s*(?:在|于|约|到|至|为)?\s*(?P<minus>零下)?\s*(?P<prefix>hrc|hra|hv|hbw|hb|ph|ip|邵氏a|邵a)?\s*$"
)
_TWICE = re.compile(rf"(?:{_either(_AT_LEAST)}|{_either(_AT_MOST)}|应|需|要)\s*$")
_AFTER = re.compile(r"\s*(?:[及或含]?(?P<least>以上)|[及或含]?(?P<most>以内|以下|之内|内)|左右|上下)")
_JOINED = re.compile(r"[a-z\d.#_/\-]$")
_CONTINUED = re.compile(r"[a-z#\d]")


def find_quantities(text: str) -> Iterator[Quantity]:
    """Every quantity of the text, in order. Numbers that belong to a name (GB/T 1234, 42CrMo) are left out."""
    folded = "".join(c if ord(c) in _SUPERSCRIPTS else fold(c) for c in text)  # 10⁶ is not 106
    for found in _CORE.finditer(folded):
        before = _BEFORE.search(folded, max(0, found.start() - 20), found.start())
        prefix = before["prefix"] if before else None
        at_letter = not prefix and _JOINED.search(folded, max(0, found.start() - 1), found.start())
        if at_letter or _CONTINUED.match(folded, found.end()):
            continue
        yield _quantity(text, folded, found, before)


def _quantity(text: str, folded: str, found: re.Match[str], before: re.Match[str] | None) -> Quantity:
    after = _AFTER.match(folded, found.end())
    unit = before["prefix"] if before and before["prefix"] else _unit(text, found)
    low, high = _bounds(found, before, after)
    start = before.start() if before else found.start()
    twice = _TWICE.search(folded, max(0, start - 8), start)
    explicit = bool(before and (before["least"] or before["most"])) or bool(after and (after["least"] or after["most"]))
    explicit = explicit or low != high or bool(before and before["prefix"])
    return Quantity(
        low, high, canonical(unit), twice.start() if twice else start, after.end() if after else found.end(), explicit
    )


def _unit(text: str, found: re.Match[str]) -> str:
    name = "unit" if found["unit"] else "unit1"
    return unicodedata.normalize("NFKC", text[found.start(name) : found.end(name)]) if found[name] else ""


def _bounds(
    found: re.Match[str], before: re.Match[str] | None, after: re.Match[str] | None
) -> tuple[float | None, float | None]:
    if found["tolerance"]:
        return None, _value(found["tolerance"])
    first = -_value(found["first"]) if before and before["minus"] else _value(found["first"])
    if found["spread"]:
        return first - _value(found["spread"]), first + _value(found["spread"])
    if found["second"]:
        return min(first, _value(found["second"])), max(first, _value(found["second"]))
    for side in (before, after):
        if side and side["least"]:
            return first, None
        if side and side["most"]:
            return None, first
    return first, first


def _value(number: str) -> float:
    plain = re.sub(r"[,\s]", "", number).replace("×", "x").replace("*", "x")
    power = _POWER_OF_TEN.fullmatch(plain)
    if power is None:
        return float(plain.translate(_SUPERSCRIPTS))
    base = power[1] or f"{power[2]}1"
    return float(base.translate(_SUPERSCRIPTS)) * 10.0 ** min(int(power[3].translate(_SUPERSCRIPTS)), 250)
