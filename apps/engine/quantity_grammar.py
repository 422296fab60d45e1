"""The words and patterns that make a quantity: numbers, comparing words, units. `quantities.py` reads with them."""

import re

from apps.engine.highlight import fold
from apps.engine.unit_table import NOT_BEFORE
from apps.engine.units import spellings

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
REACHED = frozenset(
    ["可达到", "可以达到", "达到", "可达", "达", "做到", "提高到", "提高至", "提升到", "提升至", "提升为", "至少达到"]
)
_EXACTLY = "为 是 = : 约 约为 大约 最高 最高为 最大 最大为 最高可达 最大可达 介于 在 各为 ≈"


def _either(words: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words.split(), key=len, reverse=True))


def _guarded(word: str) -> str:
    guard = NOT_BEFORE.get(word)
    return re.escape(word) + (f"(?![{guard}])" if guard else "")


SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
_HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_EXPONENT = rf"(?:\s*\^?\s*[-−]?\d{{1,3}}|⁻?[{_HIGH}]{{1,3}})"
_NUMBER = (
    rf"(?:10\s*\^\s*[-−]?\d{{1,3}}|10⁻?[{_HIGH}]{{1,3}}"
    rf"|(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d{{1,15}})(?:\.\d{{1,15}})?(?:\s*[×x*]\s*10{_EXPONENT})?)"
)
POWER_OF_TEN = re.compile(rf"(?:([-−]?[\d.]+)x10|([-−]?)10(?=[\^⁻{_HIGH}]))\^?([-−⁻\d{_HIGH}]+)")
_SPELLINGS = sorted({form for word in spellings() for form in (fold(word), word.lower())}, key=len, reverse=True)
_ONE = rf"(?:{'|'.join(_guarded(word) for word in _SPELLINGS)})(?![a-z])"
_ATOM = rf"[万亿]?{_ONE}"
_UNDER = rf"(?:\d{{1,4}}(?:\.\d{{1,3}})?\s?)?(?:{_ATOM}|[hdst](?![a-z]))"
_DOT = r"\s?[·•∙⋅・*.]\s?"
_BELOW = rf"\s?[/每]\s?(?:\(\s?{_UNDER}(?:{_DOT}{_UNDER}){{0,4}}\s?\)|{_UNDER}(?:{_DOT}{_UNDER}){{0,3}})"
_COUNTED = r"[a-z]{2,8}(?:50)?(?=\s?/\s?[a-zμ片个株头羽枚粒升克毫亩])"
_COMPOUND = rf"(?:{_ATOM}(?:{_DOT}{_ONE}){{0,2}}|{_COUNTED}|[万亿]?[udhf](?=/))(?:{_BELOW}){{0,3}}"
_UNIT = rf"(?:{_COMPOUND}|[ud](?![a-z0-9])|万(?![元吨个台套人]))"
_TO = r"\s*(?:~+|-{1,3}|[—–]{1,3}|−|至|到)\s*"
CORE = re.compile(
    rf"(?:(?:±|\+/-|\+-)\s*(?P<tolerance>{_NUMBER})|(?P<first>(?:[-−]|(?<![a-z\d])\+)?{_NUMBER})\s*(?P<unit1>{_UNIT})?"
    rf"(?:\s*(?:±|\+/-)\s*(?P<spread>{_NUMBER})|{_TO}(?P<second>[-−+]?{_NUMBER}))?)\s*(?P<unit>{_UNIT})?"
)
_PREFIX = "hrc|hra|hrb|hv|hbw|hb|hl|ph|ip|ct|it|邵氏硬度?a|邵a|邵氏d|邵d|shorea|φ|ф|∅|⌀|ø"
BEFORE = re.compile(
    rf"(?:(?:(?P<least>{_either(_AT_LEAST)})|(?P<most>{_either(_AT_MOST)})|(?P<better>{_either(_BETTER)})"
    rf"|(?P<exact>{_either(_EXACTLY)}))(?:\s*(?:r[az]|sa))?)?"
    rf"(?:(?<=[于达到至])[^,。;\s\d]{{1,6}}的)?\s*(?:在|于|约|到|至|为|了)?\s*(?:每(?P<per>{_ONE})(?:约"
    rf"|为)?)?\s*(?P<minus>零下)?\s*(?P<prefix>{_PREFIX})?\s*$"
)
SCALES = {"邵氏a": "邵A", "邵氏硬度a": "邵A", "shorea": "邵A", "邵氏d": "邵D"} | dict.fromkeys("φф∅⌀ø", "")
FRACTIONS = {"百分之": "%", "千分之": "‰", "万分之": "‱"}
FRACTION = re.compile(r"(?P<kind>[百千万]分之)(?P<number>[零〇一二三四五六七八九十百两点]{1,8}|\d{1,6}(?:\.\d{1,6})?)")
DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TWICE = re.compile(rf"(?:{_either(_AT_LEAST)}|{_either(_AT_MOST)}|应|需|要)\s*$")
AFTER = re.compile(
    r"\s*(?:[及或含]?(?P<least>以上|起)|[及或含]?(?P<most>以内|以下|之内|内(?![部径壁衬层置外阻腔存]))"
    r"|左右|上下|之?间(?![隙距歇接]))"
)
JOINED = re.compile(r"[a-z\d.#_/\-]$")
ROUGHNESS = re.compile(r"(?<![a-z])(?:r[az]|sa)$")
CONTINUED = re.compile(r"[a-z#\d]|\s?[×x*]\s?\d|[号#]|:\d|年代|(?:\s*[-—/]\s*\d)")
SIZE = re.compile(r"\d\s*[a-z]{0,2}\s*[×x*]\s*$")
STRANGE = re.compile(r"\s?[a-z]{2,4}(?![a-z\d\-])")
LONGEST_PREFIX = 20
LAST_SIGNS = frozenset(word[-1] for word in f"{_AT_LEAST} {_AT_MOST} {_BETTER} {_EXACTLY}".split()) | frozenset(
    [*"在于约到至为了下的cabvlptdzaφф∅⌀ø", *(word[-1] for word in _SPELLINGS)]
)
