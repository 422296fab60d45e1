"""The index as this process holds it: the newest generation's mapped files, and what has changed since, in memory.

Before each run it asks what is new: a newer generation, other weights, changed rows. Where there is no generation yet,
a few thousand rows are read into memory; more wait for a build.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import batched
from typing import NamedTuple

from django.conf import settings

from apps.accounts.disclosure import Disclosure
from apps.capabilities.models import Capability
from apps.core import clock
from apps.engine.documents import Document
from apps.engine.index.batch import Batch
from apps.engine.index.opening import Index, empty_segment, open_index
from apps.engine.index.segment import Filter
from apps.engine.index.shelf import Hit, Shelf
from apps.engine.matcher import Match, explained
from apps.engine.scoring import Scorer, Statistics
from apps.matching import vectors
from apps.matching.documents import capability_rows, document_id, engine_segmenter, engine_taxonomy, need_rows
from apps.matching.fingerprints import Model, Row
from apps.matching.index import building, storage, upkeep
from apps.matching.index.batches import DISCLOSURES, batches_of, capability_batch, need_batch
from apps.matching.index.changes import Follower
from apps.matching.index.changes import floor as floor_of_changes
from apps.matching.learning.current import current_ranker, parameters_of
from apps.matching.made_once import compared
from apps.matching.models import IndexGeneration, RowKind
from apps.needs.models import Need

logger = logging.getLogger(__name__)
READ_AT_ONCE = 500
MOST_PER_RUN = 2_000
"""Changed rows that are read while somebody waits: about a second. The next run goes on, or a build overtakes it."""


class IndexNotReady(Exception):
    """Too much is missing from the index to rank by it: a build is due, and what was asked for waits for it."""


class Explained(NamedTuple):
    """What was found, its document as it is worded now, and the match with its reasons."""

    hit: Hit
    document: Document
    match: Match


class LiveIndex:
    """Ranks what is open now. Made by `current_index`, one per process."""

    def __init__(self) -> None:
        self.ranker = current_ranker()
        self._number: int | None = None
        self._sizes: tuple[date, Counter[int]] | None = None
        if not self._newer_generation():
            self._read_everything()

    def refresh(self, *, complete: bool) -> None:
        """Bring the index to what the database says now.

        `complete`: IndexNotReady rather than a ranking without some of the rows that changed lately; otherwise what
        could be read in a second is ranked. What is gone is never ranked.
        """
        self._follow_ranker()
        if not self._newer_generation() and not self._follower.is_complete():
            self._read_everything()
        self._hear()
        self._read_changed(RowKind.CAPABILITY, most=MOST_PER_RUN)
        if complete and self._waiting[RowKind.CAPABILITY]:
            raise IndexNotReady("many rows changed lately")

    @property
    def number(self) -> int | None:
        """Which generation is in use, None where there is none yet."""
        return self._number

    def rank(
        self,
        need: Document,
        wanted: Filter,
        *,
        depth: int = 0,
        minimum: float = 0.0,
        among: Iterable[int] | None = None,
        without: Iterable[int] = (),
    ) -> list[Hit]:
        """The capabilities for a need, best first, ties by key; `depth` 0: all. `among`, `without`: primary keys."""
        query = self.scorer.query(need, of_need=True)
        return self._capabilities.search(query, wanted, depth=depth, minimum=minimum, among=among, without=without)

    def rank_needs(
        self,
        capability: Document,
        wanted: Filter,
        *,
        depth: int = 0,
        minimum: float = 0.0,
        among: Iterable[int] | None = None,
        without: Iterable[int] = (),
    ) -> list[Hit]:
        """The needs for a capability; each pair with the score that `rank` gives it.

        Needs that changed are read now: whoever ranks capabilities need not wait for them.
        """
        self._read_changed(RowKind.NEED)
        query = self.scorer.query(capability, of_need=False)
        return self._needs.search(query, wanted, depth=depth, minimum=minimum, among=among, without=without)

    def with_reasons(self, need: Document, hits: Sequence[Hit]) -> list[Explained]:
        """Capabilities that were found for a need, explained; one whose row has vanished is left out."""
        rows = capability_rows(Capability.objects.filter(pk__in=[hit.id for hit in hits]))
        return self._explained(rows, hits, lambda capability: (need, capability))

    def needs_with_reasons(self, capability: Document, hits: Sequence[Hit]) -> list[Explained]:
        """Needs that were found for a capability, explained; one whose row has vanished is left out."""
        rows = need_rows(Need.objects.filter(pk__in=[hit.id for hit in hits]))
        return self._explained(rows, hits, lambda need: (need, capability))

    def sizes(self) -> Counter[int]:
        """How many open capabilities each institution has."""
        today = clock.today()
        if self._sizes is None or self._sizes[0] != today:
            self._sizes = today, self._capabilities.count("organisation", still_valid())
        return self._sizes[1]

    def _explained(
        self, rows: Iterable[Row], hits: Sequence[Hit], pair_of: Callable[[Document], tuple[Document, Document]]
    ) -> list[Explained]:
        documents = {int(document.id): document for document in vectors.documents_of(list(rows))}
        there = [hit for hit in hits if hit.id in documents]
        found = [Match(document_id(hit.id), hit.points, hit.parts) for hit in there]
        matches = explained(self.scorer, found, [pair_of(documents[hit.id]) for hit in there])
        return [Explained(hit, documents[hit.id], match) for hit, match in zip(there, matches, strict=True)]

    def _follow_ranker(self) -> None:
        ranker = current_ranker()
        if ranker.pk != self.ranker.pk:
            self.ranker = ranker
            self.scorer.parameters = parameters_of(ranker)

    def _newer_generation(self) -> bool:
        """Take the newest generation that this software can read, unless it is in use; False where nothing changed.

        A damaged one is reported, to be built anew, and the last good one stays in use meanwhile.
        """
        ours = upkeep.software()
        readable = upkeep.published().filter(engine_version=ours["engine_version"], encoder=ours["encoder"])
        for generation in readable:
            if generation.number == self._number:
                return False
            index = self._opened(generation)
            if index is None:
                continue
            self._begin(index, generation.changes_through)
            self._number = generation.number
            return True
        return False

    def _opened(self, generation: IndexGeneration) -> Index | None:
        """None where its files cannot be had, which is reported where they are not what was built."""
        try:
            return open_index(storage.obtain(generation))
        except storage.IndexDamaged as error:
            logger.exception("Index generation %s is damaged.", generation.number)
            building.mark_damaged(generation, str(error))
        except (OSError, storage.IndexUnreachable):  # the storage is away: what is in use will do
            logger.exception("Index generation %s cannot be fetched.", generation.number)
        return None

    def _read_everything(self) -> None:
        """Without a generation: all rows, if they are few enough."""
        if sum(compared(model).count() for model in (Capability, Need)) > settings.MATCHING_MOST_UNINDEXED:
            raise IndexNotReady("no index yet, and too many rows to do without")
        floor = floor_of_changes()
        self._begin(Index(Statistics.none(), empty_segment(), empty_segment()), floor)
        self._number = None
        for model, shelf in ((Capability, self._capabilities), (Need, self._needs)):
            vectors.ensure(model, compared(model).values_list("pk", flat=True), most=vectors.MOST_WHILE_WAITING)
            for batch in batches_of(model):
                shelf.replace((), batch)

    def _begin(self, index: Index, floor: int) -> None:
        scorer = Scorer(engine_taxonomy(), parameters_of(self.ranker), engine_segmenter())
        self.scorer = scorer.learn(index.statistics)
        self._capabilities, self._needs = Shelf(index.capabilities, scorer), Shelf(index.needs, scorer)
        self._follower = Follower(floor)
        self._waiting: dict[RowKind, set[int]] = {RowKind.CAPABILITY: set(), RowKind.NEED: set()}
        self._sizes = None

    def _hear(self) -> None:
        for change in self._follower.news():
            self._waiting[change.kind].add(change.row)

    def _read_changed(self, kind: RowKind, *, most: int | None = None) -> None:
        """Strike out the rows of one side that changed, and read those that are still there, at most `most` of them.

        Vectors that are made now are news of the very rows that are about to be read: heard before, not after.
        """
        waiting, (model, shelf, read) = self._waiting[kind], self._side(kind)
        if not waiting:
            return
        if vectors.ensure(model, sorted(waiting)[:most], most=vectors.MOST_WHILE_WAITING):
            self._hear()
        self._sizes = None
        for pks in batched(sorted(waiting)[:most], READ_AT_ONCE):
            shelf.replace(pks, read(pks))
            waiting.difference_update(pks)
        shelf.strike_out(waiting)

    def _side(self, kind: RowKind) -> tuple[Model, Shelf, Callable[[Iterable[int]], Batch]]:
        if kind == RowKind.CAPABILITY:
            return Capability, self._capabilities, capability_batch
        return Need, self._needs, need_batch


def still_valid() -> Filter:
    """What is past its last day has left the catalogue, also before anybody wrote it down."""
    return Filter(at_least={"valid_until": clock.today().toordinal()})


def open_for_need(organisation_id: int, *, hidden: Iterable[Disclosure] = (Disclosure.BROKERS,)) -> Filter:
    """Capabilities that may be proposed: not the need's own organisation's, none kept for brokers."""
    return Filter(
        at_least=still_valid().at_least,
        other_than={"organisation": organisation_id},
        none_of={"disclosure": {DISCLOSURES.index(level) for level in hidden}},
    )


def open_for_capability(organisation_id: int) -> Filter:
    """Needs on the board, but for the capability's own organisation's."""
    return Filter(
        at_least=still_valid().at_least, other_than={"organisation": organisation_id}, one_of={"is_open": {1}}
    )


_live: LiveIndex | None = None


def current_index(*, complete: bool = True) -> LiveIndex:
    """This process's index, up to date. IndexNotReady: see `LiveIndex.refresh`."""
    global _live  # noqa: PLW0603  (one per worker process is the point)
    if _live is None:
        _live = LiveIndex()
    _live.refresh(complete=complete)
    return _live
