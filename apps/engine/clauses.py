"""Clauses that tell a problem or set a constraint, trimmed to what a person would write on a label."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.engine.clause_cues import (
    COMPLAINT,
    EXPLORED,
    FAULT,
    LIMIT,
    MONEY,
    NEGATED,
    NO_LIMIT,
    NO_PROBLEM,
    PRAISE,
    REMEDIED_AFTER,
    REMEDY,
    WEAK_FAULT,
)
from apps.engine.highlight import fold

LONGEST_LABEL = 24
"""Characters of a label; of a longer clause the part around its cue is kept."""


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end) of the raw text, and how sure the reading is, 0 to 1."""

    start: int
    end: int
    confidence: float


_BREAKS = re.compile(r"[。；;！!？?\n\r\t，,：:（）()“”\"《》]+|\s{2,}")
_ITEM_BREAKS = re.compile(
    r"[。；;！!？?\n\r\t，,：:（）()“”\"《》、]+|\s{2,}|(?:以及|并且|而且|和(?=[^、，]{1,8}(?:问题|难题|现象|缺陷)))"
)
_LEAD = re.compile(
    r"^(?:\s|[-•·*—●■◆①-⑳]|\d{1,2}[.、．)）]|目前|现在|现阶段|当前|去年|但是?|不过|可是|而且?|并且?|且|同时|另外|此外|还有?|也|又|就是?|都"
    r"|会|老是|总是|经常|普遍|存在着?|容易(?=产生|出现|造成)|导致|造成|使(?:得|(?!用))|产生|出现|引起|带来|从而|因此|所以|因为|由于|主要(?:坏在|是|表现为)?|其中"
    r"|[一二三四]是|有效|能够?(?!耗|量|力)|可以?|需要?|要求?|希望|想要?|最好|解决|避免|防止|消除|克服|减少|改善|降低|抑制|杜绝|(?:我们|我厂|我司|公司|企业)的?"
    r"|于是|结果|甚至|尤其是?|特别是|一直|仍然?|依然|[比例]如|如|以及|及|和(?!面)|与|等|针对(?:目前|现有)?|更?好地|发生|在|将|把)+"
)
_TAIL = re.compile(
    r"(?:的?(?:等(?:一系列|多种|诸多)?|各种)?(?:问题|难题|现象|情况下?|缺点|弊端|技术难题)|(?<=.{4})(?<!难以)(?<!无法)(?<!不易)(?:控制|抑制|防治|治理|改善|研究|攻关|原因分析|机理|原因)(?:技术|方法|工艺)?"
    r"|等|了|的|\s|时|后|以后|亏)+$"
)
_CONTEXT = re.compile(r"[^，。]{2,}?(?:之后|以后|后|时|中|过程中|情况下|条件下|下|的|用|导致|造成)(?=[一-鿿]{4,}$)")
"""What stands before the complaint itself: 镀锡后存放三个月 | 表面发黑."""
LONGEST_PART = 120
LONGEST_BARE = 6
"""Characters before a weak fault that ends its clause: 信号漂移 complains, the title of a study does not."""
LONG_LABEL = 12
"""A label longer than this loses its context if it has one."""


_EMPTY = re.compile(r"(?:面临|具有|存在)?(?:极|很|较|更|最|太)[大小多高](?:差距|困难)?|.{0,3}(?:问题|难题|困难|差距)")
"""A complaint about nothing."""
_TRADE = re.compile(r"我国|国内|国外|国际|全国|全球|行业|发达国家")
"""The state of a trade is told more often than it is the writer's own problem."""


def find_problems(raw: str, starts: Sequence[int]) -> list[Span]:
    """Clauses and items of lists that say what goes wrong. `starts`: where words begin, in order; so do labels."""
    folded = fold(raw)
    found: list[Span] = []
    for start, end in _parts(folded, _ITEM_BREAKS):
        span = _problem(folded, start, end, starts)
        if span and found and _continues(folded, found[-1], span):
            found[-1] = Span(found[-1].start, span.end, found[-1].confidence)
        elif span and span.end - span.start >= 3:
            found.append(span)
    return found


def find_constraints(raw: str, starts: Sequence[int]) -> list[Span]:
    """Clauses that say within what bounds a solution must stay. `starts` as in `find_problems`."""
    folded = fold(raw)
    found = []
    for start, end in _parts(folded, _BREAKS):
        part = folded[start:end]
        cue = MONEY.search(part) or LIMIT.search(part)
        if cue is None or NO_LIMIT.search(part):
            continue
        left, right = _trimmed(part, *cue.span())
        left = _at_word(starts, start + left) - start
        if right - left >= 4:
            found.append(Span(start + left, start + right, 0.8 if MONEY.search(part) else 0.7))
    return found


def _parts(folded: str, breaks: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """[start, end) of what stands between the breaks; what nobody punctuated in pieces of LONGEST_PART."""
    start = 0
    for at, following in (*(m.span() for m in breaks.finditer(folded)), (len(folded), len(folded))):
        for begin in range(start, at, LONGEST_PART):
            yield begin, min(begin + LONGEST_PART, at)
        start = following


def _continues(folded: str, before: Span, span: Span) -> bool:
    """焊缝易开裂、堵塞: the second has no subject of its own."""
    joined = folded[before.end : span.start] == "、" and span.end - before.start <= LONGEST_LABEL
    return joined and bool(FAULT.fullmatch(folded, span.start, span.end))


def _problem(folded: str, start: int, end: int, starts: Sequence[int]) -> Span | None:
    part = folded[start:end]
    cue, confidence = _cue(part)
    if cue is None:
        return None
    left, right = _trimmed(part, *cue)
    if right - left > LONG_LABEL and (context := _last_context(part[left : cue[1]])):
        left += context
    left = min(_at_word(starts, start + left) - start, cue[0])
    if right <= left or _EMPTY.fullmatch(part, left, right):
        return None
    return Span(start + left, start + right, min(confidence, 0.6) if _TRADE.search(part) else confidence)


def _last_context(label: str) -> int:
    """Where the complaint itself begins in a long label; 0 where it cannot be told."""
    found = _CONTEXT.match(label)
    return found.end() if found else 0


def _at_word(starts: Sequence[int], position: int) -> int:
    """The beginning of the word at a position or of the one after it."""
    at = bisect_left(starts, position)
    return starts[at] if at < len(starts) else position


def _cue(part: str) -> tuple[tuple[int, int] | None, float]:
    """Where the words stand that make a part a problem, and how sure they make it."""
    if PRAISE.search(part):
        return None, 0.0
    remedy = REMEDY.search(part)
    complaint = next((m for m in COMPLAINT.finditer(part) if not NEGATED.search(part[: m.start()][-8:])), None)
    if complaint and not NO_PROBLEM.search(part[: complaint.end()]):
        return complaint.span(), 0.8
    fault = next((m for m in FAULT.finditer(part) if _counts(part, m)), None)
    if fault and (remedy or not NO_PROBLEM.search(part)):
        return fault.span(), 0.75
    weak = next((m for m in WEAK_FAULT.finditer(part) if _counts(part, m)), None)
    if weak and not NO_PROBLEM.search(part) and (_remedied(remedy, weak) or REMEDIED_AFTER.match(part, weak.end())):
        return weak.span(), 0.65
    if weak and not NO_PROBLEM.search(part) and weak.end() == len(part) and 2 <= weak.start() <= LONGEST_BARE:
        return weak.span(), 0.55
    return None, 0.0


def _counts(part: str, found: re.Match[str]) -> bool:
    return not (NEGATED.search(part[: found.start()][-8:]) or EXPLORED.match(part, found.end()))


def _remedied(remedy: re.Match[str] | None, weak: re.Match[str]) -> bool:
    return bool(remedy and remedy.end() <= weak.start() <= remedy.end() + 12)


def _trimmed(part: str, cue_start: int, cue_end: int) -> tuple[int, int]:
    """[left, right) of the label within the part, without the words around it that say nothing."""
    remedy = next((m for m in REMEDY.finditer(part) if m.end() <= cue_start), None)
    left = remedy.end() if remedy else 0
    lead = _LEAD.match(part[left:])
    left = min(left + (lead.end() if lead else 0), cue_start)
    tail = _TAIL.search(part)
    right = max(tail.start() if tail else len(part), cue_end)
    if right - left > LONGEST_LABEL:
        left = max(left, min(cue_start, right - LONGEST_LABEL))
        left = max(left, min(cue_end + 6, right) - LONGEST_LABEL)
        right = min(right, left + LONGEST_LABEL)
    while left < right and part[left].isspace():
        left += 1
    while right > left and part[right - 1].isspace():
        right -= 1
    return left, right
