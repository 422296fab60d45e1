"""What the three pages break down further, against a count of every row in Python, for filters drawn by chance."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.engagements.models import Contract, ContractCredit, Engagement, Outcome
from apps.matching.models import Proposal
from apps.needs.models import Need, NeedState
from apps.stats.dashboard.distribution import OF_BROKERS, OF_INSTITUTIONS, Row, distribution
from apps.stats.dashboard.fit import MOST_TAGS, Gap, gaps
from apps.stats.dashboard.numbers import Totals
from apps.stats.dashboard.response import response
from apps.stats.questions import Terms
from apps.stats.stocks import stocks_refresh
from apps.taxonomy.models import Term
from tests.stats.conftest import Chance
from tests.stats.counting import Census, Wanted
from tests.stats.test_figures import some_question

ROUNDS = 12
MODELS: dict[str, Any] = {
    "engagements": Engagement,
    "delivered": Engagement,
    "contract_yuan": Contract,
    "outcomes": Outcome,
    "declines": Proposal,
}
WEEK = timedelta(days=7)


def case_of(row: Any) -> Engagement:
    return row if isinstance(row, Engagement) else row.engagement


def grouped(key: str, census: Census, wanted: Wanted, group: Callable[[Any], Any]) -> dict[Any, int]:
    """Rows of a figure by what `group` says of them: how many, or their money in fen."""
    found: dict[Any, int] = defaultdict(int)
    for row in MODELS[key].objects.filter(pk__in=census.counted(key, wanted)):
        found[group(row)] += int(row.amount_yuan * 100) if key.endswith("_yuan") else 1
    return found


def shown(rows: Iterable[Row], place: int) -> dict[str, int]:
    return {row.label: row.cells[place].number for row in rows if row.cells[place].number}


def middle(waits: list[timedelta]) -> timedelta:
    return (waits[(len(waits) - 1) // 2] + waits[len(waits) // 2]) / 2


def test_how_soon_needs_are_answered(city: Chance) -> None:
    terms, census = Terms(), Census()
    answered_ones = 0
    for _ in range(ROUNDS):
        question, wanted = some_question(city, terms)
        found = response(question)
        needs = Need.objects.in_bulk(census.counted("needs", wanted)).values()
        waits = sorted(n.first_replied_at - n.published_at for n in needs if n.published_at and n.first_replied_at)
        due = [n for n in needs if n.first_replied_at or (n.published_at and timezone.now() - n.published_at >= WEEK)]
        answered_ones += len(waits)
        assert (found.published, found.due, found.answered) == (len(needs), len(due), len(waits))
        assert found.in_week == sum(wait <= WEEK for wait in waits)
        assert found.median_time == (middle(waits) if waits else None)
        assert found.fastest == (waits[0] if waits else None)
    assert answered_ones


def test_why_people_say_no(city: Chance) -> None:
    terms, census = Terms(), Census()
    for _ in range(ROUNDS):
        question, wanted = some_question(city, terms)
        found = {part.label: part.number for part in Totals(question, ("declines",)).parts("declines") if part.number}
        assert found == grouped("declines", census, wanted, lambda pair: str(pair.decline_reason))


def test_institutions_their_kinds_and_brokers(city: Chance, broker: User, administrator: User) -> None:
    for contract in Contract.objects.all():
        signed = {"confirmed_at": clock.now(), "confirmed_by": administrator} if city.random.random() < 0.5 else {}
        credit: dict[str, Any] = {"percent": Decimal(40), "proposed_by": administrator, "proposed_at": clock.now()}
        ContractCredit.objects.create(contract=contract, broker=broker, **credit, **signed)
    terms, census = Terms(), Census()
    for _ in range(ROUNDS):
        question, wanted = some_question(city, terms)
        found = distribution(question)
        for place, key in enumerate(OF_INSTITUTIONS):
            owners = grouped(key, census, wanted, lambda row: case_of(row).proposal.capability.organisation)
            assert shown(found.institutions.rows, place) == {str(owner): number for owner, number in owners.items()}
            assert shown(found.kinds.rows, place) == ({"高校": sum(owners.values())} if owners else {})
        for place, key in enumerate(OF_BROKERS):
            people = grouped(key, census, wanted, lambda row: case_of(row).broker)
            assert shown(found.brokers.rows, place) == {str(p): number for p, number in people.items() if p}
        shares = ContractCredit.objects.filter(contract__in=census.counted("contracts", wanted))
        earned = [credit.amount_yuan for credit in shares if credit.confirmed_at]
        assert sum(row.credit_yuan or 0 for row in found.brokers.rows) == (sum(earned) if found.brokers.rows else 0)


def test_where_demand_and_supply_miss_each_other(city: Chance) -> None:
    tags = list(Term.objects.filter(vocabulary="tag")[:5])
    for need in Need.objects.all():
        need.tags.set(city.random.sample(tags, 2))
    for capability in Capability.objects.all():
        capability.tags.set(city.random.sample(tags, 1))
    stocks_refresh()
    check_gaps(city)
    Need.objects.filter(pk__in=Need.objects.values("pk")[:9]).update(state=NeedState.CLOSED)
    Capability.objects.filter(pk__in=Capability.objects.values("pk")[:9]).update(state=CapabilityState.DRAFT)
    stocks_refresh()
    check_gaps(city)


def check_gaps(city: Chance) -> None:
    needs = list(Need.objects.open().select_related("organisation", "industry_chain").prefetch_related("tags"))
    offers = list(Capability.objects.open().prefetch_related("tags", "industries"))
    assert needs
    assert offers
    terms = Terms()
    for _ in range(ROUNDS):
        question, wanted = some_question(city, terms)
        asked = [n for n in needs if not wanted.districts or n.organisation.district_id in wanted.districts]
        chains, tags = gaps(question)
        for gap in chains:
            assert counts(gap) == (
                sum(below(need.industry_chain, gap.term) for need in asked),
                sum(any(below(term, gap.term) for term in offer.industries.all()) for offer in offers),
            ), gap.term
        wanting = {tag for need in asked for tag in need.tags.all()}
        assert {gap.term for gap in tags} == wanting or len(wanting) > MOST_TAGS
        for gap in tags:
            expected = [sum(gap.term in row.tags.all() for row in rows) for rows in (asked, offers)]
            assert counts(gap) == tuple(expected)


def counts(gap: Gap) -> tuple[int, int]:
    return gap.needs, gap.capabilities


def below(term: Term | None, chain: Term) -> bool:
    return term is not None and chain.pk in (term.pk, term.parent_id)
