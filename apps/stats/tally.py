"""Counting counted rows by day: once for each choice of the filters under which somebody may ask for them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import product

from django.db import transaction
from django.db.models import Count, Sum

from apps.stats.models import CountedRow, DayCount, DirtyDay
from apps.stats.slices import ALL

DAYS_AT_ONCE = 31

type Cell = tuple[date, int, int, int, int]


def count_dirty_days(limit: int) -> bool:
    """Make up to about `limit` days anew; True where none is left."""
    for _round in range(max(1, limit // DAYS_AT_ONCE)):
        first = DirtyDay.objects.order_by("figure", "day").values_list("figure", flat=True).first()
        if first is None:
            return True
        _count_some(first)
    return not DirtyDay.objects.exists()


@transaction.atomic
def _count_some(figure: str) -> None:
    dirty = DirtyDay.objects.select_for_update().filter(figure=figure).order_by("day")[:DAYS_AT_ONCE]
    marks = list(dirty.values_list("pk", "day"))
    days = [day for _pk, day in marks]
    DayCount.objects.filter(figure=figure, day__in=days).delete()
    DayCount.objects.bulk_create(counts_of(figure, days), batch_size=2000)
    DirtyDay.objects.filter(pk__in=[pk for pk, _day in marks]).delete()


def counts_of(figure: str, days: Sequence[date]) -> list[DayCount]:
    """A row for every choice of district, chain, tier and part (0: all) under which something is counted."""
    cells: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    rows = CountedRow.objects.filter(figure=figure, day__in=days).order_by()
    columns = ("day", "district_id", "chains", "tiers", "part_id")
    for day, district, chains, tiers, part, number, amount in rows.values_list(*columns).annotate(
        number=Count("pk"), amount=Sum("amount_fen")
    ):
        choices = product(_with_all(district), _with_all(*_terms(chains)), _with_all(*_terms(tiers)), _with_all(part))
        for choice in choices:
            cell = cells[day, *choice]
            cell[0] += number
            cell[1] += amount
    return [
        DayCount(
            figure=figure,
            day=day,
            district_id=district,
            chain_id=chain,
            tier_id=tier,
            part_id=part,
            number=number,
            amount_fen=amount,
        )
        for (day, district, chain, tier, part), (number, amount) in cells.items()
    ]


def _with_all(*terms: int) -> tuple[int, ...]:
    return (ALL, *(term for term in terms if term))


def _terms(listed: str) -> list[int]:
    return [int(term) for term in listed.split(",") if term]
