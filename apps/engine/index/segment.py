"""A part of an index: documents laid out for scoring, with the columns they are filtered by."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from apps.engine.index.batch import Batch
from apps.engine.index.facets import Facets
from apps.engine.layout import Layout
from apps.engine.scoring import Scorer


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents are ranked at all. Column by column; of `facets` each group wants one of its marks."""

    at_least: Mapping[str, int] = field(default_factory=dict)
    other_than: Mapping[str, int] = field(default_factory=dict)
    one_of: Mapping[str, AbstractSet[int]] = field(default_factory=dict)
    none_of: Mapping[str, AbstractSet[int]] = field(default_factory=dict)
    facets: tuple[AbstractSet[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """In memory, or mapped from files that are never written again. `columns["id"]` ascends."""

    layout: Layout
    columns: Mapping[str, NDArray[Any]]
    facets: Facets

    @classmethod
    def of(cls, batch: Batch, scorer: Scorer) -> Self:
        """A segment in memory, weighed by what the scorer has learnt."""
        layout = scorer.lay_out(batch.documents, batch.counted)
        return cls(layout, batch.columns, Facets.of(batch.facets))

    def __len__(self) -> int:
        return len(self.layout)

    @property
    def ids(self) -> NDArray[np.int64]:
        ids: NDArray[np.int64] = self.columns["id"]
        return ids

    def rows_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of those of the ids that are here."""
        if not len(self):
            return np.empty(0, np.int64)
        places = np.minimum(np.searchsorted(self.ids, ids), len(self) - 1)
        found: NDArray[np.int64] = places[self.ids[places] == ids]
        return found

    def where(self, wanted: Filter) -> NDArray[np.bool_]:
        """The documents that pass a filter."""
        passing = np.ones(len(self), np.bool_)
        for name, least in wanted.at_least.items():
            passing &= self.columns[name] >= least
        for name, value in wanted.other_than.items():
            passing &= self.columns[name] != value
        for name, values in wanted.one_of.items():
            passing &= np.isin(self.columns[name], list(values))
        for name, values in wanted.none_of.items():
            for value in values:  # few: comparing with each is quicker than looking them up
                passing &= self.columns[name] != value
        for marks in wanted.facets:
            passing &= self.facets.having(marks)
        return passing
