"""How well the tags of two documents fit, along the trees of the taxonomy.

    kin(a, b)  = similarity(a, b) ** 3                   distant relatives count for little
    weight(t)  = ln((N + 20) / (df(t) + 1))              a tag that half the corpus bears tells little
    covered(A by B) = Σ weight(a) · max over b of kin(a, b) / Σ weight(a)
    value      = 0.75 · covered(need by capability) + 0.25 · covered(capability by need)

After Tversky, "Features of similarity", Psychological Review 84 (1977): what the need asks and the capability
lacks hurts more than what the capability offers besides.
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.engine.documents import Document
from apps.engine.taxonomy import Taxonomy

type Floats = NDArray[np.float64]

NEED_SIDE = 0.75


def codes_of(document: Document) -> tuple[str, ...]:
    """The tags of a document, each once, in a fixed order."""
    return tuple(sorted(set(document.tags)))


class TagRows:
    """The tags of several documents, laid out flat for array arithmetic."""

    def __init__(self, documents: Sequence[Document]) -> None:
        tags = [codes_of(document) for document in documents]
        self.codes = tuple(sorted({code for row in tags for code in row}))
        number = {code: i for i, code in enumerate(self.codes)}
        self.flat = np.array([number[code] for row in tags for code in row], dtype=np.int64)
        starts = [0, *accumulate(len(row) for row in tags)][:-1]
        self.tagged = np.flatnonzero([bool(row) for row in tags])
        self.starts = np.array(starts, dtype=np.int64)[self.tagged] if tags else np.empty(0, np.int64)
        self.length = len(tags)


class TagSignal:
    """Learns how common each tag is, then values pairs."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy

    def fit(self, documents: Sequence[Document]) -> Self:
        """Learn the tag weights and lay out the documents' tags."""
        self.document_count_ = len(documents)
        self.frequency_ = Counter(code for document in documents for code in codes_of(document))
        self.rows_ = TagRows(documents)
        return self

    def values(self, need: Document, rows: TagRows) -> tuple[Floats, NDArray[np.bool_]]:
        """The value of the need with each row, 0 to 1, and whether both sides have tags at all."""
        value, present = np.zeros(rows.length), np.zeros(rows.length, dtype=np.bool_)
        asked = codes_of(need)
        if asked and len(rows.tagged):
            kin = np.array([[self.kin(a, b) for b in rows.codes] for a in asked])
            value[rows.tagged] = NEED_SIDE * self._need_covered(asked, kin, rows) + (
                1 - NEED_SIDE
            ) * self._capability_covered(kin, rows)
            present[rows.tagged] = True
        return value, present

    def weight(self, code: str) -> float:
        """How much a tag tells, by how few documents bear it."""
        return math.log((self.document_count_ + 20) / (self.frequency_[code] + 1))

    def kin(self, a: str, b: str) -> float:
        """The kinship of two tags, 0 to 1."""
        return self.taxonomy.similarity(a, b) ** 3

    def _need_covered(self, asked: Sequence[str], kin: Floats, rows: TagRows) -> Floats:
        weights = [self.weight(code) for code in asked]
        covered = np.zeros(len(rows.tagged))
        for weight, row in zip(weights, kin, strict=True):
            covered += weight * np.maximum.reduceat(row[rows.flat], rows.starts)
        return covered / math.fsum(weights)

    def _capability_covered(self, kin: Floats, rows: TagRows) -> Floats:
        weights = np.array([self.weight(code) for code in rows.codes])
        met = np.add.reduceat((weights * kin.max(axis=0))[rows.flat], rows.starts)
        return np.asarray(met / np.add.reduceat(weights[rows.flat], rows.starts))
