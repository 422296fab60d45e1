"""The engine's front: learn the capabilities once, then rank them for needs, or needs for one of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Self

from sklearn.exceptions import NotFittedError

from apps.engine.blend import Parameters, Part, Signal, parts, score
from apps.engine.documents import Document
from apps.engine.evidence import Evidence
from apps.engine.explain import Explainer, Reason, reasons_of
from apps.engine.scoring import Scorer
from apps.engine.sentences import for_capability, for_need
from apps.engine.store import TokenStore
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter
from apps.engine.verdicts import IndicatorVerdict

ENGINE_VERSION = "blend-2"
"""Changes whenever scores change."""


@dataclass(frozen=True, slots=True)
class Match:
    """One pair: `score` in points, 0 to 100; `parts` add up to it; `reasons` are statements one by one.

    `for_need` and `for_capability` say in one sentence each, to either side, why it was found.
    `shared_terms` are spelt as the texts spell them: a thing with two names is there twice.

    `document_id` is the other side's: a capability in `rank` and `match`, a need in `rank_needs`.
    """

    document_id: str
    score: float
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...] = ()
    shared_terms: tuple[str, ...] = ()
    verdicts: tuple[IndicatorVerdict, ...] = ()
    for_need: str = ""
    for_capability: str = ""


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
        """The capabilities for a need, best first, ties in the order they were given.

        `depth` 0 means all; `minimum` is in points; of `allowed` ids only those are ranked, with the scores
        they have anyway. `explain=False` leaves reasons, shared terms and verdicts empty.
        """
        signals = self.signals(need)
        rows, found = _best(self.capabilities_, signals, depth, minimum, allowed)
        pairs = [(need, self.capabilities_[row]) for row in rows]
        return self._explained(found, pairs) if explain else found

    def signals(self, need: Document) -> tuple[Signal, ...]:
        """The signals of a need with every capability, in the order of `capabilities_`; `blend.score` makes points."""
        return self._fitted().of_need(need, self.scorer_.layout_)

    def rank_needs(
        self,
        capability: Document,
        needs: Sequence[Document],
        *,
        depth: int = 20,
        minimum: float = 0.0,
        explain: bool = True,
    ) -> list[Match]:
        """The needs that a capability, fitted or not, serves, best first, ties in the order they were given."""
        signals = self._fitted().of_capability(capability, needs)
        rows, found = _best(needs, signals, depth, minimum, None)
        pairs = [(needs[row], capability) for row in rows]
        return self._explained(found, pairs) if explain else found

    def match(self, need: Document, capability: Document) -> Match:
        """One pair, explained."""
        (found,) = self.rank_needs(capability, [need])
        return replace(found, document_id=capability.id)

    def _fitted(self) -> Scorer:
        if not hasattr(self, "scorer_"):
            raise NotFittedError("call fit() with the capabilities first")
        return self.scorer_

    def _explained(self, found: Sequence[Match], pairs: Sequence[tuple[Document, Document]]) -> list[Match]:
        scores = [(match.score, match.parts) for match in found]
        evidence = self.explainer_.evidence(pairs, scores)
        return [_explain(*each) for each in zip(found, evidence, strict=True)]


def _explain(match: Match, evidence: Evidence) -> Match:
    return replace(
        match,
        reasons=reasons_of(evidence),
        shared_terms=(*evidence.terms, *(name for names in evidence.renamed for name in names)),
        verdicts=evidence.verdicts,
        for_need=for_need(evidence).text,
        for_capability=for_capability(evidence).text,
    )


def _best(
    documents: Sequence[Document],
    signals: Sequence[Signal],
    depth: int,
    minimum: float,
    allowed: Collection[str] | None,
) -> tuple[list[int], list[Match]]:
    """The rows of the best documents, best first, and their matches without reasons."""
    points = score(signals).tolist()
    permitted = None if allowed is None else frozenset(allowed)
    rows = [
        row
        for row, document in enumerate(documents)
        if points[row] >= minimum and (permitted is None or document.id in permitted)
    ]
    rows.sort(key=lambda row: -points[row])  # stable: ties stay in the order given
    rows = rows[:depth] if depth else rows
    shares = parts(signals, rows)
    return rows, [Match(documents[row].id, points[row], pair) for row, pair in zip(rows, shares, strict=True)]
