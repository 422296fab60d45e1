"""Organisations as rows, and what all kinds of them have in common."""

from datetime import datetime, timedelta
from itertools import count

from django.db.models import F

from apps.accounts.models import Organisation, OrganisationKind, OrganisationState
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.names import credit_code
from apps.stats.seed_city.terms import Terms
from apps.taxonomy.models import Vocabulary

DISTRICTS = {
    "west_coast": 20,
    "chengyang": 14,
    "jimo": 13,
    "jiaozhou": 12,
    "pingdu": 8,
    "laixi": 7,
    "laoshan": 7,
    "licang": 6,
    "shibei": 5,
    "shinan": 4,
    "high_tech": 4,
}
LEARNED_DISTRICTS = {"laoshan": 34, "west_coast": 22, "shinan": 16, "high_tech": 12, "shibei": 8, "chengyang": 8}
DAYS_TO_VERIFY = 2


class Directory:
    """Makes rows with names, codes and districts of their own; `reviewer` verified them all."""

    def __init__(self, *, terms: Terms, reviewer: int) -> None:
        self.terms, self.reviewer = terms, reviewer
        self._numbers = count()

    def row(
        self, kind: OrganisationKind, name: str, short_name: str, verified_at: datetime, lots: Lots
    ) -> Organisation:
        districts = DISTRICTS if kind == OrganisationKind.ENTERPRISE else LEARNED_DISTRICTS
        return Organisation(
            public_id=lots.public_id(),
            kind=kind,
            name=name,
            short_name=short_name,
            credit_code=credit_code(next(self._numbers), kind),
            district_id=self.terms.pk(Vocabulary.DISTRICT, lots.one_of(districts)),
            state=OrganisationState.VERIFIED,
            verified_at=verified_at,
            verified_by_id=self.reviewer,
        )


def date_back() -> None:
    """All registered some days before they were verified; those that were refused were never verified."""
    rows = Organisation.objects.all()
    rows.update(created_at=F("verified_at") - timedelta(days=DAYS_TO_VERIFY))
    rows.filter(state=OrganisationState.REJECTED).update(verified_at=None, verified_by=None)
