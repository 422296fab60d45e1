"""Contracts as rows, with payments, milestones, and the brokers' shares in them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count

from apps.engagements.models import Contract, ContractCredit, Engagement, Instalment, Milestone
from apps.stats.seed_city.case_plans import Case
from apps.stats.seed_city.days import moment_of
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.terms import Terms
from apps.stats.seed_city.writing import Writer
from apps.taxonomy.models import Vocabulary

REGISTERED = 0.86
CONTRACT_TYPES = {
    "contract_development": 52,
    "contract_service": 26,
    "contract_consulting": 10,
    "contract_licence": 8,
    "contract_transfer": 4,
}
SPLITS = ((100,), (50, 50), (30, 70), (40, 30, 30), (30, 40, 30))
RECEIVED = 0.94
SMALLEST_CONTRACT, LARGEST_CONTRACT = 8_000, 6_000_000


class Contracts:
    """Writes the contracts of signed cases; `administrator` confirms the brokers' shares."""

    def __init__(self, *, seed: int, administrator: int, terms: Terms, writer: Writer) -> None:
        self.lots = Lots.of(seed, "contracts")
        self.administrator, self.terms, self.writer = administrator, terms, writer
        self._numbers = count(1)

    def write(self, pairs: Sequence[tuple[Case, Engagement]]) -> None:
        rows = (self._contract(case, row) for case, row in pairs)
        written = list(self.writer.add(Contract, rows))
        together = [(case, row, contract) for (case, row), contract in zip(pairs, written, strict=True)]
        self.writer.add_all(Instalment, (each for one in together for each in self._instalments(one[0], one[2])))
        self.writer.add_all(Milestone, (each for one in together for each in self._milestones(one[0], one[2])))
        credited = (self._credit(row.broker_id, contract) for _case, row, contract in together if row.broker_id)
        self.writer.add_all(ContractCredit, credited)

    def _contract(self, case: Case, row: Engagement) -> Contract:
        posting, offer, lots = case.pair.posting, case.pair.offer, self.lots
        assert case.signed_on is not None  # noqa: S101  (for the type checker: only signed cases are given)
        drawn = min(LARGEST_CONTRACT, max(SMALLEST_CONTRACT, lots.lognormvariate(12.1, 0.95)))
        amount = Decimal(round(drawn, -3))
        number = f"{case.signed_on.year}3702{next(self._numbers):08d}" if lots.chance(REGISTERED) else ""
        return Contract(
            public_id=lots.public_id(),
            engagement_id=row.pk,
            contract_type_id=self.terms.pk(Vocabulary.CONTRACT_TYPE, lots.one_of(CONTRACT_TYPES)),
            title=f"{posting.words.object}{posting.words.process}技术合同",
            registration_number=number,
            client_name=posting.company.name,
            provider_name=offer.supplier.name,
            signed_on=case.signed_on,
            starts_on=case.signed_on,
            ends_on=case.delivered_on,
            amount_yuan=amount,
            technology_amount_yuan=Decimal(round(amount * lots.randint(55, 100) / 100, -3)),
            recorded_by_id=posting.company.person,
        )

    def _instalments(self, case: Case, contract: Contract) -> Iterator[Instalment]:
        lots = self.lots
        parts = lots.choice(SPLITS)
        assert case.delivered_on is not None and contract.ends_on  # noqa: S101, PT018  (signed cases are delivered)
        days = (case.delivered_on - contract.signed_on).days
        for place, percent in enumerate(parts):
            planned_on = contract.signed_on + timedelta(days=10 + days * place // len(parts))
            planned = (contract.amount_yuan * percent / 100).quantize(Decimal("0.01"))
            row = Instalment(
                public_id=lots.public_id(), contract_id=contract.pk, planned_on=planned_on, planned_yuan=planned
            )
            if lots.chance(RECEIVED):
                row.received_on = planned_on + timedelta(days=lots.randint(0, 24))
                row.received_yuan, row.received_by_id = planned, case.pair.offer.person
            yield row

    def _milestones(self, case: Case, contract: Contract) -> Iterator[Milestone]:
        assert case.delivered_on is not None  # noqa: S101  (for the type checker: signed cases are delivered)
        middle = contract.signed_on + (case.delivered_on - contract.signed_on) / 2
        for title, day in (("样件验证", middle), ("批量验收", case.delivered_on)):
            accepted_at = moment_of(day, self.lots)
            yield Milestone(
                public_id=self.lots.public_id(),
                contract_id=contract.pk,
                title=title,
                due_on=day,
                need_accepted_at=accepted_at,
                need_accepted_by_id=case.pair.posting.company.person,
                capability_accepted_at=accepted_at,
                capability_accepted_by_id=case.pair.offer.person,
            )

    def _credit(self, broker: int, contract: Contract) -> ContractCredit:
        proposed_at = moment_of(contract.signed_on + timedelta(days=3), self.lots)
        is_confirmed = self.lots.chance(0.9)
        return ContractCredit(
            public_id=self.lots.public_id(),
            contract_id=contract.pk,
            broker_id=broker,
            percent=Decimal(self.lots.choice((100, 100, 80, 60))),
            proposed_by_id=broker,
            proposed_at=proposed_at,
            confirmed_at=proposed_at + timedelta(days=2) if is_confirmed else None,
            confirmed_by_id=self.administrator if is_confirmed else None,
        )
