"""A build of the index as a row that one process claims at a time.

The row is the job, as everywhere: whoever holds it renews its lease while he works; of one who is killed another takes
the row up when the lease has run out, and begins anew. What is half done lies in a folder of its own until it is
complete, so nobody ever reads a part of it; and the workers go on with the generation they have.
"""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from apps.capabilities.models import Capability
from apps.core import audit, clock
from apps.engine.index.batch import Batch
from apps.engine.index.building import build_index
from apps.engine.scoring import Scorer
from apps.matching.documents import engine_segmenter, engine_taxonomy
from apps.matching.encoders import current_encoder
from apps.matching.fingerprints import Model
from apps.matching.index import changes, storage
from apps.matching.index.batches import batches_of
from apps.matching.index.claims import Overtaken, claim, held, kept_alive
from apps.matching.index.manifests import describe
from apps.matching.index.upkeep import due_because, published
from apps.matching.learning.current import current_ranker, parameters_of
from apps.matching.models import GenerationState, IndexGeneration
from apps.needs.models import Need

logger = logging.getLogger(__name__)
KEPT = 2
"""Generations whose files stay: the one in use, and the one before, for when it turns out to be damaged."""

type Watch = Callable[[Model, int], None]
"""Is told of each batch: of which side, and how many rows."""


def build(*, by_hand: bool = False, watch: Watch | None = None) -> IndexGeneration | None:
    """Build a generation and put it in use; None where none is due, or another process builds already.

    `by_hand`: whether due or not. What goes wrong is written down in the row, and raised.
    """
    if not by_hand and due_because() is None:
        return None
    generation = claim()
    if generation is None:
        return None
    try:
        _carry_out(generation, watch)
    except Overtaken:
        logger.warning("Another process has taken up index generation %s.", generation.number)
        return None
    except BaseException as error:
        with suppress(DatabaseError):
            _fail(generation, error)
        raise
    _clear_away()
    generation.refresh_from_db()
    logger.info("Index generation %s is in use: %s rows.", generation.number, generation.rows)
    return generation


def mark_damaged(generation: IndexGeneration, error: str) -> None:
    """Its files are not what was built: another generation is used, and one built at once."""
    with transaction.atomic():
        in_use = IndexGeneration.objects.filter(pk=generation.pk, state=GenerationState.PUBLISHED)
        if in_use.update(state=GenerationState.DAMAGED, error=error[:500], finished_at=clock.now()):
            audit.record(generation, "index.damaged", by=None, changes={"error": error[:500]})


def _carry_out(generation: IndexGeneration, watch: Watch | None) -> None:
    started, folder = monotonic(), _own_folder(generation)
    try:
        with kept_alive(generation) as still_held:
            made = _build(folder, _Corpus(still_held, watch))
            _publish(generation, folder, made)
        IndexGeneration.objects.filter(pk=generation.pk).update(seconds=monotonic() - started)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _build(folder: Path, corpus: "_Corpus") -> dict[str, Any]:
    """Write the files; what the row of the generation is to say of them."""
    through = changes.floor()  # before any row is read: what changes from here on is read again
    encoder = current_encoder()
    build_index(
        folder,
        capabilities=corpus.read(Capability),
        needs=corpus.read(Need),
        scorer=Scorer(engine_taxonomy(), parameters_of(current_ranker()), engine_segmenter()),
        dimensions=encoder.dimensions if encoder else 0,
    )
    return {
        "corpus_hash": corpus.hash.hexdigest(),
        "capabilities_count": corpus.counts[Capability],
        "needs_count": corpus.counts[Need],
        "changes_through": through,
    }


class _Corpus:
    """Passes the rows on, and remembers how many there were and in which versions."""

    def __init__(self, still_held: Callable[[], None], watch: Watch | None) -> None:
        self.counts: dict[Model, int] = {Capability: 0, Need: 0}
        self.hash = sha256()
        self._still_held, self._watch = still_held, watch

    def read(self, model: Model) -> Iterator[Batch]:
        self.hash.update(model._meta.label_lower.encode())
        for batch in batches_of(model):
            self._still_held()
            if self._watch:
                self._watch(model, len(batch))
            for name in ("id", "version", "is_open"):
                self.hash.update(batch.columns[name].tobytes())
            self.counts[model] += len(batch)
            yield batch


def _publish(generation: IndexGeneration, folder: Path, made: dict[str, Any]) -> None:
    """Files first, under a name that is written down before, so that a killed builder leaves nothing unknown."""
    name = f"{generation.number:06d}-{generation.public_id}-{generation.attempt}"
    if not held(generation).update(folder=name):
        raise Overtaken
    about = {column: getattr(generation, column) for column in ("number", "engine_version", "method", "encoder")}
    manifest = describe(folder, {**about, **made, "ranker": str(current_ranker())})
    made |= {"manifest_hash": storage.publish(folder, name, manifest), "bytes": manifest.size}
    made |= {"published_at": Now(), "finished_at": Now(), "lease_until": None, "error": ""}
    with transaction.atomic():
        if is_ours := held(generation).update(state=GenerationState.PUBLISHED, **made):
            kept = published()[:KEPT].values_list("pk", flat=True)
            published().exclude(pk__in=list(kept)).update(state=GenerationState.RETIRED)
            changes.trim()
            audit.record(generation, "index.published", by=None, changes={"number": generation.number})
    if not is_ours:
        storage.remove(name)
        raise Overtaken


def _clear_away() -> None:
    """Remove the files of all that is neither kept nor being built. What fails now is tried after the next build."""
    unused = IndexGeneration.objects.exclude(state__in=(GenerationState.PUBLISHED, GenerationState.BUILDING))
    for generation in unused.exclude(folder=""):
        try:
            storage.remove(generation.folder)
        except Exception:  # each storage has its own, and the next build tries again
            logger.exception("The files of index generation %s cannot be removed.", generation.number)
        else:
            IndexGeneration.objects.filter(pk=generation.pk).update(folder="")
    storage.forget_others(set(published().values_list("folder", flat=True)))


def _fail(generation: IndexGeneration, error: BaseException) -> None:
    logger.warning("Index generation %s could not be built: %r", generation.number, error)
    held(generation).update(state=GenerationState.FAILED, error=repr(error)[:500], finished_at=Now(), lease_until=None)


def _own_folder(generation: IndexGeneration) -> Path:
    """An empty folder of this attempt. There is one builder: what others left behind is nobody's, and removed."""
    parent = Path(settings.VAR_DIR) / "index-building"
    shutil.rmtree(parent, ignore_errors=True)
    parent.mkdir(parents=True, exist_ok=True)
    if generation.folder:  # of an attempt that got as far as publishing
        storage.remove(generation.folder)
    return Path(mkdtemp(prefix=f"{generation.number}-{generation.attempt}-", dir=parent))
