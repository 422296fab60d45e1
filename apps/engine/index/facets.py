"""What people filter by: several marks per document, in arrays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.engine.terms import Codes, codes_of


@dataclass(frozen=True, slots=True)
class Facets:
    """The marks of document d are `flat[starts[d] : starts[d + 1]]`, as numbers (terms.py)."""

    flat: Codes
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, facets: Sequence[tuple[str, ...]]) -> Self:
        flat = codes_of(list(chain.from_iterable(facets)))
        return cls(flat, np.array([0, *accumulate(map(len, facets))], dtype=np.int64))

    def having(self, wanted: Collection[str]) -> NDArray[np.bool_]:
        """Which documents bear at least one of these marks."""
        found = np.isin(self.flat, codes_of(list(wanted)))
        before = np.concatenate([[0], np.cumsum(found)])
        return np.asarray(before[self.starts[1:]] > before[self.starts[:-1]])
