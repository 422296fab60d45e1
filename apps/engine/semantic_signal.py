"""Nearness in meaning: the cosines of two documents' vectors, title with title and whole text with whole text.

    value = (share * cos(titles) + (1 - share) * cos(whole texts))

Where a title has no vector (it says nothing in words) the whole texts decide alone; where a document has none at all,
the signal is missing.

Products of floating-point numbers depend on the order in which they are added, and BLAS takes another order for one
row than for many. So the numbers of a vector are first rounded to whole multiples of 1 / 4000: every partial sum is
then a whole number below 2^24, which float32 holds exactly, and a pair has the very same cosine however it is asked
for. The rounding moves a cosine by some 0.0001.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from apps.engine.documents import Document

type Floats = NDArray[np.float64]
type Found = tuple[Floats, NDArray[np.bool_]]

GRID = 4_000
"""By Cauchy and Schwarz no partial sum exceeds (GRID + sqrt(d) / 2)², below 2^24 for up to 36,000 dimensions."""


class SemanticRows:
    """The vectors of several documents on the grid; a document without, or with ones of another size, has zeros."""

    def __init__(self, documents: Sequence[Document], dimensions: int | None = None) -> None:
        known = [d.vectors.shape[1] for d in documents if d.vectors is not None] if dimensions is None else [dimensions]
        shape = (len(documents), max(known, default=0))
        self.titles = np.zeros(shape, np.float32)
        self.wholes = np.zeros(shape, np.float32)
        for row, document in enumerate(documents):
            if document.vectors is not None and document.vectors.shape == (2, shape[1]):
                self.titles[row], self.wholes[row] = np.rint(document.vectors * GRID)
        self.has_title = self.titles.any(axis=1)
        self.has_whole = self.wholes.any(axis=1)


def values(document: Document, rows: SemanticRows, *, title_share: float) -> Found:
    """Nearness of one document to each row, from -1 to 1, and where it is known."""
    query = SemanticRows([document], rows.wholes.shape[1])
    known = rows.has_whole & query.has_whole
    shares = np.where(rows.has_title & query.has_title, title_share, 0.0)
    near = shares * _cosines(rows.titles, query.titles[0]) + (1 - shares) * _cosines(rows.wholes, query.wholes[0])
    return np.where(known, near, 0.0), known


def _cosines(rows: NDArray[np.float32], query: NDArray[np.float32]) -> Floats:
    return (rows @ query).astype(np.float64) / GRID**2
