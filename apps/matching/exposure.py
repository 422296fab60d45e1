"""How many needs' lists an institution or an expert stands in, and how many are too many.

What counts are open places: pairs with a rank that nobody answered. A cap never lies below twice the even share of all
places, so that a small city's few are not shut out of lists that nobody else could fill.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from django.conf import settings
from django.db.models import Count, QuerySet

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability, CapabilityKind
from apps.core.counting import counts_of
from apps.matching.models import Proposal, ProposalState
from apps.matching.notes import PICKED
from apps.matching.ordering import Candidate, Load
from apps.needs.models import Need

EVEN_SHARES = 2


@dataclass(frozen=True, slots=True)
class Exposure:
    """One institution's open places, and their cap; it comes from the number of its open capabilities."""

    count: int
    cap: int
    capabilities: int

    @property
    def is_busy(self) -> bool:
        """From half of the cap on, its pairs must lead by a margin."""
        return 2 * self.count >= self.cap

    @property
    def is_full(self) -> bool:
        return self.count >= self.cap


def open_places() -> QuerySet[Proposal]:
    """Without what people chose by hand: nobody shuts a competitor out of other lists by choosing him."""
    rows = Proposal.objects.filter(rank__isnull=False, state__in=(ProposalState.PROPOSED, ProposalState.VIEWED))
    return rows.exclude(notes__0__kind=PICKED, notes__0__isnull=False)


def load_of(candidates: Iterable[Candidate], places: QuerySet[Proposal], sizes: Mapping[int, int]) -> Load:
    """The load of the candidates' institutions and experts in `places`; `sizes`: open capabilities by institution."""
    found = list(candidates)
    institutions = {candidate.organisation_id for candidate in found}
    experts = {candidate.expert_id for candidate in found} - {None}
    share = _even_share(sum(sizes.values()), Need.objects.open().count())
    return Load(
        of_institutions=_counted(places.filter(capability__organisation__in=institutions), "capability__organisation"),
        of_experts=_counted(places.filter(capability__in=experts), "capability") if experts else Counter(),
        caps_of_institutions={pk: _cap_of_institution(sizes.get(pk, 0), share) for pk in institutions},
        cap_of_expert=max(int(settings.MATCHING_OPEN_PER_EXPERT), ceil(EVEN_SHARES * share)),
    )


def exposure_of(organisation: Organisation) -> Exposure:
    """For the institution's own pages."""
    capabilities = Capability.objects.open()
    counts = counts_of(
        places=open_places().filter(capability__organisation=organisation),
        own=capabilities.filter(organisation=organisation),
        all=capabilities,
        needs=Need.objects.open(),
    )
    cap = _cap_of_institution(counts["own"], _even_share(counts["all"], counts["needs"]))
    return Exposure(count=counts["places"], cap=cap, capabilities=counts["own"])


def expert_id(capability_id: int, kind: str) -> int | None:
    """Experts are capabilities of that kind; an institution's other resources count towards the institution only."""
    return capability_id if kind == CapabilityKind.EXPERT else None


def _counted(places: QuerySet[Proposal], column: str) -> Counter[int]:
    return Counter(dict(places.order_by().values_list(column).annotate(count=Count("pk"))))


def _even_share(capabilities: int, needs: int) -> float:
    """Places per capability, were all places given out evenly."""
    if not capabilities:
        return 0.0
    per_need = min(settings.MATCHING_PROPOSALS_PER_NEED, capabilities)
    return needs * per_need / capabilities


def _cap_of_institution(capabilities: int, share: float) -> int:
    return max(int(settings.MATCHING_OPEN_PER_INSTITUTION), ceil(EVEN_SHARES * share * capabilities))
