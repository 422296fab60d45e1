"""Proposes tags for a text while it is being typed: names and aliases that stand in it, then names all of whose
words do."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from apps.engine.highlight import fold, highlight_spans
from apps.engine.shared_terms import is_telling
from apps.engine.taxonomy import Taxonomy
from apps.engine.text import LONGEST_TEXT
from apps.engine.tokens import Segmenter

OPENING = 60
"""Characters at the beginning of a text, title and first sentence, where a term counts a little more."""


@dataclass(frozen=True, slots=True)
class TagSuggestion:
    """A proposed tag; `confidence` 0 to 1; [start, end) is where the text speaks of it first."""

    code: str
    name: str
    confidence: float
    start: int
    end: int


class _Index:
    """What a taxonomy's terms look like in a text."""

    def __init__(self, taxonomy: Taxonomy, segmenter: Segmenter) -> None:
        self.codes: dict[str, str] = {}
        self.is_alias: dict[str, bool] = {}
        self.lengths: dict[str, list[int]] = defaultdict(list)
        self.words: dict[str, frozenset[str]] = {}
        for term in taxonomy.terms.values():
            for position, surface in enumerate((term.name, *term.aliases)):
                self._add(fold(surface).strip(), term.code, is_alias=position > 0)
            words = frozenset(word for word in segmenter.words(term.name) if word != fold(term.name))
            if len(words) > 1 and any(is_telling(word) for word in words):
                self.words[term.code] = words

    def _add(self, surface: str, code: str, *, is_alias: bool) -> None:
        if len(surface) < 2 or surface in self.codes:
            return
        self.codes[surface], self.is_alias[surface] = code, is_alias
        lengths = self.lengths[surface[0]]
        if len(surface) not in lengths:
            lengths.append(len(surface))
            lengths.sort(reverse=True)


@lru_cache(maxsize=4)
def _index(taxonomy: Taxonomy, segmenter: Segmenter) -> _Index:
    return _Index(taxonomy, segmenter)


def suggest_tags(text: str, taxonomy: Taxonomy, segmenter: Segmenter, limit: int = 8) -> list[TagSuggestion]:
    """At most `limit` tags, the surest first.

    A name or alias in the text (longest match, Latin ones only as whole words) starts at 0.6, an alias at 0.55;
    length, repetition and standing at the beginning add to it. A name whose words all occur apart gets 0.4.
    """
    raw = text[:LONGEST_TEXT]
    index = _index(taxonomy, segmenter)
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    bases: dict[str, float] = {}
    for start, end, surface in _surfaces(raw, index):
        code = index.codes[surface]
        spans[code].append((start, end))
        bases[code] = max(bases.get(code, 0.0), 0.55 if index.is_alias[surface] else 0.6)
    found = [_suggestion(taxonomy, code, bases[code], spans[code]) for code in spans]
    found += _scattered(raw, taxonomy, segmenter, index, set(spans))
    return sorted(found, key=lambda s: (-s.confidence, s.start, s.code))[:limit]


def _surfaces(raw: str, index: _Index) -> list[tuple[int, int, str]]:
    folded = fold(raw)
    found, at = [], 0
    while at < len(folded):
        lengths = index.lengths.get(folded[at], ())
        surface = next(
            (s for n in lengths if (s := folded[at : at + n]) in index.codes and _is_whole(folded, at, n)), ""
        )
        if surface:
            found.append((at, at + len(surface), surface))
        at += len(surface) or 1
    return found


def _is_whole(folded: str, start: int, length: int) -> bool:
    return bool(highlight_spans(folded[max(0, start - 1) : start + length + 1], [folded[start : start + length]]))


def _suggestion(taxonomy: Taxonomy, code: str, base: float, spans: list[tuple[int, int]]) -> TagSuggestion:
    start, end = spans[0]
    confidence = base + 0.03 * min(end - start, 5) + 0.05 * min(len(spans) - 1, 2) + (0.1 if start < OPENING else 0.0)
    return TagSuggestion(code, taxonomy.name(code), round(min(confidence, 0.95), 2), start, end)


def _scattered(
    raw: str, taxonomy: Taxonomy, segmenter: Segmenter, index: _Index, known: set[str]
) -> list[TagSuggestion]:
    present = set(segmenter.words(raw))
    found = []
    for code, words in index.words.items():
        if code not in known and words <= present:
            spans = highlight_spans(raw, words)
            if spans:
                found.append(TagSuggestion(code, taxonomy.name(code), 0.4, *spans[0]))
    return found
