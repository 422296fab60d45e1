"""Documents on their way into an index, some thousands at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.engine.counted import Counted, TermTable
from apps.engine.counted import join as join_counted
from apps.engine.documents import Document
from apps.engine.fields import FIELDS


@dataclass(frozen=True, slots=True)
class Batch:
    """`counted` are the documents' terms; tags, indicators and vectors are read from the documents.

    `columns` have one value per document; "id" (int64, ascending, also from batch to batch) is among them. `facets` are
    what people filter by, "kind:result" or "district:laoshan", several per document.
    """

    documents: Sequence[Document]
    counted: Counted
    columns: Mapping[str, NDArray[Any]]
    facets: Sequence[tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.documents)


def joined(batches: Sequence[Batch]) -> Batch:
    """All documents of batches that have none in common, ids ascending."""
    first = batches[0]
    whole = Batch(
        documents=[document for batch in batches for document in batch.documents],
        counted=join_counted([batch.counted for batch in batches]),
        columns={name: np.concatenate([batch.columns[name] for batch in batches]) for name in first.columns},
        facets=[marks for batch in batches for marks in batch.facets],
    )
    return chosen(whole, np.argsort(whole.columns["id"], kind="stable"))


def chosen(batch: Batch, rows: NDArray[np.int64]) -> Batch:
    """The documents of these rows, in this order."""
    return Batch(
        documents=[batch.documents[row] for row in rows],
        counted=Counted(_chosen_terms(batch.counted.words, rows), _chosen_terms(batch.counted.bigrams, rows)),
        columns={name: values[rows] for name, values in batch.columns.items()},
        facets=[batch.facets[row] for row in rows],
    )


def _chosen_terms(table: TermTable, rows: NDArray[np.int64]) -> TermTable:
    lengths = np.diff(table.starts).reshape(-1, len(FIELDS))[rows].ravel()
    begins = table.starts[:-1].reshape(-1, len(FIELDS))[rows].ravel()
    starts = np.concatenate([[0], np.cumsum(lengths)])
    places = np.arange(int(starts[-1])) + np.repeat(begins - starts[:-1], lengths)
    return TermTable(table.codes[places], table.counts[places], starts)
