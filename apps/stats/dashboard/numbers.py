"""Numbers of figures: in a period, in the one before it, and by part."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Coalesce

from apps.stats.figures import FIGURES, Figure
from apps.stats.models import DayCount
from apps.stats.questions import Question
from apps.stats.slices import ALL


@dataclass(frozen=True, slots=True)
class Number:
    """A figure's number and the one of the period before; money is in fen."""

    figure: Figure
    value: int
    before: int
    url: str
    url_before: str

    @property
    def difference(self) -> int:
        return self.value - self.before

    @property
    def percent(self) -> float | None:
        """How much more than before; None where that was nothing."""
        return round(100 * self.difference / self.before, 1) if self.before else None

    @property
    def is_money(self) -> bool:
        return bool(self.figure.amount)


@dataclass(frozen=True, slots=True)
class Part:
    """One bar: `share` is its length in percent of the longest, `url` leads to its rows."""

    label: str
    number: int
    share: float
    url: str
    is_money: bool = False


class Totals:
    """The numbers of some figures, read at once."""

    def __init__(self, question: Question, keys: Collection[str]) -> None:
        self.question = question
        within = {"now": question.period.days("day"), "before": question.before.days("day")}
        conditions = question.narrowed.of_counts() | {"figure__in": list(keys)}
        conditions.pop("part_id")
        rows = DayCount.objects.filter(within["now"] | within["before"], **conditions).order_by()
        sums = {
            f"{column}_{when}": Coalesce(Sum(column, filter=days), 0)
            for column in ("number", "amount_fen")
            for when, days in within.items()
        }
        self._found: dict[tuple[str, int], dict[str, Any]] = {
            (row["figure"], row["part_id"]): dict(row) for row in rows.values("figure", "part_id").annotate(**sums)
        }

    def number(self, key: str) -> Number:
        figure = FIGURES[key]
        value, before = self._values(figure, ALL)
        earlier = self.question.rows_url(key, self.question.before)
        return Number(figure, value, before, self.question.rows_url(key), earlier)

    def count(self, key: str) -> int:
        """How many rows: of figures of money, too."""
        row = self._found.get((key, ALL))
        return int(row["number_now"]) if row else 0

    def parts(self, key: str, *, without: Collection[str] = ()) -> list[Part]:
        """A part for every term on offer and every retired one that occurs, in the order of the vocabulary."""
        figure, question = FIGURES[key], self.question
        known = [term for term in question.terms.of(figure.vocabulary) if term.code not in without]
        counts = {term.pk: self._values(figure, term.pk)[0] for term in known}
        terms = [term for term in known if term.is_active or counts[term.pk]]
        rows = [(str(term), counts[term.pk], question.rows_url(key, only=term.code)) for term in terms]
        return in_proportion(rows, is_money=bool(figure.amount))

    def _values(self, figure: Figure, part: int) -> tuple[int, int]:
        column = "amount_fen" if figure.amount else "number"
        row = self._found.get((figure.key, part))
        return (int(row[f"{column}_now"]), int(row[f"{column}_before"])) if row else (0, 0)


def in_proportion(rows: list[tuple[str, int, str]], *, is_money: bool = False) -> list[Part]:
    longest = max((count for _, count, _ in rows), default=0) or 1
    return [Part(label, count, round(100 * count / longest, 1), url, is_money) for label, count, url in rows]


def value_of(key: str, number: int, amount_fen: int) -> int:
    return amount_fen if FIGURES[key].amount else number
