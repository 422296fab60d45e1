"""The best rows of a layout, exactly, without computing every signal of every row.

The terms and tags of all rows are cheap (an inverted index), vectors of meaning and indicators are not. What a row
could reach at most, were its meaning the same and its indicators all met, bounds its score from above; rows are looked
at from the highest bound on, until no bound reaches the last place any more. Such upper bounds are the idea of WAND
(Broder et al., "Efficient query evaluation using a two-level retrieval process", CIKM 2003) and of the threshold
algorithm (Fagin, Lotem and Naor, 2003). The result is that of scoring everything.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.engine.blend import Floats, Part, parts, score
from apps.engine.grid import GRID
from apps.engine.layout import Layout
from apps.engine.postings import Raw
from apps.engine.scoring import Overview, Query, Scorer

type Bounds = NDArray[np.float32]
type Numbers = NDArray[np.int64]

BINS = 4_096
"""A lexical value is bounded by the upper edge of its bin: one look into a table instead of a power."""
FIRST, PER_PLACE = 256, 4
"""So many rows are looked at first, or so many for each place: their scores tell what the others must reach."""
AT_ONCE = 4_096
SLACK = 0.001
"""Points: bounds are computed in single precision."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows, best first, ties in their order; points and parts beside them."""

    rows: Numbers
    points: Floats
    parts: list[tuple[Part, ...]]


def search(
    scorer: Scorer,
    query: Query,
    layout: Layout,
    *,
    depth: int = 0,
    minimum: float = 0.0,
    allowed: NDArray[np.bool_] | None = None,
) -> Hits:
    """The best `depth` rows (0: all) that reach `minimum` points, of those `allowed`: as if only those existed."""
    overview = scorer.overview(query, layout)
    bounds = upper_bounds(scorer, query, layout, overview)
    if allowed is not None:
        bounds[~allowed] = -1.0
    look = _Look(lambda rows: score(scorer.signals(query, layout, overview, rows)), depth, minimum)
    if 0 < PER_PLACE * depth < len(layout):
        first = _highest(bounds, max(FIRST, PER_PLACE * depth))
        look.at(first)
        bounds[first] = -1.0
    rest = np.flatnonzero(bounds >= look.floor - SLACK)
    rest = rest[np.argsort(-bounds[rest], kind="stable")]
    for start in range(0, len(rest), AT_ONCE):
        block = rest[start : start + AT_ONCE]
        block = block[bounds[block] >= look.floor - SLACK]
        if not len(block):
            break
        look.at(block)
    rows, points = look.best()
    return Hits(rows, points, parts(scorer.signals(query, layout, overview, rows), range(len(rows))))


def upper_bounds(scorer: Scorer, query: Query, layout: Layout, overview: Overview) -> Bounds:
    """What each row can reach at most, in points."""
    weights, count = scorer.parameters.weights, len(layout)
    text: Bounds = np.zeros(count, np.float32)
    text_weight: Bounds = np.zeros(count, np.float32)
    for name, raw in overview.lexical.items():
        text += _bound_of_lexical(scorer, name, raw)
        text_weight += np.float32(weights[name])
    if weights["semantics"] > 0 and query.document.vectors is not None:
        known = layout.semantics.has_whole * np.float32(weights["semantics"])
        text += known
        text_weight += known
    total, weight = text, text_weight
    if overview.tags is not None:
        values, present = overview.tags
        tags = np.float32(weights["tags"])
        total = text + tags * scorer.calibrated("tags", values).astype(np.float32)
        weight = text_weight + tags * present.astype(np.float32)
    if weights["indicators"] > 0 and query.document.indicators and len(layout.indicators.kind):
        subject = np.divide(text, text_weight, out=np.ones_like(text), where=text_weight > 0)
        met = np.float32(weights["indicators"]) * subject * (np.diff(layout.indicators.starts) > 0)
        total, weight = total + met, weight + met
    return np.divide(100 * total, weight, out=np.zeros(count, np.float32), where=weight > 0)


class _Look:
    """Scores rows exactly, and knows what a further one must reach."""

    def __init__(self, exact: Callable[[Numbers], Floats], depth: int, minimum: float) -> None:
        self.exact, self.depth, self.minimum, self.floor = exact, depth, minimum, minimum
        self.rows: Numbers = np.empty(0, np.int64)
        self.points: Floats = np.empty(0)

    def at(self, rows: Numbers) -> None:
        found = self.exact(rows)
        kept = found >= self.floor
        self.rows = np.concatenate([self.rows, rows[kept]])
        self.points = np.concatenate([self.points, found[kept]])
        if self.depth and len(self.rows) >= self.depth:
            self.rows, self.points = self.best()
            self.floor = max(self.minimum, float(self.points[-1]))

    def best(self) -> tuple[Numbers, Floats]:
        order = np.lexsort((self.rows, -self.points))
        order = order[: self.depth] if self.depth else order
        return self.rows[order], self.points[order]


def _highest(bounds: Bounds, count: int) -> Numbers:
    """The rows with the highest bounds, those that are allowed."""
    rows = np.argpartition(-bounds, count)[:count] if count < len(bounds) else np.arange(len(bounds))
    return np.sort(rows[bounds[rows] >= 0])


def _bound_of_lexical(scorer: Scorer, name: str, raw: Raw) -> Bounds:
    edges = np.arange(1, BINS + 2) / BINS
    table = (scorer.calibrated(name, edges) * scorer.parameters.weights[name]).astype(np.float32)
    place = np.minimum(raw * np.float32(BINS / GRID**2), np.float32(BINS))  # rounding lifts a cosine above 1 at most
    return np.asarray(table[place.astype(np.uint16)])
