"""An inverted index: for each term the documents that contain it, and how much it weighs there.

Zobel and Moffat, "Inverted files for text search engines", ACM Computing Surveys 38 (2006). Documents are scored term
at a time, which reads nothing but the lists of the query's terms.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

# SciPy's own loop behind `csc_array @ vector`. Called list by list it reads mapped files where they lie; the public way
# copies every list first, and NumPy's indexed addition takes five times as long.
from scipy.sparse._sparsetools import csc_matvec

from apps.engine.grid import GRID
from apps.engine.lexical import TermVectors
from apps.engine.terms import Codes

type Ints = NDArray[np.int32]
type Raw = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Postings:
    """The list of term i is `starts[i]` to `starts[i + 1]` of `rows` and `weights`; `codes` ascending.

    In memory or mapped from files. `rows` ascend inside a list; `weights` are in steps of 1 / GRID.
    """

    codes: Codes
    starts: NDArray[np.int64]
    rows: Ints
    weights: Raw
    documents: int

    @classmethod
    def of(cls, vectors: TermVectors) -> Self:
        """The same numbers, term by term."""
        order = np.argsort(vectors.terms)
        rank = np.empty(len(order), np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        matrix = by_number(replace(vectors, numbers=rank[vectors.numbers]))
        lengths = np.diff(matrix.indptr)[: len(order)]
        starts = np.concatenate([[0], np.cumsum(lengths[lengths > 0])]).astype(np.int64)
        codes, rows = vectors.terms[order][lengths > 0], matrix.indices.astype(np.int32)
        return cls(codes, starts, rows, matrix.data, len(vectors))

    def raw(self, query: tuple[Codes, Raw]) -> Raw:
        """The cosine of one vector with every document, (documents,), times GRID²: whole numbers."""
        found = np.zeros(self.documents, np.float32)
        if not len(self.codes):
            return found
        codes, weights = query
        place = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        known = self.codes[place] == codes
        weights, place = weights[known], place[known]
        spans = zip(self.starts[place].tolist(), self.starts[place + 1].tolist(), strict=True)
        for term, (start, end) in enumerate(spans):
            length = np.array([0, end - start], np.int32)
            listed = self.rows[start:end], self.weights[start:end]
            csc_matvec(self.documents, 1, length, *listed, weights[term : term + 1], found)
        return found


def by_number(vectors: TermVectors) -> sp.csc_array:
    """Documents × terms, stored by the terms' numbers."""
    shape = (len(vectors), max(1, len(vectors.terms)))
    rows = sp.csr_array((vectors.weights, vectors.numbers, vectors.starts), shape=shape)
    return sp.csc_array(rows.tocsc())


def cosines(raw: Raw) -> NDArray[np.float64]:
    """From sums of grid numbers to cosines."""
    return np.asarray(raw, np.float64) / GRID**2
