"""Why a pair fits, in plain Chinese, from nothing but what made its score."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from apps.engine.blend import Part
from apps.engine.documents import Document
from apps.engine.evidence import Evidence, TagGround
from apps.engine.indicator_signal import verdicts
from apps.engine.scoring import Scorer
from apps.engine.shared_terms import Shared, SharedTerms
from apps.engine.speech import Owner, Quote
from apps.engine.tag_signal import codes_of

type Score = tuple[float, Sequence[Part]]
"""Points, and the parts they are made of."""

MOST_NEAR_TAGS = 2
_WORDING = {"tag": "共同标签：{}", "tech_field": "同属技术领域：{}", "industry_chain": "同属产业链：{}"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence; `terms` are what it names.

    `kind` is "shared_terms", "shared_tags", "indicator_met" or "indicator_missed".
    """

    kind: str
    text: str
    terms: tuple[str, ...] = ()


class Explainer:
    """Finds the reasons of a pair with what the scorer has learnt."""

    def __init__(self, scorer: Scorer) -> None:
        self.taxonomy = scorer.taxonomy
        self.scorer = scorer
        self.shared_terms = SharedTerms(scorer)

    def evidence(self, pairs: Sequence[tuple[Document, Document]], scores: Sequence[Score]) -> list[Evidence]:
        """What may be said of each (need, capability), whose score and parts stand at the same place of `scores`."""
        shared = self.shared_terms.of(pairs)
        return [self._evidence(*pair, *score, terms) for pair, score, terms in zip(pairs, scores, shared, strict=True)]

    def _evidence(
        self, need: Document, capability: Document, points: float, parts: Sequence[Part], shared: Shared
    ) -> Evidence:
        return Evidence(
            need=need,
            capability=capability,
            score=points,
            parts=parts,
            terms=shared.terms,
            renamed=shared.renamed,
            tags=self.tag_grounds(need, capability),
            verdicts=verdicts(need, capability),
            chain=self.chain(need),
        )

    def tag_grounds(self, need: Document, capability: Document) -> tuple[TagGround, ...]:
        """Shared tags, then shared fields and chains, then pairs of tags of which one is the broader."""
        asked, offered = codes_of(need), codes_of(capability)
        return (*self._shared_tags(asked, offered), *list(self._near_tags(asked, offered))[:MOST_NEAR_TAGS])

    def chain(self, need: Document) -> str:
        """The name of the need's industry chain, "" where it has none."""
        chains = (code for code in need.tags if self.taxonomy.vocabulary(code) == "industry_chain")
        return next((self.taxonomy.name(code) for code in chains), "")

    def _shared_tags(self, asked: Sequence[str], offered: Sequence[str]) -> Iterator[TagGround]:
        """One ground per vocabulary, the rarest tags first."""
        shared = sorted(set(asked) & set(offered), key=lambda code: (-self.scorer.tags.weight(code), code))
        for vocabulary in _WORDING:
            names = [self.taxonomy.name(code) for code in shared if self._shown_vocabulary(code) == vocabulary]
            if names:
                yield TagGround(vocabulary, tuple(Quote("both", name) for name in names))

    def _near_tags(self, asked: Sequence[str], offered: Sequence[str]) -> Iterator[TagGround]:
        """Where one side's tag lies above the other's and neither is shared: the narrower, the broader.

        Not of industry chains: that water treatment belongs to green energy brings nobody together.
        """
        ours = [c for c in asked if c not in offered and self._shown_vocabulary(c) != "industry_chain"]
        theirs = [c for c in offered if c not in asked]
        for one, other in product(ours, theirs):
            if one in self.taxonomy.ancestors(other):
                yield TagGround("near", (self._tag("capability", other), self._tag("need", one)))
            elif other in self.taxonomy.ancestors(one):
                yield TagGround("near", (self._tag("need", one), self._tag("capability", other)))

    def _tag(self, owner: Owner, code: str) -> Quote:
        return Quote(owner, self.taxonomy.name(code))

    def _shown_vocabulary(self, code: str) -> str:
        vocabulary = self.taxonomy.vocabulary(code)
        return vocabulary if vocabulary in _WORDING else "tag"


def reasons_of(evidence: Evidence) -> tuple[Reason, ...]:
    """Shared terms, then tags, then indicators met and missed. An indicator nobody can judge gives no reason."""
    terms = evidence.terms
    found = [Reason("shared_terms", f"双方都涉及：{'、'.join(terms)}", terms)] if terms else []
    if evidence.renamed:
        same = tuple(f"{ours}＝{theirs}" for ours, theirs in evidence.renamed)
        found.append(Reason("shared_terms", f"叫法不同、所指相同：{'、'.join(same)}", same))
    found += [Reason("shared_tags", _tag_text(ground), ground.terms) for ground in evidence.tags]
    for status in ("met", "missed"):
        found += [
            Reason(f"indicator_{status}", verdict.text, (verdict.need.name,))
            for verdict in evidence.verdicts
            if verdict.status == status
        ]
    return tuple(found)


def _tag_text(ground: TagGround) -> str:
    if ground.kind == "near":
        narrow, broad = ground.terms
        return f"方向相近：{narrow}属于{broad}"
    return _WORDING[ground.kind].format("、".join(ground.terms))
