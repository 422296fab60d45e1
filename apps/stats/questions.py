"""A question about the city as an official asks it: of which time, districts, chain and tier; and its address."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.urls import reverse

from apps.accounts.models import Organisation, OrganisationKind, User
from apps.stats.periods import Period
from apps.stats.slices import ALL, Slice
from apps.taxonomy.models import Term, Vocabulary

NARROWING = (Vocabulary.DISTRICT, Vocabulary.INDUSTRY_CHAIN, Vocabulary.ENTERPRISE_TIER)
PARTS = (Vocabulary.OUTCOME_TYPE, Vocabulary.DECLINE_REASON, Vocabulary.CONTRACT_TYPE)
NOWHERE = -1


class Terms:
    """The vocabularies that statistics are narrowed and broken down by, read at once."""

    def __init__(self) -> None:
        self._rows = list(Term.objects.filter(vocabulary__in=(*NARROWING, *PARTS)).order_by("position", "id"))
        self.by_pk = {term.pk: term for term in self._rows}

    def of(self, vocabulary: str) -> list[Term]:
        return [term for term in self._rows if term.vocabulary == vocabulary]

    def named(self, vocabulary: str, code: str) -> Term | None:
        return next((term for term in self.of(vocabulary) if term.code == code), None)

    def children_of(self, chain: Term) -> list[Term]:
        return [term for term in self.of(Vocabulary.INDUSTRY_CHAIN) if term.parent_id == chain.pk]


@dataclass(frozen=True, slots=True)
class Question:
    """`allowed` are the districts that the asker may see: None for the whole city.

    `part`, `partner`, `partner_kind` and `broker` narrow only lists of rows.
    """

    period: Period
    terms: Terms = field(default_factory=Terms)
    allowed: tuple[int, ...] | None = None
    district: Term | None = None
    chain: Term | None = None
    tier: Term | None = None
    part: Term | None = None
    partner: Organisation | None = None
    partner_kind: str = ""
    broker: User | None = None

    @property
    def before(self) -> Period:
        return self.period.before()

    @property
    def districts(self) -> tuple[int, ...]:
        """Empty for all."""
        if self.district:
            return (self.district.pk,)
        return () if self.allowed is None else self.allowed or (NOWHERE,)

    @property
    def chains(self) -> list[Term]:
        """What a breakdown by chain is by: the greater ones; of a chosen one those below it, or itself without any."""
        if self.chain:
            return self.terms.children_of(self.chain) or [self.chain]
        return [term for term in self.terms.of(Vocabulary.INDUSTRY_CHAIN) if term.parent_id is None]

    @property
    def narrowed(self) -> Slice:
        return Slice(
            districts=self.districts,
            chain=self.chain.pk if self.chain else 0,
            tier=self.tier.pk if self.tier else 0,
            part=self.part.pk if self.part else 0,
            partner=self.partner.pk if self.partner else 0,
            partner_kind=self.partner_kind,
            broker=self.broker.pk if self.broker else 0,
        )

    @property
    def narrowed_places(self) -> Slice:
        """By district, chain and tier alone."""
        return replace(self.narrowed, part=ALL, partner=ALL, partner_kind="", broker=ALL)

    @property
    def partner_kind_label(self) -> str:
        return str(OrganisationKind(self.partner_kind).label) if self.partner_kind else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.districts or self.chain or self.tier)

    def query(self, period: Period | None = None, /, **changes: str) -> str:
        """As the query of an address; `changes` by parameter, an empty one leaves it out."""
        asked = period or self.period
        chosen = {
            "since": asked.first.isoformat(),
            "until": asked.last.isoformat(),
            "district": self.district.code if self.district else "",
            "chain": self.chain.code if self.chain else "",
            "tier": self.tier.code if self.tier else "",
            "only": self.part.code if self.part else "",
            "partner": self.partner.public_id if self.partner else "",
            "partner_kind": self.partner_kind,
            "broker": str(self.broker.pk) if self.broker else "",
        }
        return urlencode({name: value for name, value in (chosen | changes).items() if value})

    def rows_url(self, key: str, period: Period | None = None, **changes: str) -> str:
        """Where the rows behind a figure are listed."""
        return f"{reverse('stats:rows', args=[key])}?{self.query(period, **changes)}"

    def list_url(self, key: str, **more: str) -> str:
        """Where rows beside the figures are listed: `more` are parameters of that list."""
        return f"{reverse('stats:list', args=[key])}?{self.query(None, **more)}"
