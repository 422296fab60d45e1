"""The corpus as scikit-learn would hold it: TF-IDF of the engine's own counts of terms, documents × terms.

So both sides compare the very same terms; only the fields are not weighed apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics.pairwise import linear_kernel

from apps.engine.blend import Parameters
from apps.engine.counted import Counted, TermTable
from apps.engine.fields import FIELDS
from apps.engine.terms import Codes

type Floats = NDArray[np.float64]
type Columns = NDArray[np.int32]


class TfidfMatrix:
    """Documents × terms with TfidfTransformer's defaults; `codes` ascending, the term in `columns` beside each."""

    def __init__(self, codes: Codes, columns: Columns, rows: sp.csr_matrix, transformer: TfidfTransformer) -> None:
        self.codes, self.columns, self.rows = codes, columns, rows
        self._transformer = transformer

    @classmethod
    def of(cls, tables: Iterable[TermTable]) -> Self:
        """Of the documents of all tables, block by block."""
        codes, columns = np.empty(0, np.uint64), np.empty(0, np.int32)
        rows = []
        for table in tables:
            here, inverse = np.unique(table.codes, return_inverse=True)
            fresh = np.setdiff1d(here, codes, assume_unique=True)
            merged = np.concatenate([codes, fresh])
            numbers = np.concatenate([columns, np.arange(len(codes), len(merged), dtype=np.int32)])
            order = np.argsort(merged)
            codes, columns = merged[order], numbers[order]
            rows.append(_counts(table, columns[np.searchsorted(codes, here)][inverse], len(codes)))
        counts = sp.csr_matrix(sp.vstack([_widened(block, len(codes)) for block in rows], format="csr"))
        del rows  # a million documents take gigabytes
        transformer = TfidfTransformer().fit(counts)
        return cls(codes, columns, sp.csr_matrix(transformer.transform(counts, copy=False)), transformer)

    @classmethod
    def read(cls, folder: Path, name: str) -> Self:
        """What `write` wrote."""
        with np.load(folder / f"{name}.npz", allow_pickle=False) as kept:
            transformer = TfidfTransformer()
            transformer.idf_ = kept["idf"]
            rows = sp.csr_matrix(sp.load_npz(folder / f"{name}.rows.npz"))
            return cls(kept["codes"], kept["columns"], rows, transformer)

    def write(self, folder: Path, name: str) -> None:
        np.savez(folder / f"{name}.npz", codes=self.codes, columns=self.columns, idf=self._transformer.idf_)
        sp.save_npz(folder / f"{name}.rows.npz", self.rows, compressed=False)

    def vectors(self, table: TermTable) -> sp.csr_matrix:
        """Other documents over the known terms."""
        places = np.minimum(np.searchsorted(self.codes, table.codes), len(self.codes) - 1)
        unknown = len(self.codes)
        columns = np.where(self.codes[places] == table.codes, self.columns[places], unknown)
        counts = _counts(table, columns.astype(np.int32), unknown + 1)
        return sp.csr_matrix(self._transformer.transform(counts[:, :unknown], copy=False))


def _counts(table: TermTable, columns: Columns, width: int) -> sp.csr_matrix:
    """Documents × terms; the fields of a document are added up."""
    starts = table.starts[:: len(FIELDS)]
    rows = sp.csr_matrix((table.counts.astype(np.float64), columns, starts), shape=(len(starts) - 1, width))
    rows.sum_duplicates()
    return rows


def _widened(rows: sp.csr_matrix, width: int) -> sp.csr_matrix:
    return sp.csr_matrix((rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], width))


@dataclass(frozen=True, slots=True)
class LexicalMatrices:
    """Words, and characters with pairs."""

    words: TfidfMatrix
    bigrams: TfidfMatrix

    def scores(self, need: Counted) -> Floats:
        """linear_kernel with every document, for a need of its own: (documents,)."""
        weights = Parameters().weights
        words = linear_kernel(self.words.vectors(need.words), self.words.rows)[0]
        bigrams = linear_kernel(self.bigrams.vectors(need.bigrams), self.bigrams.rows)[0]
        return np.asarray(weights["words"] * words + weights["bigrams"] * bigrams)


class ByTerm:
    """The same matrices kept term by term, so that a query reads its own terms only.

    Not what scikit-learn offers; what one would come to who looked where linear_kernel's time goes.
    """

    def __init__(self, matrices: LexicalMatrices) -> None:
        self._matrices = matrices
        self._words, self._bigrams = matrices.words.rows.tocsc(), matrices.bigrams.rows.tocsc()

    def scores(self, need: Counted) -> Floats:
        """As LexicalMatrices.scores gives them."""
        weights = Parameters().weights
        words = _product(self._words, self._matrices.words.vectors(need.words))
        bigrams = _product(self._bigrams, self._matrices.bigrams.vectors(need.bigrams))
        return np.asarray(weights["words"] * words + weights["bigrams"] * bigrams)


def _product(columns: sp.csc_matrix, query: sp.csr_matrix) -> Floats:
    return np.asarray(columns[:, query.indices] @ query.data, dtype=np.float64)


def best(scores: Floats, depth: int) -> NDArray[np.intp]:
    return np.argsort(-scores)[:depth]
