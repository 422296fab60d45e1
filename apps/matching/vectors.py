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
from django.db.models import QuerySet

from apps.capabilities.models import Capability
from apps.engine.documents import Document
from apps.engine.encoder import Encoder, Vectors, vectors_of
from apps.matching.encoders import current_encoder
from apps.matching.fingerprints import Model, Row, side_name
from apps.matching.made_once import Keeping, among, document_of
from apps.matching.models import TextVector
from apps.needs.models import Need

logger = logging.getLogger(__name__)
AT_ONCE = 200
MOST_WHILE_WAITING = 400
"""Rows that are encoded while somebody waits for a match: about a second. `catch_up` makes the rest."""
READ_AT_ONCE = 5_000
STORED = np.dtype("<f4")


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
    return 0 if encoder is None else _keeping(encoder).ensure(model, pks, most=most)


def missing(model: Model) -> QuerySet[Row]:
    """Rows to be compared without current vectors, oldest first; none where there is no encoder.

    Those are the open rows, and the ended needs that new capabilities are compared with.
    """
    encoder = current_encoder()
    return model.objects.none() if encoder is None else _keeping(encoder).missing(model)


def encoded(model: Model) -> set[int]:
    """The rows whose vectors are current."""
    encoder = current_encoder()
    return set() if encoder is None else set(_keeping(encoder).current(model))


def stored(model: Model, versions: Mapping[int, int]) -> dict[int, Vectors]:
    """The current vectors of rows, given as row → version, as far as there are any.

    Vectors that are damaged are deleted, and so made anew when next asked for.
    """
    encoder = current_encoder()
    if encoder is None:
        return {}
    name, found = f"{side_name(model)}_id", dict[int, Vectors]()
    damaged: list[int] = []
    for pks in batched(versions, READ_AT_ONCE):
        kept = _keeping(encoder).kept(model).filter(among(name, pks))
        rows = [row for row in kept.values_list("pk", name, "version", "dimensions", "data") if row[1] in versions]
        arrays = _read([bytes(data) for *_, data in rows], encoder.dimensions)
        for (key, pk, version, dimensions, _), vectors in zip(rows, arrays, strict=True):
            if vectors is None or dimensions != encoder.dimensions:
                damaged.append(key)
            elif version == versions[pk]:
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


def _keeping(encoder: Encoder) -> Keeping:
    return Keeping(
        table=TextVector,
        method=("encoder", encoder.name),
        unique=("encoder",),
        stamp="encoded_at",
        at_once=AT_ONCE,
        is_news=True,
        make=lambda documents: [
            {"dimensions": encoder.dimensions, "data": vectors.astype(STORED).tobytes()}
            for vectors in vectors_of(documents, encoder)
        ],
    )


def _encode(model: Model, pks: Sequence[int], encoder: Encoder) -> None:
    _keeping(encoder).renew(model, pks)


def _read(contents: Sequence[bytes], dimensions: int) -> list[Vectors | None]:
    """The vectors of rows of the table, None where they cannot be what an encoder made."""
    size = 2 * dimensions * STORED.itemsize
    whole = [len(content) == size for content in contents]
    joined = b"".join(content if fits else bytes(size) for content, fits in zip(contents, whole, strict=True))
    vectors = np.frombuffer(joined, dtype=STORED).reshape(-1, 2, dimensions).astype(np.float32, copy=False)
    lengths = np.linalg.norm(vectors, axis=2)  # not a number, or infinite, where any of them is
    good = np.all((lengths == 0) | (np.abs(lengths - 1) < 0.01), axis=1) & np.array(whole, dtype=np.bool_)
    return [each if fits else None for each, fits in zip(vectors, good.tolist(), strict=True)]
