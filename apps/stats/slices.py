"""What a question about the city is narrowed to: districts, one chain, one tier, and for lists one side or broker."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability

ALL = 0


@dataclass(frozen=True, slots=True)
class Slice:
    """Primary keys; an empty `districts` and a 0 stand for all. A person of some districts never asks for all."""

    districts: tuple[int, ...] = ()
    chain: int = ALL
    tier: int = ALL
    part: int = ALL
    partner: int = ALL
    partner_kind: str = ""
    broker: int = ALL

    def of_counts(self) -> dict[str, Any]:
        """Conditions on DayCount, which knows neither partners nor brokers."""
        return {
            "district_id__in": self.districts or (ALL,),
            "chain_id": self.chain,
            "tier_id": self.tier,
            "part_id": self.part,
        }

    def of_counted_rows(self) -> Q:
        """Conditions on CountedRow."""
        found = Q()
        if self.districts:
            found &= Q(district_id__in=self.districts)
        for column, term in (("chains", self.chain), ("tiers", self.tier)):
            if term:
                found &= Q(**{f"{column}__contains": f",{term},"})
        for column, key in (("part_id", self.part), ("partner_id", self.partner), ("broker_id", self.broker)):
            if key:
                found &= Q(**{column: key})
        if self.partner_kind:
            found &= Q(partner_id__in=Organisation.objects.filter(kind=self.partner_kind).values("pk"))
        return found

    @property
    def is_counted_by_day(self) -> bool:
        return not (self.partner or self.partner_kind or self.broker)


EVERYTHING = Slice()


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a counted row keeps what it is narrowed by: lookups from it.

    `organisation` is the demand side ("pk": the row itself); `chain` a term, or "industries" where it has several.
    """

    organisation: str
    chain: str
    partner: str = ""
    broker: str = ""
    part: str = ""

    def holding(self, narrowed: Slice) -> Q:
        """The rows of a slice, asked of the rows themselves."""
        found = Q()
        if narrowed.districts:
            found &= Q(**{f"{self.of_organisation('district')}__in": narrowed.districts})
        if narrowed.chain:
            found &= self._in_chain(narrowed.chain)
        if narrowed.tier:
            holders = Organisation.tiers.through.objects.filter(term_id=narrowed.tier).values("organisation_id")
            found &= Q(**{f"{self.organisation}__in": holders})
        keys: Mapping[str, int] = {self.partner: narrowed.partner, self.broker: narrowed.broker}
        for path, key in (*keys.items(), (self.part, narrowed.part)):
            if key:
                found &= Q(**{path: key}) if path else Q(pk__in=[])
        if narrowed.partner_kind:
            found &= Q(**{f"{self.partner}__kind": narrowed.partner_kind}) if self.partner else Q(pk__in=[])
        return found

    def of_organisation(self, column: str) -> str:
        return column if self.organisation == "pk" else f"{self.organisation}__{column}"

    def _in_chain(self, chain: int) -> Q:
        if self.chain == "industries":
            named = Q(term_id=chain) | Q(term__parent_id=chain)
            return Q(pk__in=Capability.industries.through.objects.filter(named).values("capability_id"))
        return Q(**{self.chain: chain}) | Q(**{f"{self.chain}__parent": chain})
