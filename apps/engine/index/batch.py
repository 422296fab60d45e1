"""Documents on their way into an index, some thousands at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from apps.engine.counted import Counted
from apps.engine.documents import Document


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
