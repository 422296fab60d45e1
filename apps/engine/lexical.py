"""TF-IDF over terms of one sort (words or bigrams), the fields of a document weighed apart, compared by cosine.

    tf(t, d)   = 1 + ln(count)                                  sublinear, Manning et al., IIR, 6.4.1
    idf(t)     = ln((N + K) / (df(t) + K * p(t) + 0.5))         K imagined documents
    field      = tf * idf, scaled to length 1                   title, goal, body, names of tags and of indicators
    evidence   = sum of idf² over the distinct terms
    vector     = sum of share * field, scaled to length sqrt(evidence / (evidence + E²))

p(t) is the chance that such a document contains the term: half of them are of general Chinese, half of the trade, as
far as its terms were counted (background.py). With few documents of its own the corpus leans on it, with thousands it
no longer matters. The fields are scaled apart, so that a long body cannot drown its title; one that is empty leaves the
whole to the others. A document that says next to nothing ("技术开发") stays shorter than 1 and fits nothing well: the
cosine with it is taken as if E more points of weight lay in words not written down.

The numbers of a vector are whole multiples of 1 / GRID (grid.py), so a pair has the very same cosine wherever and in
whatever order its terms are added up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from apps.engine.counted import TermTable
from apps.engine.fields import FIELDS
from apps.engine.grid import GRID
from apps.engine.terms import Codes, TermShares, distinct

type Floats = NDArray[np.float64]

WORDS_PER_IMAGINED_DOCUMENT = 100


@dataclass(frozen=True, slots=True)
class TermVectors:
    """One row per document, flat: `codes`, ascending inside a row, and `weights`, in steps of 1 / GRID, both (terms,).

    Row d is `starts[d]` to `starts[d + 1]`.
    """

    codes: Codes
    weights: NDArray[np.float32]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, number: int) -> tuple[Codes, NDArray[np.float32]]:
        """The codes and weights of one document."""
        span = slice(int(self.starts[number]), int(self.starts[number + 1]))
        return self.codes[span], self.weights[span]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of `documents` documents each term occurs: `codes` ascending, `counts` beside them."""

    documents: int
    codes: Codes
    counts: NDArray[np.int64]

    @classmethod
    def none(cls) -> Self:
        """Of a corpus without documents."""
        return cls(0, np.empty(0, np.uint64), np.empty(0, np.int64))

    def of(self, codes: Codes) -> Floats:
        """The counts of these terms, 0 where a term does not occur."""
        found = np.zeros(len(codes))
        if len(self.codes):
            place = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
            known = self.codes[place] == codes
            found[known] = self.counts[place[known]]
        return found


@dataclass(frozen=True, slots=True)
class NumberedTerms:
    """Counted terms of several documents, field by field as in a TermTable, by number.

    `terms` are distinct and ascending; entry i is the term `terms[place[i]]`, `counts[i]` times in its field.
    """

    terms: Codes
    place: NDArray[np.int32]
    counts: NDArray[np.uint16]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, table: TermTable) -> Self:
        terms = distinct(table.codes)
        return cls(terms, np.searchsorted(terms, table.codes).astype(np.int32), table.counts, table.starts)

    def __len__(self) -> int:
        return (len(self.starts) - 1) // len(FIELDS)

    @property
    def rows(self) -> NDArray[np.int64]:
        """Where the entries of each document begin, and where the last one's end."""
        return self.starts[:: len(FIELDS)]


class LexicalSignal:
    """Turns counted terms into vectors, by how rare each term is in a corpus and in the language.

    `shares`: what each of FIELDS counts. `general` and `trade`: how common terms are in all texts and in the trade's.
    """

    def __init__(
        self,
        *,
        shares: Iterable[float],
        evidence: float,
        imagined_documents: float,
        general: TermShares,
        trade: TermShares | None = None,
    ) -> None:
        self.shares = np.array(list(shares))
        self.evidence = evidence
        self.imagined_documents = imagined_documents
        self.general = general
        self.trade = trade
        self.frequencies_ = Frequencies.none()

    def fit(self, tables: Iterable[NumberedTerms]) -> Self:
        """Learn in how many documents each term occurs, block by block."""
        counted = [(numbered, self._document_counts(numbered)) for numbered in tables]
        codes = distinct(np.concatenate([np.empty(0, np.uint64), *(numbered.terms for numbered, _ in counted)]))
        counts = np.zeros(len(codes), np.int64)
        for numbered, found in counted:
            counts[np.searchsorted(codes, numbered.terms)] += found
        occurring = counts > 0
        self.frequencies_ = Frequencies(
            sum(len(numbered) for numbered, _ in counted), codes[occurring], counts[occurring]
        )
        return self

    def weights(self, codes: Codes) -> Floats:
        """The idf of terms, also of those the corpus lacks; never negative."""
        total = self.frequencies_.documents + self.imagined_documents
        expected = self.frequencies_.of(codes) + self.imagined_documents * self._chances(codes) + 0.5
        return np.maximum(np.log(total / expected), 0.0)

    def vectors(self, numbered: NumberedTerms) -> TermVectors:
        """The documents as vectors; one without a telling term has none."""
        terms, count = numbered.terms, len(numbered)
        rarity = self.weights(terms)
        field = np.repeat(np.arange(count * len(FIELDS)), np.diff(numbered.starts))
        raw = (1 + np.log(numbered.counts)) * rarity[numbered.place]
        lengths = np.sqrt(np.bincount(field, raw**2, minlength=count * len(FIELDS)))
        scale = np.divide(np.tile(self.shares, count), lengths, out=np.zeros_like(lengths), where=lengths > 0)
        shape = (count, max(1, len(terms)))  # SciPy divides by the number of columns
        blend = sp.csr_array((raw * scale[field], numbered.place, numbered.rows), shape=shape, copy=True)
        blend.sum_duplicates()  # a term of title and body; leaves the terms of a row in ascending order
        return self._scaled(blend, terms, rarity)

    def _scaled(self, blend: sp.csr_array, terms: Codes, rarity: Floats) -> TermVectors:
        """Rows with the length that their evidence gives them, on the grid, without what rounds to nothing."""
        row = np.repeat(np.arange(blend.shape[0]), np.diff(blend.indptr))
        lengths = np.sqrt(np.bincount(row, blend.data**2, minlength=blend.shape[0]))
        kept = blend.data > 0  # fields without a share, terms without weight
        evidence = np.bincount(row[kept], rarity[blend.indices[kept]] ** 2, minlength=blend.shape[0])
        wanted = np.sqrt(evidence / (evidence + self.evidence**2))
        scale = np.divide(wanted, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        numbers = np.rint(blend.data * scale[row] * GRID).astype(np.float32)
        telling = numbers > 0
        starts = np.concatenate([[0], np.cumsum(np.bincount(row[telling], minlength=blend.shape[0]))])
        return TermVectors(terms[blend.indices[telling]], numbers[telling], starts.astype(np.int64))

    def _document_counts(self, numbered: NumberedTerms) -> NDArray[np.int64]:
        """In how many documents of a block each of its terms occurs, in fields that count."""
        counting = np.tile(self.shares > 0, len(numbered)).astype(np.float32)
        here = np.repeat(counting, np.diff(numbered.starts))
        shape = (len(numbered), max(1, len(numbered.terms)))
        present = sp.csr_array((here, numbered.place, numbered.rows), shape=shape, copy=True)
        present.sum_duplicates()
        return np.bincount(present.indices[present.data > 0], minlength=len(numbered.terms))

    def _chances(self, codes: Codes) -> Floats:
        general = -np.expm1(-WORDS_PER_IMAGINED_DOCUMENT * self.general.shares(codes))
        return general if self.trade is None else (general + self.trade.shares(codes)) / 2
