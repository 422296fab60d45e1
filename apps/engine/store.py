"""Remembers how texts were cut, because cutting is the slow part of learning a corpus."""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.engine.tokens import Segmenter, characters_and_bigrams

type Ids = NDArray[np.int32]
type Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """The distinct terms of one text: ids, ascending, and how often each occurs."""

    ids: Ids
    counts: Counts


class TermLog:
    """Gives each new term the next number, and each text its counts.

    At most `capacity` texts are remembered, the longest unused is dropped first; numbers are never reused.
    """

    def __init__(self, cut: Callable[[str], list[str]], capacity: int) -> None:
        self.terms: list[str] = []
        self._cut = cut
        self._capacity = capacity
        self._number: dict[str, int] = {}
        self._known: OrderedDict[str, TermCounts] = OrderedDict()

    def __len__(self) -> int:
        return len(self.terms)

    def counts(self, text: str) -> TermCounts:
        """The term counts of a text, from memory if it was seen before."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._count(text)
            if len(self._known) > self._capacity:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(text)
        return known

    def _count(self, text: str) -> TermCounts:
        counted = Counter(self._cut(text))
        numbered = sorted((self._number_of(term), count) for term, count in counted.items())
        return TermCounts(
            np.array([number for number, _ in numbered], dtype=np.int32),
            np.array([count for _, count in numbered], dtype=np.float64),
        )

    def _number_of(self, term: str) -> int:
        number = self._number.setdefault(term, len(self.terms))
        if number == len(self.terms):
            self.terms.append(term)
        return number


class TokenStore:
    """Words and character bigrams of every text seen lately; hand the same store to each `Matcher.fit`.

    `capacity` is in texts, of which a document has up to five; a corpus of more would find nothing remembered.
    """

    def __init__(self, segmenter: Segmenter, capacity: int = 400_000) -> None:
        self.segmenter = segmenter
        self.words = TermLog(segmenter.words, capacity)
        self.bigrams = TermLog(characters_and_bigrams, capacity)
