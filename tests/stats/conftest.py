"""A small history of the city, made with chance: every figure has rows inside and outside of any period and filter."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import CloudCentre, Organisation, OrganisationKind, OrganisationState, User
from apps.core import clock
from apps.engagements.models import Contract, Engagement, EngagementState, Instalment, Outcome, OutcomeState
from apps.matching.models import Proposal, ProposalState, Side
from apps.needs.models import Need
from apps.stats.refreshing import refresh_figures
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_organisation, make_proposal

DAYS = 400


class Chance:
    """Moments of the last 400 days, also the first and the last of a day; and terms, or none."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.terms = {
            vocabulary: list(Term.objects.filter(vocabulary=vocabulary))
            for vocabulary in ("district", "industry_chain", "enterprise_tier", "outcome_type", "decline_reason")
        }

    def moment(self) -> datetime:
        day = clock.today() - timedelta(days=self.random.randrange(DAYS))
        of_day = self.random.choice([time(), time(0, 0, 1), time(7, 59), time(8, 1), time(23, 59, 59)])
        return min(timezone.make_aware(datetime.combine(day, of_day)), clock.now())

    def maybe(self) -> datetime | None:
        return self.moment() if self.random.random() < 0.5 else None

    def day(self) -> date:
        return timezone.localtime(self.moment()).date()

    def some(self, vocabulary: str, most: int = 4) -> Term:
        """One of the first few, so that filters meet."""
        return self.random.choice(self.terms[vocabulary][:most])

    def chain(self) -> Term:
        """A greater one or one below it."""
        heads = [term for term in self.terms["industry_chain"] if term.parent_id is None][6:9]
        head = self.random.choice(heads)
        below = [term for term in self.terms["industry_chain"] if term.parent_id == head.pk]
        return self.random.choice([head, *below[:2]])

    def yuan(self) -> Decimal:
        return Decimal(self.random.randrange(1, 10_000_000)) / 100

    def organisation(self, name: str, kind: OrganisationKind) -> Organisation:
        made = make_organisation(
            name,
            kind,
            district=self.some("district") if self.random.random() < 0.8 else None,
            state=self.random.choice([OrganisationState.VERIFIED, OrganisationState.PENDING]),
            verified_at=self.moment(),
        )
        Organisation.objects.filter(pk=made.pk).update(created_at=self.moment())
        made.tiers.set({self.some("enterprise_tier") for _ in range(self.random.randrange(3))})
        return made


def answer(chance: Chance, proposal: Proposal) -> None:
    """A history of one pair, as the services would have left it."""
    fields: dict[str, Any] = {"need_viewed_at": chance.maybe(), "capability_viewed_at": chance.maybe()}
    if fields["need_viewed_at"]:
        fields["need_viewed_rank"] = chance.random.choice([None, 1, 2, 5, 6])
    roll = chance.random.random()
    if roll < 0.3:
        fields |= {
            "state": ProposalState.DECLINED,
            "declined_at": chance.moment(),
            "declined_side": Side.NEED,
            "decline_reason": chance.some("decline_reason"),
            "capability_accepted_at": chance.maybe(),
        }
    elif roll < 0.5:
        fields |= {"state": ProposalState.INTERESTED, "need_accepted_at": chance.moment()}
    Proposal.objects.filter(pk=proposal.pk).update(**fields, updated_at=timezone.now())


def carry_out(chance: Chance, engagement: Engagement, by: User) -> None:
    """A contract with payments, and outcomes in every state."""
    if chance.random.random() < 0.7:
        amount = chance.yuan()
        contract = Contract.objects.create(
            engagement=engagement,
            contract_type=chance.random.choice(list(Term.objects.filter(vocabulary="contract_type"))),
            title="轧辊激光熔覆工艺开发",
            client_name="甲",
            provider_name="乙",
            signed_on=chance.day(),
            amount_yuan=amount,
            technology_amount_yuan=chance.random.choice([None, amount, Decimal("0.01")]),
            recorded_by=by,
        )
        for _ in range(chance.random.randrange(3)):
            came: dict[str, Any] = {"received_on": chance.day(), "received_yuan": chance.yuan(), "received_by": by}
            received = came if chance.random.random() < 0.7 else {}
            Instalment.objects.create(
                contract=contract, planned_on=clock.today(), planned_yuan=chance.yuan() + 1, **received
            )
    for state in OutcomeState.values:
        Outcome.objects.create(
            engagement=engagement,
            outcome_type=chance.random.choice(chance.terms["outcome_type"]),
            state=state,
            description="轧辊寿命提高。",
            occurred_on=clock.today(),
            reported_by=by,
            reported_side=Side.NEED,
            reported_at=chance.moment(),
            new_sales_yuan=chance.random.choice([None, chance.yuan()]),
            cost_saved_yuan=chance.random.choice([None, chance.yuan()]),
            decided_by=None if state == OutcomeState.REPORTED else by,
            confirmed_at=chance.moment() if state == OutcomeState.CONFIRMED else None,
            rejection_reason="数据不对" if state == OutcomeState.REJECTED else "",
        )


def add_pair(chance: Chance, number: int, by: User, broker: User | None = None) -> Proposal:
    owners = list(Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE))
    suppliers = list(Organisation.objects.filter(kind=OrganisationKind.UNIVERSITY))
    published = chance.moment()
    need = make_need(
        title=f"需求{number}",
        organisation=chance.random.choice(owners),
        industry_chain=chance.chain(),
        published_at=published,
        first_replied_at=chance.random.choice([None, published + timedelta(days=chance.random.randrange(14))]),
    )
    capability = make_capability(organisation=chance.random.choice(suppliers), published_at=chance.moment())
    capability.industries.set({chance.chain(), chance.chain()})
    proposal = make_proposal(need=need, capability=capability)
    for other in Need.objects.exclude(pk=need.pk).order_by("-pk")[:2]:
        answer(chance, make_proposal(need=other, capability=capability))
    if number % 2:
        answer(chance, proposal)
        return proposal
    state = chance.random.choice([EngagementState.DELIVERED, EngagementState.SOLUTION])
    engagement = make_engagement(
        proposal=proposal,
        opened_at=chance.moment(),
        state=state,
        state_since=chance.moment(),
        broker=chance.random.choice([None, broker]),
    )
    yes = {"need_accepted_at": chance.moment(), "capability_accepted_at": chance.moment()}
    Proposal.objects.filter(pk=proposal.pk).update(need_viewed_at=chance.moment(), need_viewed_rank=1, **yes)
    carry_out(chance, engagement, by)
    return proposal


@pytest.fixture
def city(taxonomy: None, administrator: User, broker: User) -> Chance:
    chance = Chance(20261122)
    for number in range(12):
        made = chance.organisation(f"青岛第{number}机械有限公司", OrganisationKind.ENTERPRISE)
        if number % 2:
            centre = CloudCentre.objects.create(
                organisation=made, opened_at=chance.moment(), industry_chain=chance.chain(), products="轧辊"
            )
            assert centre.pk
    for number in range(4):
        chance.organisation(f"胶州湾第{number}大学", OrganisationKind.UNIVERSITY)
    for number in range(24):
        add_pair(chance, number, administrator, broker)
    assert refresh_figures()
    return chance
