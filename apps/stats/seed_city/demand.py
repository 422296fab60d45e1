"""What companies need, published over the years. Planned first: how a need ended is known once its cases are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.accounts.disclosure import Disclosure
from apps.needs.models import DEFAULT_VALIDITY, BudgetBand, Need, NeedIndicator, NeedState
from apps.stats.seed_city.companies import Company
from apps.stats.seed_city.days import year_of
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.need_texts import NeedText, need_text
from apps.stats.seed_city.sizes import YearFigures
from apps.stats.seed_city.terms import Terms
from apps.stats.seed_city.trades import Subject
from apps.stats.seed_city.words import Figure, Words
from apps.stats.seed_city.writing import Writer, term_links
from apps.taxonomy.models import Vocabulary

NEED_TYPES = {
    "product_upgrade": 25,
    "process_change": 36,
    "line_change": 22,
    "new_product": 9,
    "testing": 6,
    "talent": 2,
}
DISCLOSURES = {
    Disclosure.PUBLIC_ANONYMOUS: 48,
    Disclosure.PUBLIC_NAMED: 32,
    Disclosure.MEMBERS: 14,
    Disclosure.BROKERS: 6,
}
BUDGETS = {
    BudgetBand.NEGOTIABLE: 26,
    BudgetBand.UNDER_10: 16,
    BudgetBand.FROM_10: 30,
    BudgetBand.FROM_50: 15,
    BudgetBand.FROM_100: 11,
    BudgetBand.OVER_500: 2,
}
MODES = ("entrusted", "joint", "service", "consulting", "licence", "try_first")
IP_TERMS = {"need_side": 34, "shared": 38, "supply_side": 6, "to_agree": 22}
MONTHS = (None, 3, 6, 6, 9, 12, 12, 18)
ANOTHER_SUBJECT_SHARE = 0.2
LAST_DAYS_LEFT = 4
"""Of the year, in which no need is published: its list is still looked at within the year."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a need stands today."""

    state: NeedState
    valid_until: date
    confirmed_at: datetime
    closed_at: datetime | None = None


@dataclass(slots=True)
class Posting:
    """A need, planned or written, with what pairs, reasons and cases ask of it."""

    pk: int
    title: str
    words: Words
    text: NeedText
    need_type: str
    company: Company
    published_at: datetime
    tags: tuple[str, ...]
    fields: tuple[int, ...]
    modes: tuple[str, ...]
    budget: BudgetBand
    months: int | None
    ending: Ending
    first_replied_at: datetime | None = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        return self.text.figures


class Demand:
    def __init__(self, *, seed: int, companies: list[Company], subjects: list[Subject], terms: Terms) -> None:
        self.lots = Lots.of(seed, "demand")
        self.companies, self.terms = companies, terms
        self.by_trade: dict[str, list[Subject]] = {}
        for subject in subjects:
            self.by_trade.setdefault(subject.trade, []).append(subject)

    def plan(self, figures: YearFigures) -> list[Posting]:
        """The needs of one year, in the order of their publication."""
        year = year_of(figures.year)
        last = year.days[-1 - LAST_DAYS_LEFT]
        moments = sorted(year.moment(self.lots, last=last) for _number in range(figures.needs))
        return [self._posting(moment) for moment in moments]

    def write(self, postings: list[Posting], writer: Writer) -> None:
        rows = (self._row(posting) for posting in postings)
        written = writer.add(Need, rows, created="submitted_at", shown=True)
        for posting, row in zip(postings, written, strict=True):
            posting.pk = row.pk
        writer.add_all(NeedIndicator, _indicators(postings))
        writer.link(Need.tech_fields, term_links((each.pk, each.fields) for each in postings))
        writer.link(Need.tags, term_links((each.pk, self._terms(Vocabulary.TAG, each.tags)) for each in postings))
        modes = ((each.pk, self._terms(Vocabulary.COOPERATION_MODE, each.modes)) for each in postings)
        writer.link(Need.cooperation_modes, term_links(modes))

    def _posting(self, published_at: datetime) -> Posting:
        lots = self.lots
        company = self._company(published_at)
        subject = company.subject
        if lots.chance(ANOTHER_SUBJECT_SHARE):
            subject = lots.choice(self.by_trade[subject.trade])
        words, need_type = Words.drawn(subject, lots), lots.one_of(NEED_TYPES)
        text = need_text(words, need_type, lots)
        return Posting(
            pk=0,
            title=text.title,
            words=words,
            text=text,
            need_type=need_type,
            company=company,
            published_at=published_at,
            tags=tuple(lots.some_of(subject.tags, 2, 5)),
            fields=self._terms(Vocabulary.TECH_FIELD, tuple(lots.some_of(subject.fields, 1, 2))),
            modes=tuple(lots.some_of(MODES, 1, 3)),
            budget=lots.one_of(BUDGETS),
            months=lots.choice(MONTHS),
            ending=Ending(NeedState.PUBLISHED, published_at.date() + DEFAULT_VALIDITY, published_at),
        )

    def _company(self, moment: datetime) -> Company:
        """One that has its centre by then, as long as there is any."""
        opened = [company for company in self.companies[:200] if company.since < moment]
        for _try in range(20):
            company = self.lots.choice(self.companies)
            if company.since < moment:
                return company
        return self.lots.choice(opened or self.companies)

    def _row(self, posting: Posting) -> Need:
        lots, text, ending = self.lots, posting.text, posting.ending
        now = lots.randint(2, 5)
        return Need(
            public_id=lots.public_id(),
            form_key=lots.form_key(),
            organisation_id=posting.company.pk,
            created_by_id=posting.company.person,
            contact_id=posting.company.person,
            state=ending.state,
            title=posting.title,
            need_type_id=self.terms.pk(Vocabulary.NEED_TYPE, posting.need_type),
            background=text.background,
            goal=text.goal,
            tried=text.tried,
            industry_chain_id=self.terms.pk(Vocabulary.INDUSTRY_CHAIN, posting.words.subject.chain),
            budget_band=posting.budget,
            expected_months=posting.months,
            trl_now=now,
            trl_target=min(9, now + lots.randint(2, 4)),
            ip_terms_id=self.terms.pk(Vocabulary.IP_TERMS, lots.one_of(IP_TERMS)),
            disclosure=lots.one_of(DISCLOSURES),
            submitted_at=posting.published_at - timedelta(hours=lots.randint(1, 46)),
            published_at=posting.published_at,
            first_replied_at=posting.first_replied_at,
            confirmed_at=ending.confirmed_at,
            valid_until=ending.valid_until,
            closed_at=ending.closed_at,
        )

    def _terms(self, vocabulary: Vocabulary, codes: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(self.terms.pk(vocabulary, code) for code in codes)


def _indicators(postings: list[Posting]) -> Iterator[NeedIndicator]:
    for posting in postings:
        for position, (figure, current) in enumerate(zip(posting.figures, posting.text.current, strict=True)):
            is_hard = position == 0
            yield NeedIndicator(
                need_id=posting.pk, position=position, current=current, is_hard=is_hard, **figure.columns()
            )
