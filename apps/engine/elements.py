"""Breaks a need into elements: problem, object, process, material, indicator, constraint, each with its span.

Rules over clauses and noun phrases; what they read is proposed to a person, who confirms or removes it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from apps.engine.clauses import find_constraints, find_problems
from apps.engine.documents import Indicator
from apps.engine.highlight import fold
from apps.engine.indicators import parse_indicators
from apps.engine.noun_phrases import LONGEST_PHRASE, Phrase, Piece, cut_pieces, phrases_of, runs
from apps.engine.taxonomy import Taxonomy
from apps.engine.text import LONGEST_TEXT
from apps.engine.tokens import Segmenter

type ElementKind = Literal["problem", "object", "process", "material", "indicator", "constraint"]
KINDS: tuple[ElementKind, ...] = ("problem", "object", "process", "material", "indicator", "constraint")
MOST_OF_A_KIND: Mapping[ElementKind, int] = {
    "problem": 6,
    "object": 3,
    "process": 5,
    "material": 5,
    "indicator": 12,
    "constraint": 5,
}
"""More than a person likes to look through; the surest are kept."""


@dataclass(frozen=True, slots=True)
class Element:
    """One part of a need: `text` is [start, end) of the raw text; `confidence` 0 to 1."""

    kind: ElementKind
    text: str
    start: int
    end: int
    confidence: float


def find_elements(
    text: str,
    taxonomy: Taxonomy,
    segmenter: Segmenter,
    *,
    is_title: bool = False,
    indicators: Iterable[Indicator] | None = None,
) -> list[Element]:
    """The elements of one text, in the order they stand in it, at most MOST_OF_A_KIND of each kind.

    In a title the object is what the need is about, and the title is its own problem if it names one.
    Only the first LONGEST_TEXT characters are read. `indicators`: those of the text, where they were read already.
    """
    raw = text[:LONGEST_TEXT]
    pieces = cut_pieces(raw, segmenter)
    read = parse_indicators(raw) if indicators is None else indicators
    found = _agreed([*_indicators(raw, read), *_clauses(raw, pieces)])
    figures = _Spans(e for e in found if e.kind == "indicator")
    phrases = (e for e in _phrases(raw, pieces, is_title=is_title) if not _is_of_a_figure(e, figures))
    found += [_known(e, taxonomy) for e in phrases]
    found = _without_own_record(raw, found)
    return sorted(_surest(found), key=lambda e: (e.start, e.end, e.kind))


def _indicators(raw: str, indicators: Iterable[Indicator]) -> Iterator[Element]:
    for found in indicators:
        yield Element("indicator", raw[found.start : found.end], found.start, found.end, 0.9 if found.is_hard else 0.8)


def _clauses(raw: str, pieces: list[Piece]) -> Iterator[Element]:
    starts = [piece.start for piece in pieces]
    for span in find_problems(raw, starts):
        yield Element("problem", raw[span.start : span.end], span.start, span.end, span.confidence)
    for span in find_constraints(raw, starts):
        yield Element("constraint", raw[span.start : span.end], span.start, span.end, span.confidence)


_RECORD = re.compile(
    r"(?:^|\n)[^\n需目标内]{0,6}(?:工作|研究|研发|前期|合作)基础[^\n：:需目]{0,6}[：:\n]"
    r"(?:.*?)(?=\n[^\n]{0,8}(?:需求|目标|研究内容|主要内容|解决|指标)[^\n]{0,8}[：:\n]|\Z)",
    re.DOTALL,
)
"""What a company has done so far (工作基础): its equipment, awards and staff are no part of the need."""


def _without_own_record(raw: str, found: Iterable[Element]) -> list[Element]:
    records = [m.span() for m in _RECORD.finditer(raw)]
    return [e for e in found if not any(start <= e.start < end for start, end in records)]


def _agreed(found: Sequence[Element]) -> list[Element]:
    """One reading of a clause: a bound on money or time is a constraint, a problem a figure is asked for is an
    indicator (压缩永久变形 ≤ 25%), and what must not happen is a constraint."""
    constraints = _Spans(e for e in found if e.kind == "constraint")
    figures = _Spans(e for e in found if e.kind == "indicator" and not constraints.meet(e))
    return [
        e
        for e in found
        if e.kind == "constraint" or not (constraints.meet(e) or (e.kind == "problem" and figures.meet(e)))
    ]


def _is_of_a_figure(element: Element, figures: "_Spans") -> bool:
    """In 涂层厚度控制在 0.3 mm nobody asks for 厚度控制."""
    return element.kind == "process" and element.text.endswith("控制") and figures.meet(element)


class _Spans:
    """Elements of one kind, which do not overlap each other."""

    def __init__(self, elements: Iterable[Element]) -> None:
        self._spans = sorted((element.start, element.end) for element in elements)

    def meet(self, element: Element) -> bool:
        """Whether one of them shares a character with the element."""
        at = bisect_left(self._spans, (element.end, 0))
        return at > 0 and self._spans[at - 1][1] > element.start


SUREST = 0.95
_SURE: Mapping[str, float] = {"process": 0.75, "technique": 0.65, "material": 0.8, "object": 0.55}
"""How often a phrase of the kind is right where it stands once, in running text (docs/matching.md)."""
_KIND_OF_SENSE: Mapping[str, ElementKind] = {
    "process": "process",
    "technique": "process",
    "material": "material",
    "object": "object",
}


def _phrases(raw: str, pieces: list[Piece], *, is_title: bool) -> Iterator[Element]:
    named = [e for run in runs(pieces) for phrase in phrases_of(run) if (e := _named(raw, phrase, is_title=is_title))]
    yield from named
    if is_title and not any(element.kind == "object" for element in named):
        known = {element.text for element in named}
        yield from (element for element in _subject(raw, pieces) if element.text not in known)


def _named(raw: str, phrase: Phrase, *, is_title: bool) -> Element | None:
    kind = _KIND_OF_SENSE[phrase.sense]
    text = raw[phrase.start : phrase.end]
    if len(text) < 2 or (phrase.sense == "technique" and phrase.words < 2 and len(text) < 4):
        return None
    confidence = _SURE[phrase.sense] + 0.1 * is_title + 0.05 * (phrase.words > 1) - 0.1 * phrase.is_part
    return Element(kind, text, phrase.start, phrase.end, round(min(confidence, SUREST), 2))


def _known(element: Element, taxonomy: Taxonomy) -> Element:
    """Surer where the vocabularies have a name for it."""
    if fold(element.text) not in _names(taxonomy):
        return element
    return replace(element, confidence=round(min(element.confidence + 0.1, SUREST), 2))


@lru_cache(maxsize=4)
def _names(taxonomy: Taxonomy) -> frozenset[str]:
    return frozenset(fold(name) for term in taxonomy.terms.values() for name in (term.name, *term.aliases))


def _subject(raw: str, pieces: list[Piece]) -> Iterator[Element]:
    """What a title is about where no word of it is known as an object: its first noun phrase up to what is done to it
    or goes wrong with it (茶多酚 in 茶多酚提取, 豆腐干 in 豆腐干自动切块)."""
    for run in runs(pieces):
        kept = list(takewhile(lambda piece: piece.sense not in {"process", "technique", "trouble"}, run))
        while kept and kept[-1].sense in {"adjective", "modifier"}:
            kept.pop()
        if kept and kept[0].word[0] not in "下上中内外" and 2 <= kept[-1].end - kept[0].start <= LONGEST_PHRASE:
            start, end = kept[0].start, kept[-1].end
            yield Element("object", raw[start:end], start, end, 0.65)
            return


def _surest(found: Iterable[Element]) -> list[Element]:
    """One of each text, surer where it is repeated; of each kind the surest few."""
    by_text: dict[tuple[str, str], Element] = {}
    for element in sorted(found, key=lambda e: e.start):
        key = element.kind, fold(element.text)
        earlier = by_text.get(key)
        if earlier is None:
            by_text[key] = element
        else:
            by_text[key] = replace(earlier, confidence=round(min(earlier.confidence + 0.1, SUREST), 2))
    kept: list[Element] = []
    for kind in KINDS:
        of_kind = sorted((e for e in by_text.values() if e.kind == kind), key=lambda e: (-e.confidence, e.start))
        kept += of_kind[: MOST_OF_A_KIND[kind]]
    return kept
