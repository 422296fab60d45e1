"""Queries about proposals, starting from what a person may see."""

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from apps.accounts.selectors import Viewer, organisation_of
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.matching.models import MatchRequest, Priority, Proposal, ProposalState, RequestState
from apps.matching.proposals import UNTOUCHED
from apps.needs.models import OPEN_STATES, Need

BY_PLACE = (F("rank").asc(nulls_last=True), "-score", "id")
ANSWERED = (ProposalState.INTERESTED, ProposalState.ACCEPTED)


def _with_rows(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return proposals.select_related(
        "need__organisation",
        "need__industry_chain",
        "need__need_type",
        "capability__organisation",
        "decline_reason",
        "engagement",  # whether its contacts are open
    ).prefetch_related("capability__tags", "need__tags", "need__indicators", "capability__indicators")


def proposal_in_full(user: Viewer) -> QuerySet[Proposal]:
    """What the page of one proposal reads, contacts included: who may see them is the page's question."""
    rows = _with_rows(Proposal.objects.visible_to(user))
    return rows.select_related("need__contact", "capability__contact", "need_accepted_by", "capability_accepted_by")


def proposals_of_need(need: Need, user: Viewer) -> QuerySet[Proposal]:
    """The need's list in its order; behind it the pairs that somebody answered with a yes and that dropped out since.

    The order is the rank: the score, and what moved a pair (`Proposal.notes`).
    """
    visible = Proposal.objects.visible_to(user).filter(need=need)
    listed = visible.filter(Q(rank__isnull=False) | Q(state__in=ANSWERED)).exclude(state=ProposalState.DECLINED)
    return _with_rows(listed).order_by(*BY_PLACE)


def declined_of_need(need: Need, user: Viewer) -> QuerySet[Proposal]:
    return _with_rows(Proposal.objects.visible_to(user).filter(need=need, state=ProposalState.DECLINED))


def proposals_of_capability(capability: Capability, user: Viewer) -> QuerySet[Proposal]:
    """The open needs that a capability fits, best first, and those already answered with a yes."""
    return _with_rows(_for_supplier(user).filter(capability=capability)).order_by("-score", "id")


def needs_that_fit(user: Viewer) -> QuerySet[Proposal]:
    """The open needs that any capability of the person's organisation fits, best first."""
    return _with_rows(_for_supplier(user)).order_by("-score", "id")


def best_of_each_need(fitting: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Of several pairs with one need the best."""
    same_need = fitting.filter(need=OuterRef("need")).order_by("-score", "id")
    return fitting.filter(pk=Subquery(same_need.values("pk")[:1]))


def others_of_needs(fitting: QuerySet[Proposal], shown: list[Proposal]) -> dict[int, list[Proposal]]:
    """The pairs that `best_of_each_need` left out, by need, best first."""
    found: dict[int, list[Proposal]] = {}
    rows = fitting.filter(need__in=[p.need_id for p in shown]).exclude(pk__in=[p.pk for p in shown])
    for proposal in rows.prefetch_related(None):
        found.setdefault(proposal.need_id, []).append(proposal)
    return found


def open_needs_with_counts(user: Viewer) -> QuerySet[Need]:
    """The open needs of the person's organisation: `listed` proposals, `fresh` ones nobody saw, the `best` score."""
    listed = Q(proposals__rank__isnull=False) & ~Q(proposals__state=ProposalState.DECLINED)
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
    return visible.filter(live | Q(state__in=ANSWERED))


def waiting_for(user: Viewer) -> QuerySet[Proposal]:
    """Proposals on which the other side has said yes and this person's side has not answered; oldest first."""
    organisation = organisation_of(user)
    if organisation is None:
        return Proposal.objects.none()
    our_turn = Q(need__organisation=organisation, capability_accepted_at__isnull=False) | Q(
        capability__organisation=organisation, need_accepted_at__isnull=False
    )
    visible = Proposal.objects.visible_to(user).filter(our_turn, state=ProposalState.INTERESTED)
    return _with_rows(visible).order_by("updated_at", "id")


def latest_request(*, need: Need | None = None, capability: Capability | None = None) -> MatchRequest | None:
    """The newest request for a row, a waiting or running one first."""
    rows = MatchRequest.objects.filter(need=need) if need else MatchRequest.objects.filter(capability=capability)
    active = rows.filter(state__in=(RequestState.PENDING, RequestState.RUNNING)).order_by("-id").first()
    return active or rows.order_by("-id").first()


def oldest_due_request(priority: Priority) -> MatchRequest | None:
    """The unfinished request of one queue that has waited longest; operators watch its age."""
    return _unfinished().filter(priority=priority).order_by("due_at").first()


def open_work() -> dict[str, int]:
    """How many single requests are unfinished, by queue."""
    counts = _unfinished().order_by().values_list("priority").annotate(count=Count("pk"))
    return {priority.value: 0 for priority in Priority} | dict(counts)


def _unfinished() -> QuerySet[MatchRequest]:
    return MatchRequest.objects.filter(state__in=(RequestState.PENDING, RequestState.RUNNING))
