"""Building the city: everything is drawn in memory, then written in one transaction, all of it or nothing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.core.models import AuditEntry
from apps.matching.index import changes
from apps.matching.models import RowKind
from apps.needs.models import ENDED_STATES, OPEN_STATES, Need
from apps.stats.demo_city.seed_files import SeedAccount, read_city
from apps.stats.seed_city.answers import plan_answers
from apps.stats.seed_city.case_plans import Case, plan_cases, plan_outcomes
from apps.stats.seed_city.cases import Cases
from apps.stats.seed_city.companies import Companies, Company
from apps.stats.seed_city.days import year_of
from apps.stats.seed_city.demand import Demand, Posting
from apps.stats.seed_city.directory import Directory, date_back
from apps.stats.seed_city.endings import plan_endings
from apps.stats.seed_city.follow_ups import FollowUps
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.pairs import Pair, Pairing
from apps.stats.seed_city.people import People
from apps.stats.seed_city.recommendations import write_recommendations
from apps.stats.seed_city.sizes import Sizes, sizes_at
from apps.stats.seed_city.suppliers import write_agencies, write_suppliers
from apps.stats.seed_city.supply import Offer, Supply
from apps.stats.seed_city.terms import Terms
from apps.stats.seed_city.trades import read_trades
from apps.stats.seed_city.writing import Writer, take_time

SEEDED = "city.seeded"
COMPANY_ACCOUNT, SUPPLIER_ACCOUNT = "qiye@example.com", "gaoxiao@example.com"


@dataclass(slots=True)
class Plan:
    """The years of the city, drawn and not yet written."""

    postings: list[Posting]
    pairs: list[Pair]
    cases: list[Case]


def former_seed() -> dict[str, Any] | None:
    """Seed and scale of the city that is in this database; None where none is."""
    mark = AuditEntry.objects.filter(action=SEEDED).order_by("id").first()
    return dict(mark.changes) if mark else None


def build_city(*, seed: int, scale: float, quiet: bool = False) -> list[SeedAccount]:
    """Writes the city; the accounts that people sign in with. The vocabularies must be loaded."""
    sizes = sizes_at(scale)
    writer = Writer(quiet=quiet, expected=sizes.rows)
    try:
        with transaction.atomic():
            take_time()
            accounts = _Builder(seed=seed, sizes=sizes, writer=writer).build(scale)
    finally:
        writer.close()
    with transaction.atomic():
        take_time()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # the next queries are planned for the rows there are now
    return accounts


class _Builder:
    def __init__(self, *, seed: int, sizes: Sizes, writer: Writer) -> None:
        self.seed, self.sizes, self.writer = seed, sizes, writer
        self.terms = Terms()
        trades = read_trades(settings.SEEDS_DIR / "large_city")
        self.words = {trade.name: trade.company_words for trade in trades}
        self.subjects = [subject for trade in trades for subject in trade.subjects]
        accounts = read_city(settings.SEEDS_DIR / "demo_city").accounts
        self.people = People(seed=seed, terms=self.terms, writer=writer, accounts=accounts)

    def build(self, scale: float) -> list[SeedAccount]:
        reviewer, administrator = self.people.platform()
        self._mark(administrator, scale)
        brokers = self._brokers()
        companies, offers = self._organisations(Directory(terms=self.terms, reviewer=reviewer))
        plan = self._plan(companies, offers)
        self._write(plan, brokers, reviewer, administrator)
        self._tell_readers()
        return self._sign_in(plan)

    def _mark(self, administrator: int, scale: float) -> None:
        """First of all, so that it stands before everything it explains."""
        self.writer.tell(User.objects.get(pk=administrator), SEEDED, {"seed": self.seed, "scale": scale})

    def _brokers(self) -> Mapping[int, list[int]]:
        """Who works in each district."""
        self.writer.step("技术经纪人")
        everywhere = self.people.brokers(self.sizes.brokers)
        found: dict[int, list[int]] = defaultdict(lambda: everywhere)
        for district, broker in User.districts.through.objects.values_list("term_id", "user_id").order_by("id"):
            found.setdefault(district, []).append(broker)
        return found

    def _organisations(self, directory: Directory) -> tuple[list[Company], list[Offer]]:
        same: dict[str, Any] = {"seed": self.seed, "sizes": self.sizes}
        self.writer.step("高校院所")
        same_hands: dict[str, Any] = {"directory": directory, "people": self.people, "writer": self.writer}
        suppliers = write_suppliers(**same, **same_hands)
        write_agencies(**same, **same_hands)
        self.writer.step("企业")
        city = Companies(**same, words=self.words, subjects=self.subjects, terms=self.terms)
        rows = city.write(directory, self.writer)
        self.writer.step("云上研发中心")
        companies = city.open_centres(rows, self.people, self.writer)
        date_back()
        self.people.date_back()
        self.writer.step("创新资源")
        supply = Supply(**same, subjects=self.subjects, suppliers=suppliers, terms=self.terms)
        return companies, supply.write(self.writer)

    def _plan(self, companies: list[Company], offers: list[Offer]) -> Plan:
        self.writer.step("排演三年")
        demand = Demand(seed=self.seed, companies=companies, subjects=self.subjects, terms=self.terms)
        pairing = Pairing(seed=self.seed, offers=offers, terms=self.terms)
        lots = Lots.of(self.seed, "years")
        plan = Plan([], [], [])
        for figures in self.sizes.years:
            year = year_of(figures.year)
            postings = demand.plan(figures)
            pairs = pairing.plan(postings, figures.recommendations)
            agreed = plan_answers(pairs, figures.engagements, year, lots)
            plan.cases += plan_cases(agreed, lots)
            plan_outcomes(plan.cases, figures, year, lots)
            plan.postings += postings
            plan.pairs += pairs
        plan_endings(plan.postings, plan.cases, lots)
        self.demand = demand
        return plan

    def _write(self, plan: Plan, brokers: Mapping[int, list[int]], reviewer: int, administrator: int) -> None:
        self.writer.step("技术需求")
        self.demand.write(plan.postings, self.writer)
        self.writer.step("推荐")
        lots = Lots.of(self.seed, "recommendations")
        write_recommendations(plan.pairs, terms=self.terms, writer=self.writer, lots=lots)
        self.writer.step("对接与成效")
        cases = Cases(
            seed=self.seed, brokers=brokers, administrator=administrator, terms=self.terms, writer=self.writer
        )
        cases.write(plan.cases)
        FollowUps(seed=self.seed, reviewer=reviewer, writer=self.writer).write()
        written = dict(self.writer.written)
        self.writer.tell(User.objects.get(pk=administrator), "city.rows_seeded", written)

    def _tell_readers(self) -> None:
        """Whoever keeps the texts in memory reads them anew."""
        changes.record(RowKind.CAPABILITY, Capability.objects.open().values_list("pk", flat=True))
        needs = Need.objects.filter(state__in=(*OPEN_STATES, *ENDED_STATES))
        changes.record(RowKind.NEED, needs.values_list("pk", flat=True))

    def _sign_in(self, plan: Plan) -> list[SeedAccount]:
        """The seeds' company and university accounts go to the sides of the case with the most to show."""
        best = max(plan.cases, key=lambda case: len(case.outcomes)).pair
        return self.people.give_passwords(
            {COMPANY_ACCOUNT: best.posting.company.person, SUPPLIER_ACCOUNT: best.offer.person}
        )
