"""The engine's front: learn the capabilities once, then rank them for needs, or needs for one of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from sklearn.exceptions import NotFittedError

from apps.engine.blend import Parameters, Part, Signal
from apps.engine.counted import Counted
from apps.engine.documents import Document
from apps.engine.evidence import Evidence
from apps.engine.explain import Explainer, Reason, reasons_of
from apps.engine.scoring import Scorer
from apps.engine.search import Hits, search
from apps.engine.sentences import for_capability, for_need
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter
from apps.engine.verdicts import IndicatorVerdict

ENGINE_VERSION = "blend-3"
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
    """Scores pairs of a need and a capability in memory; a pair has one score in `rank`, `rank_needs` and `match`.

    Everything but `fit` raises sklearn's NotFittedError before `fit`.
    """

    def __init__(self, *, taxonomy: Taxonomy, segmenter: Segmenter, parameters: Parameters | None = None) -> None:
        self.taxonomy = taxonomy
        self.segmenter = segmenter
        self.parameters = parameters or Parameters()

    def fit(self, capabilities: Sequence[Document], counted: Counted | None = None) -> Self:
        """Learn how common terms and tags are, and lay out the capabilities; `counted` are their terms, if known.

        Raises ValueError when an id occurs twice.
        """
        ids = [document.id for document in capabilities]
        if len(set(ids)) != len(ids):
            raise ValueError("capability ids must be distinct")
        self.capabilities_ = tuple(capabilities)
        self.scorer_ = Scorer(self.taxonomy, self.parameters, self.segmenter)
        counted = self.scorer_.counter.count(capabilities) if counted is None else counted
        self.layout_ = self.scorer_.fit(capabilities, counted).lay_out(capabilities, counted)
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
        scorer, documents = self._fitted(), self.capabilities_
        ids = None if allowed is None else frozenset(allowed)
        permitted = None if ids is None else np.array([document.id in ids for document in documents], np.bool_)
        hits = search(
            scorer,
            scorer.query(need, of_need=True),
            self.layout_,
            depth=depth,
            minimum=minimum,
            allowed=permitted,
        )
        found = matches(hits, [documents[row].id for row in hits.rows])
        return explained(scorer, found, [(need, documents[row]) for row in hits.rows]) if explain else found

    def signals(self, need: Document) -> tuple[Signal, ...]:
        """The signals of a need with every capability, in the order of `capabilities_`; `blend.score` makes points."""
        scorer = self._fitted()
        query = scorer.query(need, of_need=True)
        return scorer.signals(query, self.layout_, scorer.overview(query, self.layout_))

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
        return _rank_needs(self._fitted(), capability, needs, depth=depth, minimum=minimum, explain=explain)

    def match(self, need: Document, capability: Document) -> Match:
        """One pair, explained."""
        return paired(self._fitted(), need, capability)

    def _fitted(self) -> Scorer:
        if not hasattr(self, "scorer_"):
            raise NotFittedError("call fit() with the capabilities first")
        return self.scorer_


def paired(scorer: Scorer, need: Document, capability: Document) -> Match:
    """One pair, explained, by what a scorer has learnt."""
    (found,) = _rank_needs(scorer, capability, [need])
    return replace(found, document_id=capability.id)


def _rank_needs(
    scorer: Scorer,
    capability: Document,
    needs: Sequence[Document],
    *,
    depth: int = 0,
    minimum: float = 0.0,
    explain: bool = True,
) -> list[Match]:
    query, layout = scorer.query(capability, of_need=False), scorer.lay_out(needs)
    hits = search(scorer, query, layout, depth=depth, minimum=minimum)
    found = matches(hits, [needs[row].id for row in hits.rows])
    return explained(scorer, found, [(needs[row], capability) for row in hits.rows]) if explain else found


def matches(hits: Hits, ids: Sequence[str]) -> list[Match]:
    """What was found, without reasons; `ids` are those of its rows."""
    return [Match(*each) for each in zip(ids, hits.points.tolist(), hits.parts, strict=True)]


def explained(scorer: Scorer, found: Sequence[Match], pairs: Sequence[tuple[Document, Document]]) -> list[Match]:
    """The same with reasons; the (need, capability) of each match stand at its place in `pairs`."""
    scores = [(match.score, match.parts) for match in found]
    evidence = Explainer(scorer).evidence(pairs, scores)
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
