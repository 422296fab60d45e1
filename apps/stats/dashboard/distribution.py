"""The second page: where things happen, and through whom."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value

from apps.accounts.models import Organisation, OrganisationKind, User
from apps.engagements.models import ContractCredit
from apps.stats.dashboard.numbers import Part, in_proportion, value_of
from apps.stats.figures import FIGURES, Figure
from apps.stats.models import CountedRow, DayCount
from apps.stats.questions import Question
from apps.stats.refreshing import figures_current_at
from apps.stats.slices import ALL
from apps.taxonomy.models import Term, Vocabulary

OF_PLACES = ("centres", "needs", "engagements", "contract_yuan", "outcomes")
OF_INSTITUTIONS = ("engagements", "contract_yuan", "outcomes")
OF_BROKERS = ("engagements", "delivered", "contract_yuan", "outcomes")
MOST_INSTITUTIONS = 15
MOST_BROKERS = 15


@dataclass(frozen=True, slots=True)
class Row:
    """`credit_yuan` is a broker's share of the contracts signed (None: says nothing); `credit_url` lists it."""

    label: str
    cells: list[Part]
    credit_yuan: Decimal | None = None
    credit_url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures side by side: the cells of a row stand in the order of `figures`."""

    name: str
    figures: list[Figure]
    rows: list[Row]

    @property
    def is_empty(self) -> bool:
        return not any(part.number for row in self.rows for part in row.cells)


@dataclass(frozen=True, slots=True)
class Line:
    """What a row is made of: its values by figure, and where the rows behind a figure of it are listed."""

    label: str
    values: Mapping[str, Any]
    url: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Distribution:
    current_at: datetime | None
    districts: Table
    chains: Table
    tiers: Table
    kinds: Table
    institutions: Table
    brokers: Table


def distribution(question: Question) -> Distribution:
    places = by_place(question)
    return Distribution(
        current_at=figures_current_at(),
        districts=places["district"],
        chains=places["chain"],
        tiers=places["tier"],
        kinds=kinds(question),
        institutions=institutions(question),
        brokers=brokers(question),
    )


def by_place(question: Question) -> dict[str, Table]:
    """Where the demand side is: by district, by chain and by tier, by one query."""
    terms = {
        "district": [t for t in question.terms.of(Vocabulary.DISTRICT) if t.pk in (question.districts or (t.pk,))],
        "chain": question.chains,
        "tier": [question.tier] if question.tier else question.terms.of(Vocabulary.ENTERPRISE_TIER),
    }
    found = _counts(question, terms)
    return {name: _of_terms(question, name, terms[name], found) for name in terms}


def _counts(question: Question, terms: dict[str, list[Term]]) -> dict[tuple[str, int, str], int]:
    """(breakdown, term, figure) → value, all in one query."""
    parts: list[QuerySet[Any, Any]] = []
    for name, offered in terms.items():
        conditions = question.narrowed.of_counts()
        conditions.pop("district_id__in" if name == "district" else f"{name}_id")
        conditions |= {f"{name}_id__in": [term.pk for term in offered], "figure__in": OF_PLACES}
        rows = DayCount.objects.filter(question.period.days("day"), **conditions).order_by()
        grouped = rows.annotate(breakdown=Value(name)).values("breakdown", f"{name}_id", "figure")
        parts.append(
            grouped.annotate(numbers=Sum("number"), amounts=Sum("amount_fen")).values_list(
                "breakdown", f"{name}_id", "figure", "numbers", "amounts"
            )
        )
    united = parts[0].union(*parts[1:], all=True)
    return {(name, term, key): value_of(key, number, amount) for name, term, key, number, amount in united}


def _of_terms(question: Question, name: str, terms: list[Term], found: dict[tuple[str, int, str], int]) -> Table:
    def url(code: str, key: str) -> str:
        return question.rows_url(key, None, **{name: code})

    counted = [(term, {key: found.get((name, term.pk, key), 0) for key in OF_PLACES}) for term in terms]
    lines = [
        Line(str(term), values, partial(url, term.code))
        for term, values in counted
        if term.is_active or any(values.values())
    ]
    return _table(name, OF_PLACES, lines)


def _table(name: str, keys: tuple[str, ...], lines: Sequence[Line]) -> Table:
    columns = [
        in_proportion(
            [(line.label, line.values[key] or 0, line.url(key)) for line in lines], is_money=bool(FIGURES[key].amount)
        )
        for key in keys
    ]
    rows = [Row(line.label, [column[place] for column in columns]) for place, line in enumerate(lines)]
    return Table(name, [FIGURES[key] for key in keys], rows)


def kinds(question: Question) -> Table:
    """Of the supply side: by what sort of institution it is, those that have something."""
    rows = CountedRow.objects.filter(question.period.days("day"), question.narrowed.of_counted_rows())
    rows = rows.filter(figure__in=OF_INSTITUTIONS, partner_id__gt=ALL).order_by()
    kind = Subquery(Organisation.objects.filter(pk=OuterRef("partner_id")).values("kind")[:1])
    known = rows.annotate(kind=kind).filter(kind__isnull=False)
    found: dict[str, dict[str, Any]] = {
        row["kind"]: dict(row) for row in known.values("kind").annotate(**_sums(OF_INSTITUTIONS))
    }
    lines = [
        Line(str(kind.label), found[kind], partial(question.rows_url, partner_kind=kind.value))
        for kind in OrganisationKind
        if kind in found
    ]
    return _table("institution-kind", OF_INSTITUTIONS, lines)


def institutions(question: Question, most: int | None = MOST_INSTITUTIONS) -> Table:
    """Of the supply side, those with the most outcomes first; `most` None: all."""
    rows = _of_people(question, "partner_id", OF_INSTITUTIONS, Organisation, ("name", "public_id"))[:most]
    lines = [Line(row["name"], row, partial(question.rows_url, partner=row["public_id"])) for row in rows]
    return _table("institution", OF_INSTITUTIONS, lines)


def brokers(question: Question, most: int | None = MOST_BROKERS) -> Table:
    """Whose cases they are now; `most` None: all."""
    rows = list(_of_people(question, "broker_id", OF_BROKERS, User, ("name",))[:most])
    lines = [Line(row["name"], row, partial(question.rows_url, broker=str(row["broker_id"]))) for row in rows]
    table = _table("broker", OF_BROKERS, lines)
    earned = _credits(question, [row["broker_id"] for row in rows])
    with_credits = [
        replace(
            shown,
            credit_yuan=earned[row["broker_id"]],
            credit_url=question.list_url("credits", broker=str(row["broker_id"])),
        )
        for shown, row in zip(table.rows, rows, strict=True)
    ]
    return replace(table, rows=with_credits)


def credits_in(question: Question) -> QuerySet[ContractCredit]:
    """Confirmed shares of the contracts signed in the period."""
    contracts = FIGURES["contracts"].rows(question.period, question.narrowed_places).order_by().values("pk")
    return ContractCredit.objects.confirmed().filter(contract__in=contracts).select_related("broker", "contract")


def _credits(question: Question, people: list[int]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = defaultdict(Decimal)
    for credit in credits_in(question).filter(broker__in=people):
        found[credit.broker_id] += credit.amount_yuan
    return found


def _sums(keys: tuple[str, ...]) -> dict[str, Any]:
    return {
        key: Sum("amount_fen", filter=Q(figure=key)) if FIGURES[key].amount else Count("pk", filter=Q(figure=key))
        for key in keys
    }


def _of_people(
    question: Question, column: str, keys: tuple[str, ...], model: Any, names: tuple[str, ...]
) -> QuerySet[Any, dict[str, Any]]:
    rows = CountedRow.objects.filter(question.period.days("day"), question.narrowed.of_counted_rows())
    rows = rows.filter(figure__in=keys, **{f"{column}__gt": ALL}).order_by()
    # Named before they are grouped: what a row says of itself depends on the column it is grouped by.
    told = {name: Subquery(model.objects.filter(pk=OuterRef(column)).values(name)[:1]) for name in names}
    known = rows.annotate(**told).filter(**{f"{names[0]}__isnull": False})
    grouped: QuerySet[Any, dict[str, Any]] = known.values(column, *names).annotate(**_sums(keys))
    return grouped.order_by("-outcomes", "-engagements", column)
