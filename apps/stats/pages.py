"""Pages of rows behind a number, however many there are: DayCount tells on which days a page's rows lie."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Sum

from apps.stats.figures import Figure
from apps.stats.models import CountedRow, DayCount
from apps.stats.questions import Question

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class RowSequence:
    """What a paginator asks of a list: its length, and slices of it, newest first."""

    figure: Figure
    question: Question
    days: list[tuple[date, int]]
    """Days that have rows, the latest first, each with how many."""

    def __len__(self) -> int:
        return sum(number for _day, number in self.days)

    def __getitem__(self, wanted: slice) -> list[Any]:
        start, stop = wanted.start or 0, wanted.stop
        before, days, skipped = 0, [], None
        for day, number in self.days:
            if before < stop and before + number > start:
                skipped = start - before if skipped is None else skipped
                days.append(day)
            before += number
        if not days:
            return []
        rows = CountedRow.objects.filter(
            self.question.narrowed.of_counted_rows(), figure=self.figure.key, day__in=days
        ).order_by("-at", "-object_id")
        first = skipped or 0
        pks = list(rows.values_list("object_id", flat=True)[first : first + stop - start])
        there = {row.pk: row for row in self.figure.counted().filter(pk__in=pks)}
        return [there[pk] for pk in pks if pk in there]


def rows_behind(figure: Figure, question: Question) -> "tuple[Paginator[Any], int]":
    """The rows as pages, and the money they make up, in fen."""
    narrowed, within = question.narrowed, question.period.days("day")
    if narrowed.is_counted_by_day:
        counts = DayCount.objects.filter(within, figure=figure.key, **narrowed.of_counts())
        found = counts.values("day").annotate(rows=Sum("number"), amount=Sum("amount_fen"))
        grouped = list(found.order_by("-day").values_list("day", "rows", "amount"))
    else:
        rows = CountedRow.objects.filter(within, narrowed.of_counted_rows(), figure=figure.key)
        by_day = rows.values("day").annotate(rows=Count("pk"), amount=Sum("amount_fen"))
        grouped = list(by_day.order_by("-day").values_list("day", "rows", "amount"))
    days = [(day, number) for day, number, _amount in grouped]
    sequence: Any = RowSequence(figure, question, days)
    return Paginator(sequence, PAGE_SIZE), sum(amount for _day, _number, amount in grouped)
