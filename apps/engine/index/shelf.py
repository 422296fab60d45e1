"""One side of an index as a process holds it: a large mapped segment, small ones in memory beside it, and what is gone.

After the log-structured merge tree (O'Neil et al., 1996): what is new becomes a small segment at once, small segments
are joined when they are many, and only a build touches the large one. A document that changes is struck out wherever it
stood and stands in a new segment.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.engine.blend import Part
from apps.engine.index.batch import Batch, chosen, joined
from apps.engine.index.segment import Filter, Segment
from apps.engine.scoring import Query, Scorer
from apps.engine.search import search

GROWTH = 4
"""A small segment is joined with the one before it unless that is so many times as large: there are few of them."""

type Mask = NDArray[np.bool_]
type Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that was found. `version` is the one that was read."""

    id: int
    version: int
    points: float
    parts: tuple[Part, ...]


@dataclass(slots=True)
class _Part:
    """A segment, which of its rows still count, and what it was made of; of the large one nothing is kept."""

    segment: Segment
    alive: Mask
    batch: Batch | None = None

    @property
    def living(self) -> int:
        return int(self.alive.sum())


class Shelf:
    """`base` is the large segment; everything in it counts until it is struck out."""

    def __init__(self, base: Segment, scorer: Scorer) -> None:
        self.scorer = scorer
        self._parts = [_Part(base, np.ones(len(base), np.bool_))] if len(base) else []

    def __len__(self) -> int:
        return sum(part.living for part in self._parts)

    @property
    def fresh(self) -> int:
        """How many documents stand beside the large segment."""
        return sum(part.living for part in self._parts if part.batch is not None)

    @property
    def segments(self) -> int:
        return len(self._parts)

    def replace(self, ids: Iterable[int], batch: Batch) -> None:
        """Strike out these documents, and take in the batch in their place: those of them that are still there."""
        self.strike_out(ids)
        if len(batch):
            self._take_in(batch)

    def strike_out(self, ids: Iterable[int]) -> None:
        """These documents are found no more."""
        gone = _numbers(ids)
        for part in self._parts:
            part.alive[part.segment.rows_of(gone)] = False

    def search(
        self,
        query: Query,
        wanted: Filter,
        *,
        depth: int = 0,
        minimum: float = 0.0,
        among: Iterable[int] | None = None,
        without: Iterable[int] = (),
    ) -> list[Hit]:
        """The best documents that pass the filter, best first, ties by id; `depth` 0 means all.

        `among`: only these ids; `without`: none of these.
        """
        only, barred = None if among is None else _numbers(among), _numbers(without)
        found: list[Hit] = []
        for part in self._parts:
            segment, allowed = part.segment, _allowed(part, wanted, only, barred)
            if not allowed.any():
                continue
            hits = search(self.scorer, query, segment.layout, depth=depth, minimum=minimum, allowed=allowed)
            ids, versions = segment.ids[hits.rows].tolist(), segment.columns["version"][hits.rows].tolist()
            found += map(Hit, ids, versions, hits.points.tolist(), hits.parts)
            found.sort(key=lambda hit: (-hit.points, hit.id))
            if depth and len(found) >= depth:
                del found[depth:]
                minimum = max(minimum, found[-1].points)
        return found

    def count(self, column: str, wanted: Filter) -> Counter[int]:
        """How many documents that pass the filter have each value of a column."""
        counted: Counter[int] = Counter()
        for part in self._parts:
            passing = part.alive & part.segment.where(wanted)
            values, counts = np.unique(part.segment.columns[column][passing], return_counts=True)
            counted.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))
        return counted

    def _take_in(self, batch: Batch) -> None:
        """As a segment of its own, joined with those before it that are not much larger."""
        while self._parts and (last := self._parts[-1]).batch is not None and last.living <= GROWTH * len(batch):
            batch = joined([chosen(last.batch, np.flatnonzero(last.alive)), batch])
            self._parts.pop()
        self._parts.append(_Part(Segment.of(batch, self.scorer), np.ones(len(batch), np.bool_), batch))


def _allowed(part: _Part, wanted: Filter, only: Numbers | None, barred: Numbers) -> Mask:
    allowed = part.alive & part.segment.where(wanted)
    if only is not None:
        chosen_rows = np.zeros(len(allowed), np.bool_)
        chosen_rows[part.segment.rows_of(only)] = True
        allowed &= chosen_rows
    allowed[part.segment.rows_of(barred)] = False
    return allowed


def _numbers(ids: Iterable[int]) -> Numbers:
    return np.unique(np.fromiter(ids, np.int64))
