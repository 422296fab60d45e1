"""Rows to batches of the engine: tags, figures, kept vectors and kept terms, without the texts.

A batch is read in a constant number of queries, as plain values: a city has a million capabilities, and making objects
of them all would take longer than indexing them. So the documents of a batch have no texts; what is to be shown of a
pair is read from its rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.accounts.disclosure import Disclosure
from apps.capabilities.models import Capability, CapabilityIndicator, CapabilityState
from apps.engine.documents import Document, Indicator
from apps.engine.index.batch import Batch
from apps.matching import vectors
from apps.matching.documents import document_id
from apps.matching.fingerprints import Model, side_name
from apps.matching.index import tokens
from apps.matching.made_once import among, compared
from apps.needs.models import OPEN_STATES, Need, NeedIndicator
from apps.taxonomy.models import Term

AT_ONCE = 5_000
DISCLOSURES = (Disclosure.PUBLIC_ANONYMOUS, Disclosure.PUBLIC_NAMED, Disclosure.MEMBERS, Disclosure.BROKERS)
"""The column "disclosure" holds places in this list. Indexes outlive a release: append, never reorder."""

_OPEN = {*OPEN_STATES, CapabilityState.PUBLISHED}

type Values = Mapping[str, Any]
type Many = Mapping[int, Sequence[Any]]
"""Several of something for each row that has any, and perhaps for its neighbours."""

_COLUMNS = ("pk", "version", "organisation_id", "organisation__district__code", "disclosure", "valid_until", "state")
_MORE: dict[Model, tuple[str, ...]] = {Need: ("industry_chain__code",), Capability: ("kind", "district__code")}
_TAGS = {Need: ("tech_fields", "tags"), Capability: ("industries", "tech_fields", "tags")}


def capability_batch(pks: Iterable[int]) -> Batch:
    """The capabilities among these that are open now, by key."""
    return _batch(Capability, pks)


def need_batch(pks: Iterable[int]) -> Batch:
    """The needs among these that are open now, or that ended unanswered lately (`is_open` False), by key."""
    return _batch(Need, pks)


def batches_of(model: Model, *, after: int = 0) -> Iterator[Batch]:
    """All rows that are compared with the other side, by key, some thousands at a time."""
    keys = compared(model).order_by("pk").values_list("pk", flat=True)
    while pks := list(keys.filter(pk__gt=after)[:AT_ONCE]):
        yield _batch(model, pks)
        after = pks[-1]


def _batch(model: Model, pks: Iterable[int]) -> Batch:
    wanted = frozenset(pks)
    found = compared(model).filter(among("pk", tuple(wanted))).values(*_COLUMNS, *_MORE[model])
    rows: dict[int, Values] = {row["pk"]: row for row in found if row["pk"] in wanted}
    versions = {pk: row["version"] for pk, row in rows.items()}
    kept = tokens.counted(model, versions)
    known = vectors.stored(model, {pk: versions[pk] for pk in kept.pks})
    codes = dict(Term.objects.values_list("pk", "code"))
    tags, figures = _terms(model, _TAGS[model], kept.pks, codes), _indicators(model, kept.pks)
    modes = _terms(model, ("cooperation_modes",), kept.pks, codes)
    documents = [
        Document(
            id=document_id(pk),
            title="",
            tags=(*_chain(rows[pk]), *tags.get(pk, ())),
            indicators=(*figures.get(pk, ()), *read),
            kind=rows[pk].get("kind", ""),
            vectors=known.get(pk),
        )
        for pk, read in zip(kept.pks, kept.figures, strict=True)
    ]
    chosen = [rows[pk] for pk in kept.pks]
    return Batch(documents, kept.counted, _columns(chosen), [_facets(row, modes.get(row["pk"], ())) for row in chosen])


def _columns(rows: Sequence[Values]) -> dict[str, NDArray[Any]]:
    def column(name: str, dtype: str) -> NDArray[Any]:
        return np.array([row[name] for row in rows], dtype=dtype)

    return {
        "id": column("pk", "int64"),
        "version": column("version", "int32"),
        "organisation": column("organisation_id", "int64"),
        "disclosure": np.array([DISCLOSURES.index(row["disclosure"]) for row in rows], np.uint8),
        "valid_until": np.array([row["valid_until"].toordinal() for row in rows], np.int32),
        "is_open": np.array([row["state"] in _OPEN for row in rows], np.bool_),
    }


def _facets(row: Values, modes: Sequence[str]) -> tuple[str, ...]:
    """What people filter by; a row without a district of its own is where its organisation is."""
    kind, district = row.get("kind"), row.get("district__code") or row["organisation__district__code"]
    named = (("kind", kind), *(("mode", mode) for mode in modes), ("district", district))
    return tuple(f"{name}:{value}" for name, value in named if value)


def _chain(row: Values) -> tuple[str, ...]:
    code = row.get("industry_chain__code")
    return (code,) if code else ()


def _terms(model: Model, fields: Sequence[str], pks: Sequence[int], codes: Mapping[int, str]) -> Many:
    """The codes of the terms that the rows bear in these fields."""
    side, found = side_name(model), defaultdict[int, list[str]](list)
    for field in fields:
        through = getattr(model, field).through.objects
        borne = through.filter(among(f"{side}_id", pks)).order_by().values_list(f"{side}_id", "term_id")
        for pk, term in borne:
            found[pk].append(codes[term])
    return found


def _indicators(model: Model, pks: Sequence[int]) -> Many:
    """What `documents` makes of the rows' indicators: all that a capability promises is hard."""
    side, found = side_name(model), defaultdict[int, list[Indicator]](list)
    table = NeedIndicator if model is Need else CapabilityIndicator
    columns = (f"{side}_id", "name", "low", "high", "unit", *(("is_hard",) if model is Need else ()))
    rows = table._default_manager.filter(among(f"{side}_id", pks)).order_by("position", "pk").values_list(*columns)
    for pk, *values in rows:
        found[pk].append(Indicator(*values))
    return found
