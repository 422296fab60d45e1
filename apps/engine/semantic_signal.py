"""Nearness in meaning: the cosines of two documents' vectors, title with title and whole text with whole text.

    value = (share * cos(titles) + (1 - share) * cos(whole texts))

Where a title has no vector (it says nothing in words) the whole texts decide alone; where a document has none at all,
the signal is missing. The numbers of a vector are on the grid (grid.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.engine.documents import Document
from apps.engine.grid import GRID

type Floats = NDArray[np.float64]
type Found = tuple[Floats, NDArray[np.bool_]]
type Rows = NDArray[np.int64] | slice

EVERY = slice(None)
"""Or some rows, by number."""
AT_ONCE = 16_384
"""Rows that are made floating-point numbers at a time: some 30 MB, whatever the corpus."""


@dataclass(frozen=True, slots=True)
class SemanticRows:
    """The vectors of several documents on the grid, (documents, dimensions); zeros where there is none."""

    titles: NDArray[np.int16]
    wholes: NDArray[np.int16]
    has_title: NDArray[np.bool_]
    has_whole: NDArray[np.bool_]

    @classmethod
    def of(cls, documents: Sequence[Document], dimensions: int | None = None) -> Self:
        """A document whose vectors are of another size than the rest counts as one without."""
        known = [d.vectors.shape[1] for d in documents if d.vectors is not None] if dimensions is None else [dimensions]
        shape = (len(documents), max(known, default=0))
        titles, wholes = np.zeros(shape, np.int16), np.zeros(shape, np.int16)
        for row, document in enumerate(documents):
            if document.vectors is not None and document.vectors.shape == (2, shape[1]):
                titles[row], wholes[row] = np.rint(document.vectors * GRID)
        return cls(titles, wholes, titles.any(axis=1), wholes.any(axis=1))

    @property
    def dimensions(self) -> int:
        return int(self.wholes.shape[1])


def values(document: Document, rows: SemanticRows, *, title_share: float, among: Rows = EVERY) -> Found:
    """Nearness of one document to each row (of those `among`), from -1 to 1, and where it is known."""
    query = SemanticRows.of([document], rows.dimensions)
    known = rows.has_whole[among] & query.has_whole
    shares = np.where(rows.has_title[among] & query.has_title, title_share, 0.0)
    titles, wholes = _cosines(rows.titles, query.titles[0], among), _cosines(rows.wholes, query.wholes[0], among)
    return np.where(known, shares * titles + (1 - shares) * wholes, 0.0), known


def _cosines(rows: NDArray[np.int16], query: NDArray[np.int16], among: Rows) -> Floats:
    sought = query.astype(np.float32)
    parts = [block.astype(np.float32) @ sought for block in _blocks(rows, among)]
    return np.concatenate([np.empty(0, np.float32), *parts]).astype(np.float64) / GRID**2


def _blocks(rows: NDArray[np.int16], among: Rows) -> Iterator[NDArray[np.int16]]:
    count = len(rows) if isinstance(among, slice) else len(among)
    for start in range(0, count, AT_ONCE):
        span = slice(start, start + AT_ONCE)
        yield rows[span] if isinstance(among, slice) else rows[among[span]]
