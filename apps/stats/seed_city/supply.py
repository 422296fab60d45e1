"""What the universities and institutes offer: results, experts, laboratories, instruments, pilot bases, teams."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.accounts.disclosure import Disclosure
from apps.capabilities.kinds import IpStatus
from apps.capabilities.models import Capability, CapabilityIndicator, CapabilityKind, CapabilityState
from apps.core import clock
from apps.stats.seed_city.days import year_of
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.offer_texts import OfferText, expert_text, facility_text, result_text
from apps.stats.seed_city.sizes import Sizes
from apps.stats.seed_city.suppliers import Supplier
from apps.stats.seed_city.terms import Terms
from apps.stats.seed_city.trades import Subject
from apps.stats.seed_city.words import Figure, Words
from apps.stats.seed_city.writing import Writer, term_links
from apps.taxonomy.models import Vocabulary

PUBLISHED_IN = {2019: 8, 2020: 36, 2021: 30, 2022: 20, 2023: 6}
STATES = {CapabilityState.PUBLISHED: 91, CapabilityState.STALE: 5, CapabilityState.ARCHIVED: 4}
DISCLOSURES = {Disclosure.PUBLIC_NAMED: 78, Disclosure.PUBLIC_ANONYMOUS: 10, Disclosure.MEMBERS: 12}
TRLS = {3: 6, 4: 16, 5: 20, 6: 22, 7: 18, 8: 13, 9: 5}
MODES = {
    CapabilityKind.EXPERT: ("consulting", "talent_sharing", "joint"),
    CapabilityKind.LABORATORY: ("testing_pilot", "joint"),
    CapabilityKind.INSTRUMENT: ("testing_pilot", "service"),
    CapabilityKind.PILOT_BASE: ("testing_pilot", "joint_platform"),
    CapabilityKind.SERVICE_TEAM: ("service", "entrusted", "consulting"),
}
TRADES_OF_A_SUPPLIER = 4
MOST_TRIES = 6


@dataclass(slots=True)
class Offer:
    """A written capability, with what pairs, reasons and cases ask of it."""

    pk: int
    kind: CapabilityKind
    title: str
    words: Words
    figures: tuple[Figure, ...]
    supplier: Supplier
    person: int
    published_at: datetime
    chains: tuple[int, ...]
    fields: tuple[int, ...]
    tags: tuple[str, ...]
    modes: tuple[str, ...]
    trl: int | None
    may_be_tried_first: bool
    is_granted: bool


class Supply:
    def __init__(
        self, *, seed: int, sizes: Sizes, subjects: list[Subject], suppliers: list[Supplier], terms: Terms
    ) -> None:
        self.lots = Lots.of(seed, "supply")
        self.subjects, self.terms = subjects, terms
        self.counts = {
            CapabilityKind.RESULT: sizes.results,
            CapabilityKind.EXPERT: sizes.experts,
            CapabilityKind.LABORATORY: sizes.laboratories,
            CapabilityKind.INSTRUMENT: sizes.instruments,
            CapabilityKind.PILOT_BASE: sizes.pilot_bases,
            CapabilityKind.SERVICE_TEAM: sizes.service_teams,
        }
        self.years = {year: year_of(year) for year in PUBLISHED_IN}
        self.suppliers = self._by_trade(suppliers)
        self._titles: set[str] = set()

    def write(self, writer: Writer) -> list[Offer]:
        waiting: deque[Offer] = deque()
        found: list[Offer] = []
        for row in writer.add(Capability, self._rows(waiting), created="submitted_at", shown=True):
            offer = waiting.popleft()
            offer.pk = row.pk
            found.append(offer)
        writer.step("资源的指标与标签")
        writer.add_all(CapabilityIndicator, _indicators(found))
        writer.link(Capability.industries, term_links((o.pk, o.chains) for o in found))
        writer.link(Capability.tech_fields, term_links((o.pk, o.fields) for o in found))
        writer.link(Capability.tags, term_links((o.pk, self._terms(Vocabulary.TAG, o.tags)) for o in found))
        modes = ((o.pk, self._terms(Vocabulary.COOPERATION_MODE, o.modes)) for o in found)
        writer.link(Capability.cooperation_modes, term_links(modes))
        return found

    def _rows(self, waiting: deque[Offer]) -> Iterator[Capability]:
        for kind, number in self.counts.items():
            for _number in range(number):
                text, words = self._text(kind)
                offer = self._offer(kind, text, words)
                waiting.append(offer)
                yield self._row(offer, text)

    def _text(self, kind: CapabilityKind) -> tuple[OfferText, Words]:
        """With a title of its own, unless chance is stubborn: one team's second work on a thing has the same."""
        lots = self.lots
        for _try in range(MOST_TRIES):
            words = Words.drawn(lots.choice(self.subjects), lots)
            if kind == CapabilityKind.RESULT:
                text = result_text(words, lots)
            elif kind == CapabilityKind.EXPERT:
                return expert_text(words, lots), words
            else:
                return facility_text(kind, words, lots), words
            if text.title not in self._titles:
                break
        self._titles.add(text.title)
        return text, words

    def _offer(self, kind: CapabilityKind, text: OfferText, words: Words) -> Offer:
        lots, subject = self.lots, words.subject
        supplier = lots.choice(self.suppliers[subject.trade])
        chains = (subject.chain, *([lots.choice(self.subjects).chain] if lots.chance(0.15) else []))
        return Offer(
            pk=0,
            kind=kind,
            title=text.title,
            words=words,
            figures=text.figures,
            supplier=supplier,
            person=lots.choice(supplier.people),
            published_at=self.years[lots.one_of(PUBLISHED_IN)].moment(lots),
            chains=self._terms(Vocabulary.INDUSTRY_CHAIN, chains),
            fields=self._terms(Vocabulary.TECH_FIELD, tuple(lots.some_of(subject.fields, 1, 2))),
            tags=tuple(lots.some_of(subject.tags, 2, 5)),
            modes=MODES[kind] if kind in MODES else tuple(text.details["transfer_modes"]),
            trl=lots.one_of(TRLS) if kind == CapabilityKind.RESULT else None,
            may_be_tried_first=bool(text.details.get("try_first")),
            is_granted=text.details.get("ip_status") == IpStatus.GRANTED,
        )

    def _row(self, offer: Offer, text: OfferText) -> Capability:
        lots = self.lots
        state = lots.one_of(STATES)
        return Capability(
            public_id=lots.public_id(),
            form_key=lots.form_key(),
            organisation_id=offer.supplier.pk,
            created_by_id=offer.person,
            contact_id=offer.person,
            kind=offer.kind,
            title=offer.title,
            value=text.value,
            description=text.description,
            district_id=offer.supplier.district,
            trl=offer.trl,
            details=text.details,
            disclosure=lots.one_of(DISCLOSURES),
            state=state,
            submitted_at=offer.published_at - timedelta(hours=lots.randint(2, 60)),
            published_at=offer.published_at,
            **_validity(state, offer, lots),
        )

    def _by_trade(self, suppliers: list[Supplier]) -> dict[str, list[Supplier]]:
        """Each works in some trades, each trade has somebody."""
        trades = list(dict.fromkeys(subject.trade for subject in self.subjects))
        found: dict[str, list[Supplier]] = {trade: [] for trade in trades}
        for number, supplier in enumerate(suppliers):
            drawn = self.lots.sample(trades, TRADES_OF_A_SUPPLIER)
            for trade in dict.fromkeys((trades[number % len(trades)], *drawn)):
                found[trade].append(supplier)
        return {trade: at_work or suppliers for trade, at_work in found.items()}

    def _terms(self, vocabulary: Vocabulary, codes: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(self.terms.pk(vocabulary, code) for code in codes)


def _validity(state: CapabilityState, offer: Offer, lots: Lots) -> dict[str, object]:
    """What is on offer was confirmed lately and lasts for a while from today; the rest ran out a year after it came."""
    if state == CapabilityState.PUBLISHED:
        confirmed_at = clock.now() - timedelta(days=lots.randint(5, 120))
        return {"valid_until": clock.today() + timedelta(days=lots.randint(60, 360)), "confirmed_at": confirmed_at}
    return {"valid_until": offer.published_at.date() + timedelta(days=365), "confirmed_at": offer.published_at}


def _indicators(offers: list[Offer]) -> Iterator[CapabilityIndicator]:
    for offer in offers:
        for position, figure in enumerate(offer.figures):
            yield CapabilityIndicator(capability_id=offer.pk, position=position, **figure.columns())
