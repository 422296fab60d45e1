"""How far the indicators of a need are met by those of a capability."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from apps.engine.documents import Document, Indicator
from apps.engine.indicator_names import names_agree
from apps.engine.units import unit_of
from apps.engine.verdicts import IndicatorVerdict, compare, unanswered

type Floats = NDArray[np.float64]

HARD, WISHED = 1.0, 0.5


class IndicatorRows:
    """The indicators of several documents, found by dimension and name."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.length = len(documents)
        self._by_dimension: dict[str, dict[str, list[tuple[int, Indicator]]]] = defaultdict(lambda: defaultdict(list))
        for row, document in enumerate(documents):
            for indicator in document.indicators:
                self._by_dimension[unit_of(indicator.unit).dimension][indicator.name].append((row, indicator))

    def offers(self, asked: Indicator) -> Iterator[tuple[int, Indicator]]:
        """Every (row, indicator) that means the property asked for, in a unit that converts."""
        for name, offered in self._by_dimension.get(unit_of(asked.unit).dimension, {}).items():
            if names_agree(asked.name, name):
                yield from offered


def values(need: Document, rows: IndicatorRows) -> tuple[Floats, NDArray[np.bool_]]:
    """The weighed share of the need's indicators that each row meets, of those that can be compared at all.

    A hard indicator weighs 1, a wished one 0.5; a narrow miss earns part. The second array says where there
    is anything to compare.
    """
    earned, weighed = np.zeros(rows.length), np.zeros(rows.length)
    for asked in need.indicators:
        weight = HARD if asked.is_hard else WISHED
        for row, degree in _best_degrees(asked, rows).items():
            earned[row] += weight * degree
            weighed[row] += weight
    present = weighed > 0
    return np.divide(earned, weighed, out=np.zeros(rows.length), where=present), present


def verdicts(need: Document, capability: Document) -> tuple[IndicatorVerdict, ...]:
    """One verdict per indicator of the need, in its order; the most favourable offer counts."""
    rows = IndicatorRows([capability])
    found = []
    for asked in need.indicators:
        tried = [compare(asked, offer) for _, offer in rows.offers(asked)]
        found.append(max(tried, key=_favour) if tried else unanswered(asked))
    return tuple(found)


def _best_degrees(asked: Indicator, rows: IndicatorRows) -> dict[int, float]:
    best: dict[int, float] = {}
    for row, offer in rows.offers(asked):
        verdict = compare(asked, offer)
        if verdict.status != "unknown":
            best[row] = max(best.get(row, 0.0), verdict.degree)
    return best


def _favour(verdict: IndicatorVerdict) -> tuple[int, float]:
    return ("unknown", "missed", "met").index(verdict.status), verdict.degree
