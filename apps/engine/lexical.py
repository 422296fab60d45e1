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
whatever order its terms are added up. Sums over the terms of a document are sums of whole numbers too (of steps of
2^-20 and 2^-24), so a document has the very same vector in whatever company its terms were numbered.
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
from apps.engine.terms import Codes, TermShares, Vocabulary

type Floats = NDArray[np.float64]
type Numbers = NDArray[np.int32]
type Places = NDArray[np.int64]

WORDS_PER_IMAGINED_DOCUMENT = 100
EVIDENCE_STEPS, LENGTH_STEPS = 2.0**20, 2.0**24
"""Fine enough to move no weight, coarse enough that the sums over a document are exact in double precision."""

_TF = np.concatenate([[0.0], 1 + np.log(np.arange(1, 65_536))])


@dataclass(frozen=True, slots=True)
class TermVectors:
    """One row per document, flat: numbers of terms and their weights, in steps of 1 / GRID.

    Row d is `starts[d]` to `starts[d + 1]`; entry i is the term `terms[numbers[i]]`.
    """

    terms: Codes
    numbers: Numbers
    weights: NDArray[np.float32]
    starts: Places

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, document: int) -> tuple[Codes, NDArray[np.float32]]:
        """The codes and weights of one document."""
        span = slice(int(self.starts[document]), int(self.starts[document + 1]))
        return self.terms[self.numbers[span]], self.weights[span]


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
        return TermShares(self.codes, self.counts.astype(np.float64)).shares(codes)


@dataclass(frozen=True, slots=True)
class NumberedTerms:
    """Counted terms of several documents by number, and which of them are the same term of the same document.

    Entry i stands in the field that `fields` (as TermTable.starts) tells, `counts[i]` times. It belongs to the pair of
    document and term `pair[i]`; pair j is of the term `numbers[j]`, and document d has the pairs `starts[d]` to
    `starts[d + 1]`.
    """

    counts: NDArray[np.uint16]
    fields: Places
    pair: Numbers
    numbers: Numbers
    starts: Places

    @classmethod
    def of(cls, table: TermTable, vocabulary: Vocabulary) -> Self:
        """New terms get the next numbers of the vocabulary."""
        numbers, rows = vocabulary.numbers_of(table.codes), table.starts[:: len(FIELDS)]
        width = max(1, len(vocabulary))  # SciPy divides by the number of columns
        order = np.arange(len(numbers), dtype=np.int32)
        ordered = sp.csr_array((order, numbers, rows), shape=(len(rows) - 1, width), copy=True)
        ordered.sort_indices()  # the fields of a document brought together, the entries' numbers carried along
        is_new = np.ones(len(numbers), np.bool_)
        is_new[1:] = ordered.indices[1:] != ordered.indices[:-1]
        is_new[rows[:-1][np.diff(rows) > 0]] = True
        pair = np.empty(len(numbers), np.int32)
        pair[ordered.data] = np.cumsum(is_new) - 1
        starts = np.concatenate([[0], np.cumsum(is_new)])[rows]
        return cls(table.counts, table.starts, pair, ordered.indices[is_new].astype(np.int32), starts)

    def __len__(self) -> int:
        return len(self.starts) - 1


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

    def fit(self, blocks: Iterable[NumberedTerms], vocabulary: Vocabulary) -> Self:
        """Learn in how many documents each term occurs, block by block; all are numbered by the vocabulary."""
        counts, documents = np.zeros(len(vocabulary), np.int64), 0
        for block in blocks:
            counts += np.bincount(block.numbers[self._counting(block)], minlength=len(counts))
            documents += len(block)
        codes = vocabulary.codes
        order = np.argsort(codes)
        order = order[counts[order] > 0]
        self.frequencies_ = Frequencies(documents, codes[order], counts[order])
        return self

    def weights(self, codes: Codes) -> Floats:
        """The idf of terms, also of those the corpus lacks; never negative."""
        total = self.frequencies_.documents + self.imagined_documents
        expected = self.frequencies_.of(codes) + self.imagined_documents * self._chances(codes) + 0.5
        return np.maximum(np.log(total / expected), 0.0)

    def vectors(self, block: NumberedTerms, codes: Codes, rarity: Floats | None = None) -> TermVectors:
        """The documents as vectors; one without a telling term has none. `codes` are the terms by number.

        `rarity` are the `weights` of the codes, for callers that turn many blocks of one vocabulary into vectors.
        """
        rarity = self.weights(codes) if rarity is None else rarity
        blend = np.rint(LENGTH_STEPS * self._blended(block, rarity))
        row = np.repeat(np.arange(len(block)), np.diff(block.starts))
        lengths = np.sqrt(np.bincount(row, blend**2, minlength=len(block)))
        told = np.rint(EVIDENCE_STEPS * rarity**2)[block.numbers] * (blend > 0)  # not of fields without a share
        evidence = np.bincount(row, told, minlength=len(block)) / EVIDENCE_STEPS
        wanted = GRID * np.sqrt(evidence / (evidence + self.evidence**2))
        scale = np.divide(wanted, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        weights = np.rint(blend * scale[row]).astype(np.float32)
        telling = weights > 0
        starts = np.concatenate([[0], np.cumsum(telling)])[block.starts]
        return TermVectors(codes, block.numbers[telling], weights[telling], starts)

    def _blended(self, block: NumberedTerms, rarity: Floats) -> Floats:
        """What each pair of document and term weighs before the document has its length."""
        count = len(block.fields) - 1
        field = np.repeat(np.arange(count), np.diff(block.fields))
        raw = _TF[block.counts] * rarity[block.numbers[block.pair]]
        lengths = np.sqrt(np.bincount(field, raw**2, minlength=count))
        scale = np.divide(np.tile(self.shares, len(block)), lengths, out=np.zeros_like(lengths), where=lengths > 0)
        return np.bincount(block.pair, raw * scale[field], minlength=len(block.numbers))

    def _counting(self, block: NumberedTerms) -> "NDArray[np.bool_] | slice":
        """The pairs that stand in a field that counts."""
        if (self.shares > 0).all():
            return slice(None)
        counting = np.repeat(np.tile(self.shares > 0, len(block)), np.diff(block.fields))
        return np.asarray(np.bincount(block.pair, counting, minlength=len(block.numbers)) > 0)

    def _chances(self, codes: Codes) -> Floats:
        general = -np.expm1(-WORDS_PER_IMAGINED_DOCUMENT * self.general.shares(codes))
        return general if self.trade is None else (general + self.trade.shares(codes)) / 2
