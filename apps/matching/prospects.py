"""Reverse matching for needs that ended: a new capability's owner hears nothing, the need's owner may renew it.

The pair is scored as any other. But the need is off the board, so it makes no proposal: what is written here is shown
to the need's organisation only, until the need is open again and its own match proposes the capability to both.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, F, QuerySet

from apps.accounts.disclosure import mentions_owner, owner_is_shown
from apps.accounts.selectors import Viewer, acts_for, organisation_of
from apps.capabilities.models import Capability
from apps.engine.documents import Document
from apps.engine.index.segment import Filter
from apps.engine.matcher import ENGINE_VERSION, Match
from apps.matching.ended_needs import ended_needs
from apps.matching.index.live import LiveIndex
from apps.matching.models import Proposal, Prospect, Side
from apps.matching.stored_reasons import reasons_of, sentence_for
from apps.needs.models import Need, NeedState

COLUMNS = ("score", "reasons", "engine_version", "ranker_id", "need_version", "capability_version")
MOST_SHOWN = 5


def find_prospects(index: LiveIndex, capability: Capability, offered: Document) -> list[Prospect]:
    """The ended needs that a capability fits, not saved yet; `offered` is its document.

    Owners are written to about old needs only where it is worth it (MATCHING_PREVIEW_SCORE), and not about a pair that
    was proposed while the need was open: that one is not new to them.
    """
    known = Proposal.objects.filter(capability=capability).values("need_id")
    ended = ended_needs().exclude(organisation_id=capability.organisation_id).exclude(pk__in=known)
    versions = dict(ended.values_list("pk", "version"))
    hits = index.rank_needs(
        offered,
        Filter(),
        among=versions,
        depth=settings.MATCHING_NEEDS_PER_CAPABILITY,
        minimum=settings.MATCHING_PREVIEW_SCORE,
    )
    current = [hit for hit in hits if hit.version == versions[hit.id]]
    return [
        _prospect(hit.id, hit.version, capability, match, index)
        for hit, _, match in index.needs_with_reasons(offered, current)
    ]


def _prospect(need_id: int, version: int, capability: Capability, match: Match, index: LiveIndex) -> Prospect:
    return Prospect(
        need_id=need_id,
        capability=capability,
        score=match.score,
        reasons=reasons_of(match),
        engine_version=ENGINE_VERSION,
        ranker=index.ranker,
        need_version=version,
        capability_version=capability.version,
    )


def write_prospects(capability_id: int, found: list[Prospect]) -> None:
    """All prospects of a capability; what did not change is not written. Call in the transaction of its match."""
    kept = {row.need_id: row for row in Prospect.objects.filter(capability=capability_id)}
    gone = kept.keys() - {row.need_id for row in found}
    if gone:
        Prospect.objects.filter(capability=capability_id, need__in=gone).delete()
    fresh = [row for row in found if not _is_same(row, kept.get(row.need_id))]
    Prospect.objects.bulk_create(
        fresh,
        batch_size=200,
        update_conflicts=True,
        unique_fields=("need", "capability"),
        update_fields=(*(name.removesuffix("_id") for name in COLUMNS), "updated_at"),
    )


def _is_same(row: Prospect, kept: Prospect | None) -> bool:
    return kept is not None and all(getattr(row, name) == getattr(kept, name) for name in COLUMNS)


@dataclass(frozen=True, slots=True)
class ProspectCard:
    """One capability as the owner of an ended need may see it. `owner` is None while it is anonymous to him."""

    public_id: str
    title: str
    kind: str
    owner: str | None
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Revival:
    """One ended need with what has come for it; `action` is the page that puts it back on the board."""

    need: Need
    count: int
    cards: tuple[ProspectCard, ...]

    @property
    def action(self) -> str:
        return "needs:renew" if self.need.state == NeedState.EXPIRED else "needs:reopen"


def prospects_for(user: Viewer) -> QuerySet[Prospect]:
    """What has come for the ended needs of the person's organisation, best first."""
    rows = Prospect.objects.visible_to(user).current().filter(need__in=ended_needs())
    return rows.select_related("capability__organisation").order_by("-score", "id")


def revival_of(need: Need, user: Viewer) -> Revival | None:
    """What has come for one ended need; None where nothing has, or where it is not the viewer's."""
    if not acts_for(user, need.organisation_id):
        return None
    rows = prospects_for(user).filter(need=need)
    count = rows.count()
    return Revival(need, count, tuple(_card(row, user) for row in rows[:MOST_SHOWN])) if count else None


def revivals_for(user: Viewer) -> list[Revival]:
    """The ended needs of the person's organisation for which something has come, without the cards; newest first."""
    if organisation_of(user) is None:
        return []
    come = prospects_for(user).values("pk")
    needs: QuerySet[Any] = Need.objects.filter(prospects__in=come).annotate(come=Count("prospects"))
    newest_first = needs.order_by(F("published_at").desc(nulls_last=True), "-id")
    return [Revival(need, need.come, ()) for need in newest_first]


def forget_prospects(**conditions: Any) -> None:
    """The need is open again, or the capability is gone."""
    Prospect.objects.filter(**conditions).delete()


def _card(row: Prospect, user: Viewer) -> ProspectCard:
    capability = row.capability
    owner = capability.organisation
    shown = owner_is_shown(user, disclosure=capability.disclosure, organisation=owner)
    why = sentence_for(row.reasons, Side.NEED)
    return ProspectCard(
        public_id=capability.public_id,
        title=capability.title,
        kind=str(capability.get_kind_display()),
        owner=owner.name if shown else None,
        score=row.score,
        why=why if shown or not mentions_owner(why, owner) else "",
    )
