"""Breaks a need into elements: problem, object, process, material, indicator, constraint, each with its span.

Rules over clauses and noun phrases; what they read is proposed to a person, who confirms or removes it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from apps.engine.clauses import find_constraints, find_problems
from apps.engine.documents import Indicator
from apps.engine.highlight import fold
from apps.engine.indicators import parse_indicators
from apps.engine.noun_phrases import Phrase, Piece, cut_pieces, phrases_of, runs
from apps.engine.taxonomy import Taxonomy
from apps.engine.text import LONGEST_TEXT
from apps.engine.tokens import Segmenter

type ElementKind = Literal["problem", "object", "process", "material", "indicator", "constraint"]
KINDS: tuple[ElementKind, ...] = ("problem", "object", "process", "material", "indicator", "constraint")
MOST_OF_A_KIND: Mapping[ElementKind, int] = {
    "problem": 6,
    "object": 4,
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


def find_elements(text: str, taxonomy: Taxonomy, segmenter: Segmenter, *, is_title: bool = False) -> list[Element]:
    """The elements of one text, in the order they stand in it, at most MOST_OF_A_KIND of each kind.

    In a title the object is what the need is about, and the title is its own problem if it names one.
    Only the first LONGEST_TEXT characters are read.
    """
    raw = text[:LONGEST_TEXT]
    pieces = cut_pieces(raw, segmenter)
    found = [*_indicators(raw, parse_indicators(raw)), *_clauses(raw, pieces)]
    found += _phrases(raw, pieces, taxonomy, is_title=is_title)
    return sorted(_surest(found), key=lambda e: (e.start, e.end, e.kind))


def _indicators(raw: str, indicators: Iterable[Indicator]) -> Iterator[Element]:
    for found in indicators:
        yield Element("indicator", raw[found.start : found.end], found.start, found.end, 0.9 if found.is_hard else 0.8)


def _clauses(raw: str, pieces: list[Piece]) -> Iterator[Element]:
    for kind, spans in (("problem", find_problems(raw)), ("constraint", find_constraints(raw))):
        for span in spans:
            yield Element(kind, raw[span.start : span.end], span.start, span.end, span.confidence)


_KIND_OF_SENSE: Mapping[str, ElementKind] = {
    "process": "process",
    "technique": "process",
    "material": "material",
    "object": "object",
}


def _phrases(raw: str, pieces: list[Piece], taxonomy: Taxonomy, *, is_title: bool) -> Iterator[Element]:
    for run in runs(pieces):
        for phrase in phrases_of(run):
            element = _named(raw, phrase, is_title=is_title)
            if element:
                yield element


def _named(raw: str, phrase: Phrase, *, is_title: bool) -> Element | None:
    kind = _KIND_OF_SENSE[phrase.sense]
    text = raw[phrase.start : phrase.end]
    if len(text) < 2 or (phrase.sense == "technique" and phrase.words < 2):
        return None
    confidence = 0.6 + 0.15 * is_title + 0.05 * (phrase.words > 1) - 0.1 * (phrase.sense == "technique")
    return Element(kind, text, phrase.start, phrase.end, round(confidence, 2))


def _surest(found: Iterable[Element]) -> list[Element]:
    """One of each text, surer where it is repeated; of each kind the surest few."""
    by_text: dict[tuple[str, str], Element] = {}
    for element in sorted(found, key=lambda e: e.start):
        key = element.kind, fold(element.text)
        earlier = by_text.get(key)
        if earlier is None:
            by_text[key] = element
        else:
            by_text[key] = replace(earlier, confidence=round(min(earlier.confidence + 0.05, 0.95), 2))
    kept: list[Element] = []
    for kind in KINDS:
        of_kind = sorted((e for e in by_text.values() if e.kind == kind), key=lambda e: (-e.confidence, e.start))
        kept += of_kind[: MOST_OF_A_KIND[kind]]
    return kept
