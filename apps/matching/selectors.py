"""Queries about proposals, starting from what a person may see."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, Count, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery, When, Window
from django.db.models.functions import RowNumber

from apps.accounts.selectors import Viewer, organisation_of
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.matching.models import GONE, Ask, Bid, MatchRequest, Priority, Proposal, ProposalState, RequestState
from apps.matching.proposals import UNTOUCHED
from apps.matching.replies.asks import open_asks
from apps.needs.models import OPEN_STATES, Need

BIDS_FIRST = Case(When(bid__isnull=False, bid__withdrawn_at__isnull=True, then=0), default=1)
BY_PLACE = (BIDS_FIRST, F("rank").asc(nulls_last=True), "-score", "id")
OPEN_ASKS = Prefetch("asks", queryset=open_asks(), to_attr="open_asks")
ANSWERED = (ProposalState.INTERESTED, ProposalState.ACCEPTED)


def _with_rows(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return proposals.select_related(
        "need__organisation",
        "need__industry_chain",
        "need__need_type",
        "capability__organisation",
        "decline_reason",
        "engagement",  # whether its contacts are open
        "recommendation",  # why a broker put the two together
        "bid",
    ).prefetch_related(OPEN_ASKS)


def rows_of(keys: list[int]) -> QuerySet[Proposal]:
    """What a page of a list shows of these pairs."""
    rows = _with_rows(Proposal.objects.filter(pk__in=keys))
    return rows.select_related("need__fingerprint")  # of few rows only: one table more, and a long list is read whole


def proposal_in_full(user: Viewer) -> QuerySet[Proposal]:
    """What the page of one proposal reads, contacts included: who may see them is the page's question."""
    rows = _with_rows(Proposal.objects.visible_to(user))
    return rows.select_related("need__contact", "capability__contact", "need_accepted_by", "capability_accepted_by")


def proposals_of_need(need: Need, user: Viewer) -> QuerySet[Proposal]:
    """The need's list in its order; behind it the pairs that somebody answered with a yes and that dropped out since.

    Bids come first. The order is the rank: the score, and what moved a pair (`Proposal.notes`).
    """
    visible = Proposal.objects.visible_to(user).filter(need=need)
    listed = visible.filter(Q(rank__isnull=False) | Q(state__in=ANSWERED)).exclude(state__in=GONE)
    return _with_rows(listed).order_by(*BY_PLACE)


def gone_of_need(need: Need, user: Viewer) -> QuerySet[Proposal]:
    """What was declined, or not answered in time; the latter first, since it may still be answered."""
    rows = _with_rows(Proposal.objects.visible_to(user).filter(need=need, state__in=GONE))
    return rows.order_by("-state", "-updated_at", "id")


def proposals_of_capability(capability: Capability, user: Viewer) -> QuerySet[Proposal]:
    """The open needs that a capability fits, best first, and those already answered with a yes."""
    return _with_rows(_for_supplier(user).filter(capability=capability)).order_by("-score", "id")


def needs_that_fit(user: Viewer) -> QuerySet[Proposal]:
    """The open needs that any capability of the person's organisation fits, best first."""
    return _with_rows(_for_supplier(user)).order_by("-score", "id")


def best_of_each_need(fitting: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Of several pairs with one need the best, best first; numbered at one go, for a need has hundreds of pairs."""
    place = Window(RowNumber(), partition_by="need", order_by=("-score", "id"))
    best = fitting.order_by().annotate(place=place).filter(place=1).values("pk")
    return _with_rows(Proposal.objects.filter(pk__in=best)).order_by("-score", "id")


def others_of_needs(fitting: QuerySet[Proposal], shown: list[Proposal]) -> dict[int, list[Proposal]]:
    """The pairs that `best_of_each_need` left out, by need, best first; of each what a line says, and no more."""
    found: dict[int, list[Proposal]] = {}
    rows = fitting.filter(need__in=[p.need_id for p in shown]).exclude(pk__in=[p.pk for p in shown])
    brief = rows.prefetch_related(None).select_related(None).select_related("capability")
    for proposal in brief.only("public_id", "score", "need", "capability__title"):
        found.setdefault(proposal.need_id, []).append(proposal)
    return found


def open_needs_with_counts(user: Viewer) -> QuerySet[Need]:
    """The open needs of the person's organisation: `listed` proposals, `fresh` ones nobody saw, the `best` score."""
    listed = Q(proposals__rank__isnull=False) & ~Q(proposals__state__in=GONE)
    return (
        Need.objects.open()
        .filter(organisation=organisation_of(user))
        .annotate(
            listed=Count("proposals", filter=listed),
            fresh=Count("proposals", filter=listed & Q(proposals__need_viewed_at__isnull=True)),
            best=Max("proposals__score", filter=listed),
        )
        .order_by("-published_at", "-id")
    )


def _for_supplier(user: Viewer) -> QuerySet[Proposal]:
    """Proposals on the supply side that are worth a look: open on both ends, or answered with a yes.

    A pair that was scored for an older wording counts no more: had it still fitted, it would have been scored anew.
    """
    organisation = organisation_of(user)
    visible = Proposal.objects.visible_to(user)
    if organisation is not None and not getattr(user, "is_reviewer", False):
        visible = visible.filter(capability__organisation=organisation)
    today = clock.today()
    live = Q(
        need__state__in=OPEN_STATES,
        need__valid_until__gte=today,
        capability__state=CapabilityState.PUBLISHED,
        capability__valid_until__gte=today,
        state__in=UNTOUCHED,
        need_version=F("need__version"),
        capability_version=F("capability__version"),
    )
    # Said of all of them as well, the states lead to the index of the capability's pairs by state.
    return visible.filter(live | Q(state__in=ANSWERED), state__in=(*UNTOUCHED, *ANSWERED))


def waiting_for(user: Viewer) -> QuerySet[Proposal]:
    """Proposals on which the other side has said yes and this person's side has not answered; due first, first."""
    waiting = _our_turn(user, ProposalState.INTERESTED).annotate(due_at=Subquery(_due_at()))
    return _with_rows(waiting).order_by(F("due_at").asc(nulls_last=True), "updated_at", "id")


def late_for(user: Viewer) -> QuerySet[Proposal]:
    """Those whose time is over without an answer of this person's side: it is still welcome. The latest first."""
    return _with_rows(_our_turn(user, ProposalState.TIMED_OUT)).order_by("-updated_at", "-id")


def first_to_answer(user: Viewer, most: int) -> QuerySet[Proposal]:
    """The first of `waiting_for` and of `late_for`, at most so many of each, with no more than their titles."""
    due_first = Window(
        RowNumber(), partition_by="state", order_by=(F("due_at").asc(nulls_last=True), "updated_at", "id")
    )
    latest_first = Window(RowNumber(), partition_by="state", order_by=("-updated_at", "-id"))
    rows = _our_turn(user, ProposalState.INTERESTED, ProposalState.TIMED_OUT).annotate(due_at=Subquery(_due_at()))
    placed = rows.annotate(place=Case(When(state=ProposalState.INTERESTED, then=due_first), default=latest_first))
    own = ("public_id", "state", "need", "capability", "need_accepted_at", "capability_accepted_at")
    brief = placed.select_related("need", "capability").only(*own, "need__title", "capability__title")
    return brief.filter(place__lte=most).order_by("state", "place")


def _due_at() -> QuerySet[Ask, datetime]:
    return open_asks().filter(proposal=OuterRef("pk")).order_by().values_list("due_at", flat=True)


def _our_turn(user: Viewer, *states: ProposalState) -> QuerySet[Proposal]:
    """Each side by itself, and their keys at once: any other way the proposals of the whole city are read."""
    organisation = organisation_of(user)
    if organisation is None:
        return Proposal.objects.none()
    visible = Proposal.objects.visible_to(user).filter(state__in=states).order_by()
    asked = visible.filter(
        need__organisation=organisation, capability_accepted_at__isnull=False, need_accepted_at__isnull=True
    )
    offered = visible.filter(
        capability__organisation=organisation, need_accepted_at__isnull=False, capability_accepted_at__isnull=True
    )
    keys = asked.values_list("pk", flat=True).union(offered.values_list("pk", flat=True), all=True)
    return Proposal.objects.filter(pk__in=list(keys.order_by()))


def bids_of(user: Viewer) -> QuerySet[Bid]:
    """What the person's organisation has bid, the newest first, taken back ones with it."""
    organisation = organisation_of(user)
    mine = Bid.objects.filter(proposal__capability__organisation=organisation) if organisation else Bid.objects.none()
    # Of these pairs, and no others: a database may else look at every pair of the city first.
    visible = Proposal.objects.visible_to(user).filter(pk__in=mine.order_by().values("proposal"))
    return mine.filter(proposal__in=visible.order_by().values("pk")).order_by("-placed_at", "-id")


def proposals_of_bids(bids: Iterable[Bid]) -> list[Proposal]:
    """The pairs of these bids in their order, with what a page shows of them."""
    wanted = list(bids)
    found = {row.pk: row for row in _with_rows(Proposal.objects.filter(pk__in=[bid.proposal_id for bid in wanted]))}
    return [found[bid.proposal_id] for bid in wanted]


def latest_request(*, need: Need | None = None, capability: Capability | None = None) -> MatchRequest | None:
    """The newest request for a row, a waiting or running one first."""
    rows = MatchRequest.objects.filter(need=need) if need else MatchRequest.objects.filter(capability=capability)
    active_first = Case(When(state__in=(RequestState.PENDING, RequestState.RUNNING), then=0), default=1)
    return rows.order_by(active_first, "-id").first()


def oldest_due_request(priority: Priority) -> MatchRequest | None:
    """The unfinished request of one queue that has waited longest; operators watch its age."""
    return _unfinished().filter(priority=priority).order_by("due_at").first()


def open_work() -> dict[str, int]:
    """How many single requests are unfinished, by queue."""
    counts = _unfinished().order_by().values_list("priority").annotate(count=Count("pk"))
    return {priority.value: 0 for priority in Priority} | dict(counts)


def _unfinished() -> QuerySet[MatchRequest]:
    return MatchRequest.objects.filter(state__in=(RequestState.PENDING, RequestState.RUNNING))
