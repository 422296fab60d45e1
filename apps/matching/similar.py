"""Near-duplicates as people meet them: what is folded under a listed pair, and what a row seems to repeat."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber

from apps.accounts.models import User
from apps.accounts.regions import in_region_of, works_city_wide, works_for
from apps.accounts.selectors import Viewer, organisation_of
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.engine.duplicates import are_same
from apps.matching.duplicates import groups_of
from apps.matching.fingerprints import Row, candidates, listing_of, side_name
from apps.matching.models import Fingerprint, Proposal
from apps.matching.proposals import UNTOUCHED
from apps.needs.models import OPEN_STATES, Need

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class LookAlike:
    """An open row that says the same. `owner` is "" where it is the reader's own."""

    public_id: str
    title: str
    owner: str
    published_at: datetime | None


def similar_of_needs(listed: Iterable[Proposal], user: Viewer) -> dict[int, list[Proposal]]:
    """Listed pair → those of the same need whose capability says the same and has no place of its own, best first."""
    shown = list(listed)
    groups = groups_of(Capability, {proposal.capability_id for proposal in shown})
    pool = _live(Proposal.objects.visible_to(user)).filter(
        rank=None,
        need__in={proposal.need_id for proposal in shown},
        capability__fingerprint__group__in=set(groups.values()),
        score__gte=settings.MATCHING_MINIMUM_SCORE,
    )
    leading = [p for p in reversed(shown) if p.rank is not None and p.capability_id in groups]
    leaders = {(p.need_id, groups[p.capability_id]): p.pk for p in leading}
    rows = pool.annotate(twins=F("capability__fingerprint__group")) if groups else pool.none()
    return _behind(rows, lambda row: leaders.get((row.need_id, row.twins)), {proposal.pk for proposal in shown})


def best_of_similar_needs(fitting: QuerySet[Proposal], *, of_any_capability: bool = False) -> QuerySet[Proposal]:
    """Of pairs of one capability (or of all) with needs that say the same the best; what got a yes stays."""
    alike = ["need__fingerprint__group"] if of_any_capability else ["need__fingerprint__group", "capability"]
    place = Window(RowNumber(), partition_by=alike, order_by=("-score", "id"))
    grouped = fitting.filter(need__fingerprint__group__isnull=False).order_by()
    # What got a yes has its place among the others, too: as a condition beside, its state would take it out before.
    placed = grouped.annotate(place=Case(When(state__in=UNTOUCHED, then=place), default=1))
    # Their keys first, few or none: as a condition within, they lead PostgreSQL to read every pair of the city.
    behind = list(placed.filter(place__gt=1).values_list("pk", flat=True))
    return fitting.exclude(pk__in=behind) if behind else fitting


def similar_of_capabilities(
    shown: Iterable[Proposal], fitting: QuerySet[Proposal], *, of_any_capability: bool = False
) -> dict[int, list[Proposal]]:
    """Pair shown to a supplier → those of `fitting` that `best_of_similar_needs` left out for it, each need once."""
    leading = list(shown)
    groups = {proposal.need_id: group for proposal in leading if (group := _group(proposal.need))}
    if not groups:
        return {}

    def key(row: Proposal, group: str) -> tuple[int, str]:
        return (0 if of_any_capability else row.capability_id, group)

    leaders = {key(p, groups[p.need_id]): p.pk for p in reversed(leading) if p.need_id in groups}
    pool = fitting.filter(need__fingerprint__group__in=set(groups.values()), state__in=UNTOUCHED)
    pool = pool.exclude(need__in={proposal.need_id for proposal in leading})
    rows = pool.annotate(twins=F("need__fingerprint__group"))
    found = _behind(rows, lambda row: leaders.get(key(row, row.twins)), {proposal.pk for proposal in leading})
    return {pk: list({row.need_id: row for row in reversed(others)}.values())[::-1] for pk, others in found.items()}


def look_alikes(row: Row, user: User) -> list[LookAlike]:
    """Open rows that say what this one says, the newest first; compared as it is written now, draft or not.

    People of the platform see those of their region. An organisation sees its own: that a competitor posted the same is
    none of its business.
    """
    sees_all = works_for(user, row.organisation_id)
    own = organisation_of(user)
    if not sees_all and (own is None or own.pk != row.organisation_id):
        return []
    model, name, listing = type(row), side_name(type(row)), listing_of(row)
    owner = f"fingerprint__{name}__organisation"
    within = Q(**{owner: own})
    if sees_all:
        within = Q() if works_city_wide(user) else in_region_of(user, f"{owner}__district")
    found = Fingerprint.objects.filter(pk__in=candidates(listing, model, within=within))
    others = model.objects.open().filter(pk__in=found.values(name)).exclude(pk=row.pk).select_related("organisation")
    twins = [other for other in others.order_by("-published_at", "-pk") if are_same(listing, listing_of(other))]
    return [_look_alike(twin, row) for twin in twins[:MOST_SHOWN]]


def _group(row: Need) -> str | None:
    """Of near-duplicates, None without a twin; the rows of a list bring it with them (`selectors.rows_of`)."""
    fingerprint: Fingerprint | None = getattr(row, "fingerprint", None)
    return fingerprint.group if fingerprint else None


def _look_alike(twin: Row, row: Row) -> LookAlike:
    return LookAlike(
        public_id=twin.public_id,
        title=twin.title,
        owner="" if twin.organisation_id == row.organisation_id else twin.organisation.name,
        published_at=twin.published_at,
    )


def _live(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Pairs nobody answered, scored as both sides are worded now, of rows that are open."""
    today = clock.today()
    return proposals.filter(
        state__in=UNTOUCHED,
        need__state__in=OPEN_STATES,
        need_version=F("need__version"),
        capability_version=F("capability__version"),
        capability__state=CapabilityState.PUBLISHED,
        capability__valid_until__gte=today,
    )


def _behind(
    rows: QuerySet[Proposal], leader_of: Callable[[Any], int | None], shown: set[int]
) -> dict[int, list[Proposal]]:
    found: dict[int, list[Proposal]] = {}
    for row in (
        rows.exclude(pk__in=shown)
        .select_related("need__organisation", "capability__organisation")
        .order_by("-score", "pk")
    ):
        leader = leader_of(row)
        if leader is not None:
            found.setdefault(leader, []).append(row)
    return found
