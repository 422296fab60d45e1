"""The capabilities a worker process ranks: read once, then only what changed.

Each process keeps its own corpus. Before each run it asks which capabilities are open in which version, reads the new
ones, drops the vanished ones, and fits the matcher anew where anything changed; texts are segmented once per process.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched

from apps.accounts.disclosure import Disclosure
from apps.capabilities.models import Capability
from apps.engine.documents import Document
from apps.engine.matcher import Match, Matcher
from apps.matching.documents import (
    capability_rows,
    document_id,
    engine_segmenter,
    engine_taxonomy,
)
from apps.matching.learning.current import current_ranker, parameters_of
from apps.matching.vectors import document_now, documents_of, encoded
from apps.needs.models import Need

READ_AT_ONCE = 500
WORTH_A_FIT = 0.1
"""Fitting anew takes seconds where capabilities are many: vectors that arrive late wait for each other until they are
this share of what is missing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One capability as it was read; `version` is the row's, so that a proposal can say what it rests on."""

    version: int
    organisation_id: int
    disclosure: str
    document: Document


class Corpus:
    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self.ranker = current_ranker()
        self.matcher = self._new_matcher().fit([])

    def refresh(self) -> None:
        """Bring the corpus to what the database says now, and its matcher to the weights in use."""
        open_versions = dict(Capability.objects.open().values_list("pk", "version"))
        vanished = self._entries.keys() - open_versions.keys()
        changed = [pk for pk, version in open_versions.items() if self._version(pk) != version]
        ranker = current_ranker()
        late = self._encoded_meanwhile() - vanished - set(changed)
        if not vanished and not changed and not late and ranker.pk == self.ranker.pk:
            return
        if ranker.pk != self.ranker.pk:
            self.ranker = ranker
            self.matcher = self._new_matcher()
        for pk in vanished:
            del self._entries[pk]
        for pks in batched([*changed, *late], READ_AT_ONCE):
            self._read(pks)
        documents = [self._entries[pk].document for pk in sorted(self._entries)]
        self.matcher.fit(documents)

    def version_of(self, capability_id: int) -> int:
        return self._entries[capability_id].version

    def document_of(self, capability_id: int) -> Document:
        """With its vectors, also where the others still wait for theirs."""
        document = self._entries[capability_id].document
        if document.vectors is not None:
            return document
        return document_now(capability_rows(Capability.objects.filter(pk=capability_id)).get())

    def allowed_for(self, need: Need) -> set[str]:
        """Ids of the capabilities that may be proposed: not the need's own organisation's, none kept for brokers."""
        return {
            document_id(pk)
            for pk, entry in self._entries.items()
            if entry.organisation_id != need.organisation_id and entry.disclosure != Disclosure.BROKERS
        }

    def sizes(self) -> Counter[int]:
        """How many open capabilities each institution has."""
        return Counter(entry.organisation_id for entry in self._entries.values())

    def rank(
        self, document: Document, *, depth: int, minimum: float, allowed: set[str], explain: bool = True
    ) -> list[Match]:
        return self.matcher.rank(document, depth=depth, minimum=minimum, allowed=allowed, explain=explain)

    def _new_matcher(self) -> Matcher:
        return Matcher(taxonomy=engine_taxonomy(), segmenter=engine_segmenter(), parameters=parameters_of(self.ranker))

    def _version(self, pk: int) -> int | None:
        entry = self._entries.get(pk)
        return entry.version if entry else None

    def _read(self, pks: Sequence[int]) -> None:
        rows = list(capability_rows(Capability.objects.filter(pk__in=pks)))
        for row, document in zip(rows, documents_of(rows), strict=True):
            self._entries[row.pk] = Entry(row.version, row.organisation_id, row.disclosure, document)

    def _encoded_meanwhile(self) -> set[int]:
        """Capabilities that were read without vectors and have them now, if they are worth a fit."""
        waiting = {pk for pk, entry in self._entries.items() if entry.document.vectors is None}
        found = waiting & encoded(Capability) if waiting else set()
        return found if len(found) >= WORTH_A_FIT * len(waiting) else set()


_corpus: Corpus | None = None


def current_corpus() -> Corpus:
    """This process's corpus, up to date."""
    global _corpus  # noqa: PLW0603  (one per worker process is the point)
    if _corpus is None:
        _corpus = Corpus()
    _corpus.refresh()
    return _corpus
