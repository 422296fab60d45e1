"""What a rematch goes over: the open rows of its scope, in the order of their keys."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Self

from django.db.models import QuerySet
from django.utils import timezone

from apps.capabilities.models import Capability
from apps.matching.models import Rematch, RematchScope
from apps.needs.models import Need
from apps.taxonomy.models import Term


@dataclass(frozen=True, slots=True)
class Target:
    """A scope with its argument: the chain, the district, or the first day of publication."""

    scope: RematchScope
    chain: Term | None = None
    district: Term | None = None
    since: date | None = None

    @classmethod
    def of(cls, rematch: Rematch) -> Self:
        return cls(RematchScope(rematch.scope), rematch.chain, rematch.district, rematch.since)

    @property
    def name(self) -> str:
        """One word for it; two targets with the same name are the same."""
        argument = self.chain or self.district
        if argument is not None:
            return f"{self.scope}:{argument.code}"
        return f"{self.scope}:{self.since}" if self.since else str(self.scope)

    @property
    def model(self) -> type[Need] | type[Capability]:
        return Capability if self.scope == RematchScope.CAPABILITIES else Need

    def rows(self) -> QuerySet[Any]:
        """Open rows, lowest key first."""
        return self.model.objects.open().filter(**self._conditions()).order_by("pk")

    def _conditions(self) -> dict[str, Any]:
        conditions: dict[RematchScope, dict[str, Any]] = {
            RematchScope.CHAIN: {"industry_chain": self.chain},
            RematchScope.DISTRICT: {"organisation__district": self.district},
            RematchScope.SINCE: {"published_at__gte": _midnight(self.since)},
        }
        return conditions.get(self.scope, {})


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
