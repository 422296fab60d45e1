"""Proposes tags for a text while it is being typed: from their names in it, and from the tags of texts like it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from apps.engine.documents import Document
from apps.engine.highlight import fold, highlight_spans
from apps.engine.tag_evidence import EVIDENCE, OPENING, TagEvidence
from apps.engine.taxonomy import Taxonomy
from apps.engine.text import LONGEST_TEXT

LEAST_SURE = 0.2
"""What is less likely right than this is not proposed."""
INTERCEPT = -4.21
WEIGHTS = {
    "surface": 1.72,
    "opening": 0.74,
    "name": 20.23,
    "near": 17.61,
    "nearest": -3.52,
    "centre": 2.83,
    "known": -0.32,
    "covered": 0.64,
    "surface_nearest": -6.6,
    "surface_name": -6.01,
}
"""Of a logistic regression, fitted by `python -m benchmarks.quality.tag_suggestions --fit` on the demo city's texts."""


@dataclass(frozen=True, slots=True)
class TagSuggestion:
    """A proposed tag; `confidence` is the chance that a person would choose it, 0 to 1.

    [start, end) is where the text names it first; None where it is proposed only because texts like this one bear it.
    """

    code: str
    name: str
    confidence: float
    start: int | None
    end: int | None


class TagSuggester:
    """What a taxonomy's terms look like in a text, and what the examples teach. Safe to share between threads."""

    def __init__(self, taxonomy: Taxonomy, examples: Sequence[Document] = ()) -> None:
        self.taxonomy = taxonomy
        self._surfaces = _Surfaces(taxonomy)
        self.evidence = TagEvidence(taxonomy).fit(examples)

    def suggest(self, text: str, limit: int = 8) -> list[TagSuggestion]:
        """At most `limit` tags that are at least LEAST_SURE, the surest first."""
        raw = text[:LONGEST_TEXT]
        spans = self._surfaces.spans(raw)
        sure = confidences(self.rows(raw, spans))
        order = [at for at in np.argsort(-sure, kind="stable") if sure[at] >= LEAST_SURE][:limit]
        return [self._suggestion(int(at), float(sure[at]), spans) for at in order]

    def rows(
        self, raw: str, spans: dict[str, tuple[int, int]] | None = None, counted: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Terms × EVIDENCE; see `TagEvidence.of`."""
        found = self._surfaces.spans(raw) if spans is None else spans
        codes = self.evidence.codes
        surfaces = np.array([code in found for code in codes], dtype=np.float64)
        openings = np.array([code in found and found[code][0] < OPENING for code in codes], dtype=np.float64)
        return self.evidence.of(raw, surfaces, openings, counted)

    def _suggestion(self, at: int, sure: float, spans: dict[str, tuple[int, int]]) -> TagSuggestion:
        code = self.evidence.codes[at]
        start, end = spans.get(code, (None, None))
        return TagSuggestion(code, self.taxonomy.name(code), round(sure, 2), start, end)


def confidences(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chance of each term, 1 / (1 + e^-(intercept + weights · evidence))."""
    weights = np.array([WEIGHTS[name] for name in EVIDENCE])
    return np.asarray(1.0 / (1.0 + np.exp(-(INTERCEPT + rows @ weights))))


@lru_cache(maxsize=4)
def _without_examples(taxonomy: Taxonomy) -> TagSuggester:
    return TagSuggester(taxonomy)


def suggest_tags(text: str, taxonomy: Taxonomy, limit: int = 8) -> list[TagSuggestion]:
    """What the names of the terms alone tell, without examples."""
    return _without_examples(taxonomy).suggest(text, limit)


class _Surfaces:
    """Names and aliases as they stand in a text: the longest match, Latin ones only as whole words."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.codes: dict[str, str] = {}
        self.lengths: dict[str, list[int]] = defaultdict(list)
        for term in taxonomy.terms.values():
            for surface in (term.name, *term.aliases):
                self._add(fold(surface).strip(), term.code)

    def _add(self, surface: str, code: str) -> None:
        if len(surface) < 2 or surface in self.codes:
            return
        self.codes[surface] = code
        lengths = self.lengths[surface[0]]
        if len(surface) not in lengths:
            lengths.append(len(surface))
            lengths.sort(reverse=True)

    def spans(self, raw: str) -> dict[str, tuple[int, int]]:
        """Where each term stands first, by code."""
        folded = fold(raw)
        found: dict[str, tuple[int, int]] = {}
        at = 0
        while at < len(folded):
            length = self._length(folded, at)
            if length:
                found.setdefault(self.codes[folded[at : at + length]], (at, at + length))
            at += length or 1
        return found

    def _length(self, folded: str, at: int) -> int:
        """How long the longest surface is that begins there; 0 for none."""
        lengths = self.lengths.get(folded[at], ())
        return next((n for n in lengths if folded[at : at + n] in self.codes and _is_whole(folded, at, n)), 0)


def _is_whole(folded: str, start: int, length: int) -> bool:
    return bool(highlight_spans(folded[max(0, start - 1) : start + length + 1], [folded[start : start + length]]))
