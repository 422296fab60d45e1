"""How the service ranks one need with an index of files: cut, weigh, filter, search, explain."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from apps.engine.blend import Parameters
from apps.engine.counted import Counted
from apps.engine.documents import Document
from apps.engine.index.opening import open_index
from apps.engine.index.segment import Filter
from apps.engine.matcher import Match, explained, matches
from apps.engine.search import Hits, search
from benchmarks.corpus import DISCLOSURES, TODAY, Block, need_block
from benchmarks.installation import counter
from benchmarks.meanings import with_meanings
from benchmarks.prepared import new_scorer

DEPTH = 20


class Ranker:
    """An opened index. `documents`, in its order, are needed for reasons only."""

    def __init__(self, folder: Path, parameters: Parameters, documents: Sequence[Document] = ()) -> None:
        index = open_index(folder)
        self.capabilities = index.capabilities
        self.documents = documents
        self.scorer = new_scorer(parameters).learn(index.statistics)

    def hits(self, need: Document, wanted: Filter | None = None) -> Hits:
        """The best DEPTH, without reasons."""
        allowed = None if wanted is None else self.capabilities.where(wanted)
        query = self.scorer.query(need, of_need=True)
        return search(self.scorer, query, self.capabilities.layout, depth=DEPTH, allowed=allowed)

    def matches(self, need: Document, wanted: Filter | None = None) -> list[Match]:
        """The best DEPTH with reasons."""
        hits = self.hits(need, wanted)
        found = [self.documents[row] for row in hits.rows]
        unexplained = matches(hits, [document.id for document in found])
        return explained(self.scorer, unexplained, [(need, document) for document in found])


@dataclass(frozen=True, slots=True)
class Question:
    """A need with its vectors, what is left out for it, and its terms, which the peers start from."""

    need: Document
    wanted: Filter
    counted: Counted


def questions(count: int) -> list[Question]:
    asked = with_meanings(need_block(count))
    return [
        Question(need, wanted, counter().count([need]))
        for need, wanted in zip(asked.documents, filters_of(asked), strict=True)
    ]


def filters_of(block: Block) -> list[Filter]:
    """For each need what the service leaves out (its own organisation's, brokers' own, what has ended); for every third
    also only what its city and its mode of cooperation offer."""
    organisations = block.columns["organisation"].tolist()
    return [
        Filter(
            at_least={"valid_until": TODAY.toordinal()},
            other_than={"organisation": organisation},
            none_of={"disclosure": {DISCLOSURES.index("brokers")}},
            facets=_groups(facets) if place % 3 == 0 else (),
        )
        for place, (organisation, facets) in enumerate(zip(organisations, block.facets, strict=True))
    ]


def _groups(facets: Sequence[str]) -> tuple[frozenset[str], ...]:
    """One group of marks for each thing that is filtered by."""
    names = dict.fromkeys(facet.split(":")[0] for facet in facets)
    return tuple(frozenset(facet for facet in facets if facet.startswith(f"{name}:")) for name in names)
