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
"""

import math
from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from apps.engine.background import Background
from apps.engine.documents import Document
from apps.engine.store import TermCounts, TermLog

type Floats = NDArray[np.float64]

WORDS_PER_IMAGINED_DOCUMENT = 100


class LexicalSignal:
    """Learns how rare terms are, turns documents into vectors, and compares vectors."""

    def __init__(
        self,
        log: TermLog,
        *,
        texts_of: Callable[[Document], Sequence[str]],
        shares: Sequence[float],
        evidence: float,
        imagined_documents: float,
        share_of_language: Callable[[str], float],
        background: Background | None = None,
    ) -> None:
        self.log = log
        self.texts_of = texts_of
        self.shares = {field: share for field, share in enumerate(shares) if share > 0}
        self.evidence = evidence
        self.imagined_documents = imagined_documents
        self.share_of_language = share_of_language
        self.background = background

    def fit(self, documents: Sequence[Document]) -> Self:
        """Learn in how many documents each term occurs."""
        fields = self._counted(documents)  # before the log is asked for its length
        present = sum((_stack(field, len(self.log)) for field in fields), start=_nothing(documents, self.log)).tocsr()
        self.document_count_ = len(documents)
        self.frequency_ = np.bincount(present.indices, minlength=len(self.log)).astype(np.float64)
        self._weights = np.empty(0)
        return self

    def weights(self) -> Floats:
        """The idf of every term the log knows by now, also of those met after fitting."""
        start, end = len(self._weights), len(self.log)
        if end > start:
            found = np.zeros(end - start)
            fitted = self.frequency_[start:end]
            found[: len(fitted)] = fitted
            prior = np.array([self._chance(term) for term in self.log.terms[start:end]])
            total = self.document_count_ + self.imagined_documents
            fresh = np.log(total / (found + self.imagined_documents * prior + 0.5))
            self._weights = np.concatenate([self._weights, np.maximum(fresh, 0.0)])
        return self._weights

    def vectors(self, documents: Sequence[Document]) -> sp.csr_array:
        """Documents × terms, rows of length 1 at most, 0 where there is no term."""
        fields = self._counted(documents)
        blend = _nothing(documents, self.log)
        for share, field in zip(self.shares.values(), fields, strict=True):
            blend = blend + share * self._unit(field)
        rows = _unit_rows(sp.csr_array(blend))
        weights = sp.csr_array((self.weights()[rows.indices] ** 2, rows.indices, rows.indptr), shape=rows.shape)
        evidence = weights @ np.ones(rows.shape[1])
        lengths = np.sqrt(evidence / (evidence + self.evidence**2))
        rows.data *= np.repeat(lengths, np.diff(rows.indptr))
        return rows

    def cosines(self, query: sp.csr_array, columns: sp.csc_array) -> Floats:
        """The cosine of one query row with each row of a matrix stored by column (term).

        Products are added in the order of term numbers whichever side is the query, so a pair has the very
        same cosine in both directions.
        """
        known = query.indices < columns.shape[1]
        return np.asarray(columns[:, query.indices[known]] @ query.data[known], dtype=np.float64)

    def _counted(self, documents: Sequence[Document]) -> list[list[TermCounts]]:
        """The terms of each field that has a share, field by field."""
        texts = [self.texts_of(document) for document in documents]
        return [[self.log.counts(row[field]) for row in texts] for field in self.shares]

    def _unit(self, counted: Sequence[TermCounts]) -> sp.csr_array:
        weights = self.weights()
        rows = _stack(counted, len(weights))
        rows.data = (1 + np.log(rows.data)) * weights[rows.indices]
        return _unit_rows(rows)

    def _chance(self, term: str) -> float:
        general = -math.expm1(-WORDS_PER_IMAGINED_DOCUMENT * self.share_of_language(term))
        return general if self.background is None else (general + self.background.share(term)) / 2


def _stack(counted: Sequence[TermCounts], width: int) -> sp.csr_array:
    lengths = [len(terms.ids) for terms in counted]
    indptr = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    indices = np.concatenate([np.empty(0, np.int32), *(terms.ids for terms in counted)])
    data = np.concatenate([np.empty(0), *(terms.counts for terms in counted)])
    return sp.csr_array((data, indices, indptr), shape=(len(counted), width))


def _nothing(documents: Sequence[Document], log: TermLog) -> sp.csr_array:
    return sp.csr_array((len(documents), len(log)))


def _unit_rows(rows: sp.csr_array) -> sp.csr_array:
    return sp.csr_array(normalize(rows)) if all(rows.shape) else rows
