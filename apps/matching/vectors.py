"""Vectors of meaning of rows: made once per text and encoder, kept in the database, read by every worker.

A row's vectors are current where they are of its present version and of the encoder in use. They are made by workers
and commands, never inside a transaction and never in a web request: when a row is matched, when a worker reads rows
that lack them, and by `catch_up` for the rest. What is missing meanwhile is compared by the other signals.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import batched

import numpy as np
from django.db import transaction
from django.db.models import F, Q, QuerySet

from apps.capabilities.models import Capability
from apps.core import clock
from apps.engine.documents import Document
from apps.engine.encoder import Encoder, Vectors, vectors_of
from apps.matching.documents import capability_document, capability_rows, need_document, need_rows
from apps.matching.encoders import current_encoder
from apps.matching.ended_needs import ended_needs
from apps.matching.fingerprints import Model, Row, side_name
from apps.matching.models import TextVector
from apps.needs.models import Need

logger = logging.getLogger(__name__)
AT_ONCE = 200
MOST_WHILE_WAITING = 400
"""Rows that are encoded while somebody waits for a match: about a second. `catch_up` makes the rest."""
STORED = np.dtype("<f4")


def document_of(row: Row) -> Document:
    """The engine's document of a row, without vectors."""
    return need_document(row) if isinstance(row, Need) else capability_document(row)


def documents_of(rows: Sequence[Row]) -> list[Document]:
    """The documents of rows of one kind with their vectors; a few that lack them are encoded now.

    `rows` come from `need_rows` or `capability_rows`. Vectors of other rows than `missing` speaks of are not kept.
    """
    if not rows:
        return []
    model, versions = type(rows[0]), {row.pk: row.version for row in rows}
    ensure(model, versions, most=MOST_WHILE_WAITING)
    known = stored(model, versions)
    return [replace(document_of(row), vectors=known.get(row.pk)) for row in rows]


def document_now(row: Row) -> Document:
    """The document of a row, published or not: with the vectors that are kept, or encoded for this once."""
    document, encoder = document_of(row), current_encoder()
    if encoder is None:
        return document
    vectors = stored(type(row), {row.pk: row.version}).get(row.pk)
    return replace(document, vectors=vectors_of([document], encoder)[0] if vectors is None else vectors)


def ensure(model: Model, pks: Iterable[int], *, most: int | None = None) -> int:
    """Encode those of the rows whose vectors are not current, at most `most`; how many were encoded.

    Safe to repeat, and for two workers at once: the same text gives the same vectors.
    """
    encoder = current_encoder()
    if encoder is None:
        return 0
    lacking = missing(model).values_list("pk", flat=True)
    due = [pk for batch in batched(pks, AT_ONCE) for pk in lacking.filter(pk__in=batch)][:most]
    for batch in batched(due, AT_ONCE):
        _encode(model, batch, encoder)
    return len(due)


def missing(model: Model) -> QuerySet[Row]:
    """Rows to be compared without current vectors, oldest first; none where there is no encoder.

    Those are the open rows, and the ended needs that new capabilities are compared with.
    """
    encoder = current_encoder()
    rows: QuerySet[Row] = model.objects.open()
    if model is Need:
        rows = Need.objects.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=ended_needs().values("pk")))
    return rows.none() if encoder is None else rows.exclude(pk__in=_current(model, encoder)).order_by("pk")


def encoded(model: Model) -> set[int]:
    """The rows whose vectors are current."""
    encoder = current_encoder()
    return set() if encoder is None else set(_current(model, encoder))


def stored(model: Model, versions: Mapping[int, int]) -> dict[int, Vectors]:
    """The current vectors of rows, given as row → version, as far as there are any.

    Vectors that are damaged are deleted, and so made anew when next asked for.
    """
    encoder = current_encoder()
    if encoder is None:
        return {}
    name, found, damaged = f"{side_name(model)}_id", {}, []
    for pks in batched(versions, AT_ONCE):
        for kept in TextVector.objects.filter(**{f"{name}__in": pks}, encoder=encoder.name):
            pk = getattr(kept, name)
            vectors = _read(kept, encoder)
            if vectors is None:
                damaged.append(kept.pk)
            elif kept.version == versions[pk]:
                found[pk] = vectors
    if damaged:
        logger.warning("%s damaged vectors are deleted and made anew.", len(damaged))
        TextVector.objects.filter(pk__in=damaged).delete()
    return found


def catch_up(most: int) -> int:
    """Encode at most `most` rows of each kind that lack current vectors; how many were encoded."""
    return sum(ensure(model, missing(model).values_list("pk", flat=True)[:most]) for model in (Need, Capability))


def forget_other_encoders() -> int:
    """Delete the vectors of encoders that are not in use; how many. Nothing where there is no encoder at all."""
    encoder = current_encoder()
    if encoder is None:
        return 0
    count, _ = TextVector.objects.exclude(encoder=encoder.name).delete()
    return count


def _current(model: Model, encoder: Encoder) -> "QuerySet[TextVector, int]":
    name = side_name(model)
    kept = TextVector.objects.filter(encoder=encoder.name, version=F(f"{name}__version"))
    return kept.filter(**{f"{name}__isnull": False}).values_list(name, flat=True)


def _encode(model: Model, pks: Sequence[int], encoder: Encoder) -> None:
    """Read, encode, and only then write: those rows whose text is still the one that was encoded."""
    rows = _rows(model, pks)
    made = vectors_of([document_of(row) for row in rows], encoder)
    now, name = clock.now(), side_name(model)
    with transaction.atomic():
        held = model.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
        versions = dict(held.values_list("pk", "version"))
        TextVector.objects.bulk_create(
            [
                TextVector(
                    **{name: row},
                    encoder=encoder.name,
                    version=row.version,
                    dimensions=encoder.dimensions,
                    data=vectors.astype(STORED).tobytes(),
                    encoded_at=now,
                )
                for row, vectors in zip(rows, made, strict=True)
                if versions.get(row.pk) == row.version
            ],
            update_conflicts=True,
            unique_fields=[name, "encoder"],
            update_fields=["version", "dimensions", "data", "encoded_at"],
        )


def _rows(model: Model, pks: Sequence[int]) -> list[Row]:
    if model is Need:
        return list(need_rows(Need.objects.filter(pk__in=pks)))
    return list(capability_rows(Capability.objects.filter(pk__in=pks)))


def _read(kept: TextVector, encoder: Encoder) -> Vectors | None:
    """The vectors of a row of the table, or None where they cannot be what an encoder made."""
    shape = (2, encoder.dimensions)
    if kept.dimensions != shape[1] or len(kept.data) != shape[0] * shape[1] * STORED.itemsize:
        return None
    vectors = np.frombuffer(kept.data, dtype=STORED).reshape(shape).astype(np.float32, copy=False)
    lengths = np.linalg.norm(vectors, axis=1)  # not a number, or infinite, where any of them is
    return vectors if all(length == 0 or abs(length - 1) < 0.01 for length in lengths.tolist()) else None
