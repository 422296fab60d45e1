"""Finds numbers with bounds and units in a text: "不低于300℃", "5~8 mm", "±0.05mm", "80%以上", "每分钟20升"."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from apps.engine.highlight import fold
from apps.engine.unit_table import NOT_BEFORE
from apps.engine.units import canonical, spellings


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


_AT_LEAST = """
大于或等于 大于等于 不小于 不低于 不少于 不短于 不得低于 不得少于 不得小于 不应低于 不应小于 不应少于 不能低于
不能小于 不能少于 高达 长达 多达 恢复到 恢复至 不可低于 不可少于 不弱于 不差于 不亚于 不会低于 不要低于 未低于
大于 高于 超过 长于 多于 至少为 至少在 至少能 至少达到 至少 最低为 最低 可达到 可以达到 达到 可达 达 提高到
提高至 提高为 提升到 提升至 提升为 提至 提到 升到 升至 增加到 增加至 增加为 增至 增长到 增长至 延长到 延长至
延长为 扩大到 扩大至 做到 突破 超出 超 >= ≥ ≧ > ⩾ ≫
"""
_AT_MOST = """
小于或等于 小于等于 不大于 不高于 不超过 不超 不多于 不长于 不得超过 不得大于 不得高于 不得多于 不应超过
不应大于 不应高于 不应多于 不能超过 不能大于 不能高于 不能多于 不要超过 不可超过 不会超过 未超过 不到 不足 小于
低于 少于 短于 至多 最多为 最多 最高不超过 降到 降至 降为 下降到 下降至 降低到 降低至 降低为 减少到 减少至
减少为 减到 减至 减为 减轻到 减轻至 缩短到 缩短至 缩短为 缩小到 缩小至 压缩到 压到 压降到 压减到 压缩至 控制在
控制到 控制为 限制在 低至 <= ≤ ≦ < ⩽
"""
_BETTER = "优于 好于"
_REACHED = frozenset(
    ["可达到", "可以达到", "达到", "可达", "达", "做到", "提高到", "提高至", "提升到", "提升至", "提升为", "至少达到"]
)
_EXACTLY = "为 是 = : 约 约为 大约 最高 最高为 最大 最大为 最高可达 最大可达 介于 在 各为 ≈"


def _either(words: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words.split(), key=len, reverse=True))


def _guarded(word: str) -> str:
    guard = NOT_BEFORE.get(word)
    return re.escape(word) + (f"(?![{guard}])" if guard else "")


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
_HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_EXPONENT = rf"(?:\s*\^?\s*[-−]?\d{{1,3}}|⁻?[{_HIGH}]{{1,3}})"
_NUMBER = (
    rf"(?:10\s*\^\s*[-−]?\d{{1,3}}|10⁻?[{_HIGH}]{{1,3}}"
    rf"|(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d{{1,15}})(?:\.\d{{1,15}})?(?:\s*[×x*]\s*10{_EXPONENT})?)"
)
_POWER_OF_TEN = re.compile(rf"(?:([-−]?[\d.]+)x10|([-−]?)10(?=[\^⁻{_HIGH}]))\^?([-−⁻\d{_HIGH}]+)")
_SPELLINGS = sorted({form for word in spellings() for form in (fold(word), word.lower())}, key=len, reverse=True)
_ONE = rf"(?:{'|'.join(_guarded(word) for word in _SPELLINGS)})(?![a-z])"
_ATOM = rf"[万亿]?{_ONE}"
_UNDER = rf"(?:\d{{1,4}}(?:\.\d{{1,3}})?\s?)?(?:{_ATOM}|[hdst](?![a-z]))"
_DOT = r"\s?[·•∙⋅・*.]\s?"
_BELOW = rf"\s?[/每]\s?(?:\(\s?{_UNDER}(?:{_DOT}{_UNDER}){{0,4}}\s?\)|{_UNDER}(?:{_DOT}{_UNDER}){{0,3}})"
_COUNTED = r"[a-z]{2,8}(?:50)?(?=\s?/\s?[a-zμ片个株头羽枚粒升克毫亩])"
_UNIT = rf"(?:(?:{_ATOM}(?:{_DOT}{_ONE}){{0,2}}|{_COUNTED}|[万亿]?[udhf](?=/))(?:{_BELOW}){{0,3}}|[ud](?![a-z0-9])|万(?![元吨个台套人]))"
_TO = r"\s*(?:~+|-{1,3}|[—–]{1,3}|−|至|到)\s*"
_CORE = re.compile(
    rf"(?:(?:±|\+/-|\+-)\s*(?P<tolerance>{_NUMBER})|(?P<first>(?:[-−]|(?<![a-z\d])\+)?{_NUMBER})\s*(?P<unit1>{_UNIT})?"
    rf"(?:\s*(?:±|\+/-)\s*(?P<spread>{_NUMBER})|{_TO}(?P<second>[-−+]?{_NUMBER}))?)\s*(?P<unit>{_UNIT})?"
)
_PREFIX = "hrc|hra|hrb|hv|hbw|hb|hl|ph|ip|ct|it|邵氏硬度?a|邵a|邵氏d|邵d|shorea|φ|ф|∅|⌀|ø"
_BEFORE = re.compile(
    rf"(?:(?:(?P<least>{_either(_AT_LEAST)})|(?P<most>{_either(_AT_MOST)})|(?P<better>{_either(_BETTER)})"
    rf"|(?P<exact>{_either(_EXACTLY)}))(?:\s*(?:r[az]|sa))?)?"
    rf"(?:(?<=[于达到至])[^,。;\s\d]{{1,6}}的)?\s*(?:在|于|约|到|至|为|了)?\s*(?:每(?P<per>{_ONE})(?:约"
    rf"|为)?)?\s*(?P<minus>零下)?\s*(?P<prefix>{_PREFIX})?\s*$"
)
_SCALES = {
    "φ": "",
    "ф": "",
    "∅": "",
    "⌀": "",
    "ø": "",
    "邵氏a": "邵A",
    "邵氏硬度a": "邵A",
    "shorea": "邵A",
    "邵氏d": "邵D",
}
_FRACTIONS = {"百分之": "%", "千分之": "‰", "万分之": "‱"}
_FRACTION = re.compile(r"(?P<kind>[百千万]分之)(?P<number>[零〇一二三四五六七八九十百两点]{1,8}|\d{1,6}(?:\.\d{1,6})?)")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TWICE = re.compile(rf"(?:{_either(_AT_LEAST)}|{_either(_AT_MOST)}|应|需|要)\s*$")
_AFTER = re.compile(
    r"\s*(?:[及或含]?(?P<least>以上|起)|[及或含]?(?P<most>以内|以下|之内|内(?![部径壁衬层置外阻腔存]))"
    r"|左右|上下|之?间(?![隙距歇接]))"
)
_JOINED = re.compile(r"[a-z\d.#_/\-]$")
_ROUGHNESS = re.compile(r"(?<![a-z])(?:r[az]|sa)$")
_CONTINUED = re.compile(r"[a-z#\d]|\s?[×x*]\s?\d|[号#]|:\d|年代|(?:\s*[-—/]\s*\d)")
_SIZE = re.compile(r"\d\s*[a-z]{0,2}\s*[×x*]\s*$")
_STRANGE = re.compile(r"\s?[a-z]{2,4}(?![a-z\d\-])")
LONGEST_PREFIX = 20
_LAST_SIGNS = frozenset(word[-1] for word in f"{_AT_LEAST} {_AT_MOST} {_BETTER} {_EXACTLY}".split()) | frozenset(
    [*"在于约到至为了下的cabvlptdzaφф∅⌀ø", *(word[-1] for word in _SPELLINGS)]
)


def fold_figures(text: str) -> str:
    """The text folded character for character, but 10⁶ is not 106 and "mm②" is not mm²."""
    return "".join(c if ord(c) in _SUPERSCRIPTS or "①" <= c <= "⓿" else fold(c) for c in text)


def find_quantities(text: str) -> Iterator[Quantity]:
    """Every quantity of the text, in order. Numbers that belong to a name (GB/T 1234, 42CrMo) are left out."""
    folded, kept = _digits_for_fractions(fold_figures(text))
    for found in _CORE.finditer(folded):
        before = _wording_before(folded, found.start())
        prefix = before["prefix"] if before else None
        left = folded[max(0, found.start() - 8) : found.start()]
        at_letter = not prefix and _JOINED.search(left) and not _ROUGHNESS.search(left)
        strange = _strange_unit(folded, found, before)
        if at_letter or _SIZE.search(left) or (_CONTINUED.match(folded, found.end()) and not strange):
            continue
        yield _quantity(text, folded, found, before, kept, strange)


def _strange_unit(folded: str, found: re.Match[str], before: re.Match[str] | None) -> re.Match[str] | None:
    """Letters after a compared number ("≥85GU") are a unit, though not a known one."""
    compared = before and (before["least"] or before["most"])
    return _STRANGE.match(folded, found.end()) if compared and not found["unit"] and not found["unit1"] else None


def _wording_before(folded: str, at: int) -> re.Match[str] | None:
    """The comparing words that end at the number; most numbers have none, which their last character tells."""
    start = max(0, at - LONGEST_PREFIX)
    if folded[start:at].rstrip()[-1:] not in _LAST_SIGNS:
        return None
    return _BEFORE.search(folded, start, at)


def _digits_for_fractions(folded: str) -> tuple[str, dict[int, tuple[str, str]]]:
    """百分之三十 becomes digits of the same length, and what stood there is kept by its end."""
    kept: dict[int, tuple[str, str]] = {}

    def plain(found: re.Match[str]) -> str:
        value = _spoken(found["number"])
        if value is None:
            return found[0]
        kept[found.end()] = (found["kind"], f"{value:g}")
        return "0" * len(found[0])

    return _FRACTION.sub(plain, folded), kept


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
            digit = _DIGITS.get(sign, 0)
    decimals = "".join(str(_DIGITS.get(sign, 0)) for sign in part)
    return float(f"{value + digit}.{decimals or 0}") if number != "点" else None


def _quantity(
    text: str,
    folded: str,
    found: re.Match[str],
    before: re.Match[str] | None,
    kept: dict[int, tuple[str, str]],
    strange: re.Match[str] | None,
) -> Quantity:
    number_end = strange.end() if strange else found.end()
    after = _AFTER.match(folded, number_end)
    prefix = before["prefix"] if before else None
    unit = _SCALES.get(prefix, prefix) if prefix else ""
    low, high = _bounds(found, before, after)
    if found.end() in kept:
        kind, number = kept[found.end()]
        unit, (low, high) = _FRACTIONS[kind], _shifted(low, high, float(number))
    if not unit and not found["unit"] and _ROUGHNESS.search(folded[max(0, found.start() - 3) : found.start()]):
        unit = "μm"
    unit = unit or (text[strange.start() : strange.end()].strip() if strange else _unit(text, found))
    if before and before["per"]:
        unit = f"{unit}/{text[before.start('per') : before.end('per')]}"
    start = before.start() if before else found.start()
    twice = _TWICE.search(folded, max(0, start - 8), start)
    better = bool(before and (before["better"] or before["least"] in _REACHED))
    explicit = bool(before and (before["least"] or before["most"])) or bool(after and (after["least"] or after["most"]))
    explicit = explicit or low != high or bool(prefix) or better
    end = after.end() if after else number_end
    return Quantity(low, high, canonical(unit), twice.start() if twice else start, end, explicit, better)


def _shifted(low: float | None, high: float | None, value: float) -> tuple[float | None, float | None]:
    return (None if low is None else value, None if high is None else value)


def _unit(text: str, found: re.Match[str]) -> str:
    name = "unit" if found["unit"] else "unit1"
    return "".join(map(_half_width, text[found.start(name) : found.end(name)])) if found[name] else ""


def _half_width(character: str) -> str:
    """Character for character: ″ must not become two signs."""
    half = unicodedata.normalize("NFKC", character)
    return half if len(half) == 1 else character


def _bounds(
    found: re.Match[str], before: re.Match[str] | None, after: re.Match[str] | None
) -> tuple[float | None, float | None]:
    if found["tolerance"]:
        return -_value(found["tolerance"]), _value(found["tolerance"])
    minus = before and before["minus"]
    first = -_value(found["first"]) if minus else _value(found["first"])
    if found["spread"]:
        return first - _value(found["spread"]), first + _value(found["spread"])
    if found["second"]:
        return min(first, _value(found["second"])), max(first, _value(found["second"]))
    if after and after["most"]:  # 达到5毫米以下: what follows the number decides
        return None, first
    for side in (before, after):
        if side and side["least"]:
            return first, None
        if side and side.re is _BEFORE and side["most"]:
            return None, first
    return first, first


def _value(number: str) -> float:
    plain = re.sub(r"[,\s]", "", number).replace("×", "x").replace("*", "x")
    power = _POWER_OF_TEN.fullmatch(plain)
    if power is None:
        return float(plain.translate(_SUPERSCRIPTS))
    base = power[1] or f"{power[2]}1"
    return float(base.translate(_SUPERSCRIPTS)) * 10.0 ** min(int(power[3].translate(_SUPERSCRIPTS)), 250)
