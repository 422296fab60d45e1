"""The engine's front: learn the capabilities once, then rank them for needs, or needs for one of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from sklearn.exceptions import NotFittedError

from apps.engine import indicator_signal
from apps.engine.blend import Floats, Parameters, Part, Signal, parts, score
from apps.engine.documents import Document
from apps.engine.explain import Explainer, Reason
from apps.engine.scoring import Scorer
from apps.engine.store import TokenStore
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter
from apps.engine.verdicts import IndicatorVerdict

ENGINE_VERSION = "lexical-1"
"""Changes whenever scores change."""


@dataclass(frozen=True, slots=True)
class Match:
    """One pair: `score` in points, 0 to 100; `parts` add up to it; `reasons` are sentences for people.

    `document_id` is the other side's: a capability in `rank` and `match`, a need in `rank_needs`.
    """

    document_id: str
    score: float
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    shared_terms: tuple[str, ...]
    verdicts: tuple[IndicatorVerdict, ...]


type _PointsAndParts = tuple[float, tuple[Part, ...]]


class _Scored:
    """The signals of many pairs and their points."""

    def __init__(self, signals: Sequence[Signal]) -> None:
        self.signals = signals
        self.points = score(signals)

    def at(self, row: int) -> _PointsAndParts:
        """Points and parts of one pair."""
        return float(self.points[row]), parts(self.signals, row)


class Matcher:
    """Scores pairs of a need and a capability; a pair has one score in `rank`, `rank_needs` and `match`.

    Everything but `fit` raises sklearn's NotFittedError before `fit`.
    """

    def __init__(self, *, taxonomy: Taxonomy, segmenter: Segmenter, parameters: Parameters | None = None) -> None:
        self.taxonomy = taxonomy
        self.segmenter = segmenter
        self.parameters = parameters or Parameters()

    def fit(self, capabilities: Sequence[Document], tokens: TokenStore | None = None) -> Self:
        """Learn how common terms and tags are, and lay out the capabilities; `tokens` remembers cut texts across fits.

        Raises ValueError when an id occurs twice.
        """
        ids = [document.id for document in capabilities]
        if len(set(ids)) != len(ids):
            raise ValueError("capability ids must be distinct")
        self.capabilities_ = tuple(capabilities)
        self.scorer_ = Scorer(self.taxonomy, self.parameters).fit(capabilities, tokens or TokenStore(self.segmenter))
        self.explainer_ = Explainer(self.taxonomy, self.scorer_)
        return self

    def rank(
        self,
        need: Document,
        *,
        depth: int = 20,
        minimum: float = 0.0,
        allowed: Collection[str] | None = None,
        explain: bool = True,
    ) -> list[Match]:
        """The capabilities for a need, best first, ties by id.

        `depth` 0 means all; `minimum` is in points; of `allowed` ids only those are ranked, with the scores
        they have anyway. `explain=False` leaves reasons, shared terms and verdicts empty.
        """
        scored = _Scored(self._fitted().of_need(need, self.scorer_.layout_))
        chosen = _best(self.capabilities_, scored.points, depth, minimum, allowed)
        found = ((self.capabilities_[row], row) for row in chosen)
        return [self._match(other.id, scored.at(row), (need, other) if explain else None) for other, row in found]

    def rank_needs(
        self,
        capability: Document,
        needs: Sequence[Document],
        *,
        depth: int = 20,
        minimum: float = 0.0,
        explain: bool = True,
    ) -> list[Match]:
        """The needs that a capability, fitted or not, serves, best first, ties by id."""
        scored = _Scored(self._fitted().of_capability(capability, needs))
        chosen = _best(needs, scored.points, depth, minimum, None)
        found = ((needs[row], row) for row in chosen)
        return [self._match(other.id, scored.at(row), (other, capability) if explain else None) for other, row in found]

    def match(self, need: Document, capability: Document) -> Match:
        """One pair, explained."""
        scored = _Scored(self._fitted().of_capability(capability, [need]))
        return self._match(capability.id, scored.at(0), (need, capability))

    def _fitted(self) -> Scorer:
        if not hasattr(self, "scorer_"):
            raise NotFittedError("call fit() with the capabilities first")
        return self.scorer_

    def _match(
        self, other_id: str, scored: tuple[float, tuple[Part, ...]], pair: tuple[Document, Document] | None
    ) -> Match:
        points, shares = scored
        if pair is None:
            return Match(other_id, points, shares, (), (), ())
        verdicts = indicator_signal.verdicts(*pair)
        terms = self.explainer_.shared_terms(*pair)
        return Match(other_id, points, shares, self.explainer_.reasons(*pair, terms, verdicts), terms, verdicts)


def _best(
    documents: Sequence[Document], points: Floats, depth: int, minimum: float, allowed: Collection[str] | None
) -> list[int]:
    permitted = None if allowed is None else frozenset(allowed)
    rows = [
        row for row in np.flatnonzero(points >= minimum).tolist() if permitted is None or documents[row].id in permitted
    ]
    rows.sort(key=lambda row: (-points[row], documents[row].id))
    return rows[:depth] if depth else rows
