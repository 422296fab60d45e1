"""Several numbers of one page, asked of the database at once."""

from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Value

type Rows = QuerySet[Any, Any]


def counts_of(**lists: Rows) -> dict[str, int]:
    """How many rows each list has, by one query, whatever tables they come from; {} for no lists."""
    parts = [_count(number, rows) for number, rows in enumerate(lists.values())]
    if not parts:
        return {}
    first, *others = parts
    found = dict((first.union(*others, all=True) if others else first).order_by())
    return {name: found.get(number, 0) for number, name in enumerate(lists)}


def _count(number: int, rows: Rows) -> Rows:
    """One row, with the number of the list before its length. A list that names rows twice is counted by its keys."""
    query = rows.query
    if query.distinct or query.combinator or query.is_sliced or query.group_by:
        rows = rows.model._default_manager.filter(pk__in=rows.values("pk"))
    plain: Rows = rows.order_by().values(list_number=Value(number, output_field=IntegerField()))
    counted: Rows = plain.annotate(list_length=Count("pk")).values_list("list_number", "list_length")
    return counted
