"""Reading a long list of rows in constant memory, on every database."""

from array import array
from collections.abc import Iterator
from itertools import batched
from typing import Any

from django.db.models import QuerySet

PIECE = 500


def in_pieces(rows: "QuerySet[Any]") -> Iterator[Any]:
    """The rows in their order: first the keys of all, eight bytes each, then the rows by their keys, a piece at a time.

    Only keys are sorted, and no query is open while a slow reader takes what was read. A row that was deleted in the
    meantime is left out.
    """
    if rows.query.is_sliced or rows.query.combinator:  # these cannot be asked for by their keys
        yield from rows.iterator(chunk_size=PIECE)
        return
    keys = array("q", rows.values_list("pk", flat=True).iterator(chunk_size=PIECE * 20))
    by_key = rows.order_by()
    by_key.query.clear_where()  # the keys say which: what narrowed them need not be asked again for each piece
    for piece in batched(keys, PIECE):
        found = by_key.in_bulk(piece)
        yield from (found[key] for key in piece if key in found)
