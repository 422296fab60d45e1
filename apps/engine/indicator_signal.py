"""How far the indicators of a need are met by those of a capability."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.engine.documents import Document, Indicator
from apps.engine.indicator_names import names_agree
from apps.engine.semantic_signal import EVERY, Rows
from apps.engine.units import unit_of
from apps.engine.verdicts import IndicatorVerdict, compare, unanswered

type Floats = NDArray[np.float64]
type Kind = tuple[str, str]
"""Name and unit: many documents speak of the same ones."""

HARD, WISHED = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class IndicatorRows:
    """The indicators of several documents; those of row d are the entries `starts[d]` to `starts[d + 1]`.

    Entry i is of `kinds[kind[i]]`, from `low[i]` to `high[i]`, not a number where open.
    """

    kinds: tuple[Kind, ...]
    kind: NDArray[np.int32]
    low: Floats
    high: Floats
    is_hard: NDArray[np.bool_]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Self:
        entries = [indicator for document in documents for indicator in document.indicators]
        kinds = tuple(dict.fromkeys((entry.name, entry.unit) for entry in entries))
        number = {kind: i for i, kind in enumerate(kinds)}
        return cls(
            kinds,
            np.array([number[entry.name, entry.unit] for entry in entries], dtype=np.int32),
            np.array([entry.low for entry in entries], dtype=np.float64),
            np.array([entry.high for entry in entries], dtype=np.float64),
            np.array([entry.is_hard for entry in entries], dtype=np.bool_),
            np.array([0, *accumulate(len(document.indicators) for document in documents)], dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.starts) - 1

    def entry(self, number: int) -> Indicator:
        """One indicator as it was."""
        name, unit = self.kinds[int(self.kind[number])]
        low, high = (None if math.isnan(bound) else float(bound) for bound in (self.low[number], self.high[number]))
        return Indicator(name, low, high, unit, bool(self.is_hard[number]))

    def numbers(self, among: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The entries of some rows, and for each at which place its row stands among them."""
        starts, ends = np.asarray(self.starts[:-1][among]), np.asarray(self.starts[1:][among])
        lengths = ends - starts
        place = np.repeat(np.arange(len(lengths)), lengths)
        before = np.cumsum(lengths) - lengths
        return np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths), place


def values(
    document: Document, rows: IndicatorRows, *, of_need: bool = True, among: Rows = EVERY
) -> tuple[Floats, NDArray[np.bool_]]:
    """The weighed share of a need's indicators that a capability meets, of those that can be compared at all.

    A hard indicator weighs 1, a wished one 0.5; a narrow miss earns part. The second array says where there is anything
    to compare. `of_need`: the document is the need and the rows are capabilities; otherwise the other way round.
    """
    numbers, place = rows.numbers(among)
    count = len(rows.starts[:-1][among])
    earned: dict[int, list[float]] = defaultdict(list)
    weighed: dict[int, list[float]] = defaultdict(list)
    for (row, _), (degree, weight) in _best_degrees(document, rows, numbers, place, of_need=of_need).items():
        earned[row].append(weight * degree)
        weighed[row].append(weight)
    value, present = np.zeros(count), np.zeros(count, np.bool_)
    for row, weights in weighed.items():
        value[row] = math.fsum(earned[row]) / math.fsum(weights)  # fsum: whatever the order, the same sum
        present[row] = True
    return value, present


def verdicts(need: Document, capability: Document) -> tuple[IndicatorVerdict, ...]:
    """One verdict per indicator of the need, in its order; the most favourable offer counts."""
    found = []
    for asked in need.indicators:
        tried = [compare(asked, offer) for offer in capability.indicators if _agree(asked, (offer.name, offer.unit))]
        found.append(max(tried, key=_favour) if tried else unanswered(asked))
    return tuple(found)


def _best_degrees(
    document: Document,
    rows: IndicatorRows,
    numbers: NDArray[np.int64],
    place: NDArray[np.int64],
    *,
    of_need: bool,
) -> dict[tuple[int, int], tuple[float, float]]:
    """(row, indicator asked for) → how well its best offer meets it, and its weight; only where that can be judged."""
    partners = _partners(document, rows)
    kinds = np.unique(rows.kind[numbers])
    telling = kinds[[bool(partners(int(kind))) for kind in kinds]]
    best: dict[tuple[int, int], tuple[float, float]] = {}
    for at in np.flatnonzero(np.isin(rows.kind[numbers], telling)).tolist():
        number = int(numbers[at])
        entry = rows.entry(number)
        for which in partners(int(rows.kind[number])):
            other = document.indicators[which]
            asked, offer, key = (other, entry, which) if of_need else (entry, other, number)
            verdict = compare(asked, offer)
            if verdict.status != "unknown":
                at_best = max(verdict.degree, best.get((int(place[at]), key), (0.0, 0.0))[0])
                best[int(place[at]), key] = (at_best, HARD if asked.is_hard else WISHED)
    return best


def _partners(document: Document, rows: IndicatorRows) -> Callable[[int], tuple[int, ...]]:
    """Of a kind of the rows: the document's indicators that mean the same property in a unit that converts."""
    by_dimension: dict[str, list[int]] = defaultdict(list)
    for which, indicator in enumerate(document.indicators):
        by_dimension[unit_of(indicator.unit).dimension].append(which)

    @cache
    def partners(kind: int) -> tuple[int, ...]:
        name, unit = rows.kinds[kind]
        near = by_dimension.get(unit_of(unit).dimension, ())
        return tuple(which for which in near if names_agree(document.indicators[which].name, name))

    return partners


def _agree(asked: Indicator, kind: Kind) -> bool:
    name, unit = kind
    return unit_of(asked.unit).dimension == unit_of(unit).dimension and names_agree(asked.name, name)


def _favour(verdict: IndicatorVerdict) -> tuple[int, float]:
    return ("unknown", "missed", "met").index(verdict.status), verdict.degree
