"""How well the tags of two documents fit, along the trees of the taxonomy.

    kin(a, b)  = similarity(a, b) ** 3                   distant relatives count for little
    weight(t)  = ln((N + 20) / (df(t) + 1))              a tag that half the corpus bears tells little
    covered(A by B) = Σ weight(a) · max over b of kin(a, b) / Σ weight(a)
    value      = 0.75 · covered(need by capability) + 0.25 · covered(capability by need)

After Tversky, "Features of similarity", Psychological Review 84 (1977): what the need asks and the capability
lacks hurts more than what the capability offers besides. Kinship and weights are rounded to thousandths, so that sums
of them are exact whichever side is the query.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.engine.documents import Document
from apps.engine.taxonomy import Taxonomy

type Floats = NDArray[np.float64]

NEED_SIDE = 0.75
STEPS = 1_000
REMEMBERED = 1_000
"""Rows of kinship: one per tag of a query and segment."""


def codes_of(document: Document) -> tuple[str, ...]:
    """The tags of a document, each once, in a fixed order."""
    return tuple(sorted(set(document.tags)))


@dataclass(frozen=True, slots=True)
class TagRows:
    """The tags of several documents: those of row d are `codes[i]` for i in `flat[starts[d] : starts[d + 1]]`."""

    codes: tuple[str, ...]
    flat: NDArray[np.int32]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Self:
        tags = [codes_of(document) for document in documents]
        codes = tuple(sorted({code for row in tags for code in row}))
        number = {code: i for i, code in enumerate(codes)}
        flat = np.array([number[code] for row in tags for code in row], dtype=np.int32)
        return cls(codes, flat, np.array([0, *accumulate(len(row) for row in tags)], dtype=np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1


class TagSignal:
    """Learns how common each tag is, then values pairs."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._kin_with = lru_cache(maxsize=REMEMBERED)(self._kin_row)
        self.learn(0, Counter())

    def fit(self, documents: Sequence[Document]) -> Self:
        """Learn the tag weights."""
        return self.learn(len(documents), Counter(code for document in documents for code in codes_of(document)))

    def learn(self, document_count: int, frequency: Counter[str]) -> Self:
        """Take over what was counted elsewhere."""
        self.document_count_ = document_count
        self.frequency_ = frequency
        self._weights_of = lru_cache(maxsize=REMEMBERED)(self._weight_row)
        return self

    def values(self, document: Document, rows: TagRows, *, of_need: bool = True) -> tuple[Floats, NDArray[np.bool_]]:
        """The value of the document with each row, 0 to 1, and whether both sides have tags at all.

        `of_need`: the document is the need and the rows are capabilities; otherwise the other way round.
        """
        value, present = np.zeros(len(rows)), np.zeros(len(rows), dtype=np.bool_)
        own = codes_of(document)
        tagged = np.flatnonzero(np.diff(rows.starts))
        if own and len(tagged):
            kin = np.array([self._kin_with(code, rows.codes) for code in own])
            starts = np.asarray(rows.starts[tagged])
            ours, theirs = self._own_covered(own, kin, rows, starts), self._rows_covered(kin, rows, starts)
            need, capability = (ours, theirs) if of_need else (theirs, ours)
            value[tagged] = NEED_SIDE * need + (1 - NEED_SIDE) * capability
            present[tagged] = True
        return value, present

    def weight(self, code: str) -> float:
        """How much a tag tells, by how few documents bear it; in whole STEPS."""
        return float(round(STEPS * math.log((self.document_count_ + 20) / (self.frequency_[code] + 1))))

    def kin(self, a: str, b: str) -> float:
        """The kinship of two tags, 0 to 1, in whole STEPS."""
        return float(round(STEPS * self.taxonomy.similarity(a, b) ** 3))

    def _kin_row(self, code: str, others: tuple[str, ...]) -> Floats:
        return np.array([self.kin(code, other) for other in others])

    def _weight_row(self, codes: tuple[str, ...]) -> Floats:
        return np.array([self.weight(code) for code in codes])

    def _own_covered(self, own: Sequence[str], kin: Floats, rows: TagRows, starts: NDArray[np.int64]) -> Floats:
        weights = [self.weight(code) for code in own]
        covered = np.zeros(len(starts))
        for weight, row in zip(weights, kin, strict=True):
            if row.any():
                covered += weight * np.maximum.reduceat(row[rows.flat], starts)
        return covered / (STEPS * sum(weights))

    def _rows_covered(self, kin: Floats, rows: TagRows, starts: NDArray[np.int64]) -> Floats:
        weights = self._weights_of(rows.codes)
        met = np.add.reduceat((weights * kin.max(axis=0))[rows.flat], starts)
        return np.asarray(met / (STEPS * np.add.reduceat(weights[rows.flat], starts)))
