"""What is read of rows' texts, once per version and method, and kept in the database: counted terms, and figures.

They live as vectors do: made when a worker reads a row that lacks them, and by `catch_up` for the rest. Cutting is the
slow part of an index: one that is built of kept terms cuts nothing. What is damaged is deleted and cut anew.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import F

from apps.capabilities.models import Capability
from apps.engine.counted import Counted, pack, unpack
from apps.engine.documents import Indicator
from apps.engine.offered_figures import READING
from apps.matching.documents import engine_counter
from apps.matching.fingerprints import Model, side_name
from apps.matching.made_once import LOOKED_UP_AT_ONCE, Keeping, among
from apps.matching.models import TextTokens
from apps.needs.models import Need

logger = logging.getLogger(__name__)
CUT_AT_ONCE = 1_000


class Kept(NamedTuple):
    """Rows, ascending; their terms, and the figures of their texts (`offered_figures`), in the same order."""

    pks: list[int]
    counted: Counted
    figures: list[tuple[Indicator, ...]]


def counted(model: Model, versions: Mapping[int, int]) -> Kept:
    """The terms of rows that are compared at all, given as row → version; what is not kept is cut now, and kept.

    A row that changes at this very moment is missing: it left a change, and will be read anew.
    """
    ensure(model, versions)
    rows = [row for row in _current(model, list(versions)) if row.version == versions[row.pk]]
    try:
        return Kept([row.pk for row in rows], unpack([row.data for row in rows]), [_figures(row) for row in rows])
    except ValueError:
        _forget_damaged(rows)
    return counted(model, versions)


def ensure(model: Model, pks: Iterable[int]) -> int:
    """Cut those of the rows whose terms are not kept as the present version and method have them; how many."""
    return _keeping().ensure(model, pks)


def missing(model: Model) -> Any:
    """Rows to be compared whose terms are not kept, oldest first."""
    return _keeping().missing(model)


def catch_up(most: int) -> int:
    """Cut at most `most` rows of each kind whose terms are not kept; how many were cut."""
    return sum(ensure(model, missing(model).values_list("pk", flat=True)[:most]) for model in (Need, Capability))


def method() -> str:
    """Names all that what is kept depends on, besides the row."""
    return f"{engine_counter().method}/{READING}"


def _keeping() -> Keeping:
    counter = engine_counter()
    return Keeping(
        table=TextTokens,
        method=("method", method()),
        unique=(),
        stamp="counted_at",
        at_once=CUT_AT_ONCE,
        is_news=False,  # whoever reads a row without them cuts it, and counts the same
        make=lambda documents: [
            {"data": data, "figures": [_as_json(each) for each in document.indicators if each.was_read]}
            for document, data in zip(documents, pack(counter.count(documents)), strict=True)
        ],
    )


class _Row(NamedTuple):
    pk: int
    version: int
    key: int
    data: bytes
    figures: list[Any]


def _current(model: Model, pks: Sequence[int]) -> list[_Row]:
    """What is kept of the rows' present versions, by row."""
    side = side_name(model)
    kept = _keeping().kept(model).filter(version=F(f"{side}__version"))
    columns = kept.values_list(f"{side}_id", "version", "pk", "data", "figures")
    wanted = frozenset(pks)
    found = (row for batch in batched(pks, LOOKED_UP_AT_ONCE) for row in columns.filter(among(f"{side}_id", batch)))
    rows = (_Row(pk, version, key, bytes(data), read) for pk, version, key, data, read in found if pk in wanted)
    return sorted(rows, key=attrgetter("pk"))


def _as_json(figure: Indicator) -> list[Any]:
    return [figure.name, figure.low, figure.high, figure.unit]


def _figures(row: _Row) -> tuple[Indicator, ...]:
    return tuple(Indicator(name, low, high, unit) for name, low, high, unit in row.figures)


def _forget_damaged(rows: Iterable[_Row]) -> None:
    damaged = [row.key for row in rows if not _is_whole(row.data)]
    if not damaged:
        raise RuntimeError("kept terms can be read one by one, but not together")
    logger.warning("The terms of %s texts are damaged; they are deleted and cut anew.", len(damaged))
    TextTokens.objects.filter(pk__in=damaged).delete()


def _is_whole(data: bytes) -> bool:
    try:
        return len(unpack([data])) == 1
    except ValueError:
        return False
