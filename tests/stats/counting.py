"""The figures counted another way: row by row in Python, from what the rows say of themselves.

Nothing here is shared with the code that it checks but the models.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from apps.accounts.models import CloudCentre, Organisation
from apps.capabilities.models import Capability
from apps.engagements.models import Contract, Engagement, Instalment, Outcome
from apps.matching.models import Proposal
from apps.needs.models import Need
from apps.taxonomy.models import Term


@dataclass(frozen=True)
class Wanted:
    first: date
    last: date
    districts: tuple[int, ...] = ()
    chain: Term | None = None
    tier: Term | None = None


def earliest(*moments: datetime | None) -> datetime | None:
    return min(filter(None, moments), default=None)


def failed(outcome: Outcome) -> bool:
    return str(outcome.outcome_type) == "未达成"


def first_view_of_list(need: Need) -> datetime | None:
    return earliest(*(p.need_viewed_at for p in need.proposals.all() if p.need_viewed_rank is not None))


def accepted_within(need: Need, places: int) -> datetime | None:
    for proposal in need.proposals.all():
        if proposal.need_viewed_rank is not None and proposal.need_viewed_rank <= places and proposal.need_accepted_at:
            return first_view_of_list(need)
    return None


def companies() -> Iterable[Organisation]:
    return [
        organisation
        for organisation in Organisation.objects.select_related("cloud_centre__industry_chain")
        if organisation.kind == "enterprise"
    ]


def verified_at(organisation: Organisation) -> datetime | None:
    return organisation.verified_at if organisation.state == "verified" else None


def answered_in_week(need: Need) -> datetime | None:
    if need.published_at is None or need.first_replied_at is None:
        return None
    return need.published_at if need.first_replied_at - need.published_at <= timedelta(days=7) else None


def confirmed(outcome: Outcome) -> datetime | None:
    return None if outcome.state != "confirmed" or failed(outcome) else outcome.confirmed_at


def need_of(row: Any) -> Need:
    for name in ("contract", "engagement", "proposal", "need"):
        row = getattr(row, name, row)
    assert isinstance(row, Need)
    return row


def needs() -> Iterable[Need]:
    return Need.objects.select_related("organisation", "industry_chain").prefetch_related("proposals")


def capabilities() -> Iterable[Capability]:
    return Capability.objects.select_related("organisation").prefetch_related("industries")


def centres() -> Iterable[CloudCentre]:
    return CloudCentre.objects.select_related("organisation", "industry_chain")


def _with_need[Row: Model](rows: QuerySet[Row], path: str) -> QuerySet[Row]:
    return rows.select_related(f"{path}__organisation", f"{path}__industry_chain")


def proposals() -> Iterable[Proposal]:
    return _with_need(Proposal.objects.all(), "need")


def engagements() -> Iterable[Engagement]:
    return _with_need(Engagement.objects.all(), "proposal__need")


def contracts() -> Iterable[Contract]:
    return _with_need(Contract.objects.all(), "engagement__proposal__need")


def instalments() -> Iterable[Instalment]:
    return _with_need(Instalment.objects.all(), "contract__engagement__proposal__need")


def outcomes() -> Iterable[Outcome]:
    rows = Outcome.objects.select_related("outcome_type")
    return _with_need(rows, "engagement__proposal__need")


type Rows = Callable[[], Iterable[Any]]
type Moment = Callable[[Any], date | datetime | None]

# For each figure: all rows, the moment at which a row counts (None where it does not), and its money.
COUNTED: dict[str, tuple[Rows, Moment, Callable[[Any], Decimal]]] = {
    key: (rows, moment, money)
    for key, rows, moment, money in (
        ("registered", companies, lambda o: o.created_at, Decimal),
        ("verified", companies, verified_at, Decimal),
        ("technology_companies", companies, lambda o: verified_at(o) if o.tiers.exists() else None, Decimal),
        ("centres", centres, lambda c: c.opened_at, Decimal),
        ("needs", needs, lambda n: n.published_at, Decimal),
        ("answered", needs, lambda n: n.published_at if n.first_replied_at else None, Decimal),
        ("answered_in_week", needs, answered_in_week, Decimal),
        ("capabilities", capabilities, lambda c: c.published_at, Decimal),
        ("proposals", proposals, lambda p: earliest(p.need_viewed_at, p.capability_viewed_at), Decimal),
        (
            "acceptances",
            proposals,
            lambda p: earliest(p.need_accepted_at, p.capability_accepted_at),
            Decimal,
        ),
        ("engagements", engagements, lambda e: e.opened_at, Decimal),
        ("contracts", contracts, lambda c: c.signed_on, Decimal),
        ("delivered", engagements, lambda e: e.state_since if e.state == "delivered" else None, Decimal),
        ("outcomes", outcomes, confirmed, Decimal),
        ("not_achieved", outcomes, lambda o: o.confirmed_at if failed(o) else None, Decimal),
        ("declines", proposals, lambda p: p.declined_at if p.state == "declined" else None, Decimal),
        ("lists", needs, first_view_of_list, Decimal),
        ("first_accepted", needs, lambda n: accepted_within(n, 1), Decimal),
        ("five_accepted", needs, lambda n: accepted_within(n, 5), Decimal),
        ("contract_yuan", contracts, lambda c: c.signed_on, lambda c: c.amount_yuan),
        (
            "technology_yuan",
            contracts,
            lambda c: c.signed_on if c.technology_amount_yuan is not None else None,
            lambda c: c.technology_amount_yuan,
        ),
        ("received_yuan", instalments, lambda i: i.received_on, lambda i: i.received_yuan),
        (
            "new_sales_yuan",
            outcomes,
            lambda o: confirmed(o) if o.new_sales_yuan is not None else None,
            lambda o: o.new_sales_yuan,
        ),
        (
            "cost_saved_yuan",
            outcomes,
            lambda o: confirmed(o) if o.cost_saved_yuan is not None else None,
            lambda o: o.cost_saved_yuan,
        ),
    )
}


@dataclass(frozen=True)
class Record:
    """One row that counts: its key, day and money, and what it can be narrowed by."""

    pk: int
    day: date
    fen: int
    district: int | None
    tiers: frozenset[int]
    chains: frozenset[int]

    def fits(self, wanted: Wanted) -> bool:
        return (
            wanted.first <= self.day <= wanted.last
            and (not wanted.districts or self.district in wanted.districts)
            and (wanted.chain is None or wanted.chain.pk in self.chains)
            and (wanted.tier is None or wanted.tier.pk in self.tiers)
        )


class Census:
    """Every row of the city, looked at once."""

    def __init__(self) -> None:
        self._tiers: dict[int, frozenset[int]] = {}
        self._records = {key: [self._record(row, day, fen) for row, day, fen in _found(key)] for key in COUNTED}

    def counted(self, key: str, wanted: Wanted) -> set[int]:
        return {record.pk for record in self._records[key] if record.fits(wanted)}

    def money(self, key: str, wanted: Wanted) -> int:
        """In fen."""
        return sum(record.fen for record in self._records[key] if record.fits(wanted))

    def value(self, key: str, wanted: Wanted) -> int:
        """What the page shows: money of figures of money, else how many rows."""
        return self.money(key, wanted) if key.endswith("_yuan") else len(self.counted(key, wanted))

    def _record(self, row: Any, day: date, fen: int) -> Record:
        owner, chains = _owner_and_chains(row)
        if owner.pk not in self._tiers:
            self._tiers[owner.pk] = frozenset(tier.pk for tier in owner.tiers.all())
        named = {chain.pk for chain in chains} | {chain.parent_id for chain in chains if chain.parent_id}
        return Record(row.pk, day, fen, owner.district_id, self._tiers[owner.pk], frozenset(named))


def _found(key: str) -> Iterable[tuple[Any, date, int]]:
    rows, moment_of, money_of = COUNTED[key]
    for row in rows():
        moment = moment_of(row)
        if moment is None:
            continue
        day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
        yield row, day, int(money_of(row) * 100) if key.endswith("_yuan") else 0


def _owner_and_chains(row: Any) -> tuple[Organisation, list[Term]]:
    if isinstance(row, Organisation):
        return row, [row.cloud_centre.industry_chain] if hasattr(row, "cloud_centre") else []
    if isinstance(row, Capability):
        return row.organisation, list(row.industries.all())
    if isinstance(row, CloudCentre):
        return row.organisation, [row.industry_chain]
    need = need_of(row)
    return need.organisation, [need.industry_chain] if need.industry_chain else []
