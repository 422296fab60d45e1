"""Where terms stand in a raw text, for marking them on a page."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from apps.engine.simplified import simplified
from apps.engine.text import LONGEST_TEXT


@lru_cache(maxsize=32)
def fold(text: str) -> str:
    """The text in half width, lower case and simplified characters.

    Character for character, so that positions stay those of the raw text.
    """
    return "".join(_fold_character(character) for character in text)


def highlight_spans(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """(start, end) of every occurrence of the terms in the raw text, in order, never overlapping.

    Width, case and traditional or simplified characters do not matter; where terms overlap, the one that starts
    first wins, then the longer. Only the first LONGEST_TEXT characters are searched.
    """
    folded = fold(text[:LONGEST_TEXT])
    found = {span for term in terms for span in _occurrences(folded, fold(term))}
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def first_span(text: str, term: str) -> tuple[int, int] | None:
    """Where a term stands first in the raw text, as `highlight_spans` finds it."""
    return next(iter(_occurrences(fold(text[:LONGEST_TEXT]), fold(term))), None)


def _occurrences(folded: str, term: str) -> Iterable[tuple[int, int]]:
    start = folded.find(term) if term.strip() else -1
    while start >= 0:
        end = start + len(term)
        if _whole(folded, start, end):
            yield start, end
        start = folded.find(term, end)


def _whole(folded: str, start: int, end: int) -> bool:
    """A Latin word or a number is only found whole: "led" is not in "failed"."""
    return not (_joins(folded, start - 1, start) or _joins(folded, end - 1, end))


def _joins(folded: str, left: int, right: int) -> bool:
    return left >= 0 and right < len(folded) and all(c.isascii() and c.isalnum() for c in (folded[left], folded[right]))


@lru_cache(maxsize=20_000)
def _fold_character(character: str) -> str:
    folded = simplified(unicodedata.normalize("NFKC", character).lower())
    return folded if len(folded) == 1 else character
