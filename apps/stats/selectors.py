"""The rows behind each figure: a figure is the number of rows that its selector gives. Counts are of dated events."""

from django.db.models import DateTimeField, F, QuerySet
from django.db.models.functions import Coalesce, Least

from apps.capabilities.models import Capability
from apps.engagements.models import Engagement, Outcome, OutcomeState
from apps.engagements.services import NOT_ACHIEVED
from apps.matching.models import Proposal, ProposalState
from apps.needs.models import Need
from apps.stats.periods import Period

BOTH_SIDES = ("need__organisation", "capability__organisation")


def needs_published(period: Period) -> QuerySet[Need]:
    """Published in the period, whatever became of them since."""
    rows = Need.objects.filter(period.holding("published_at"))
    return rows.select_related("organisation", "industry_chain").order_by("-published_at", "-id")


def capabilities_published(period: Period) -> QuerySet[Capability]:
    rows = Capability.objects.filter(period.holding("published_at"))
    return rows.select_related("organisation").order_by("-published_at", "-id")


def proposals_shown(period: Period) -> QuerySet[Proposal]:
    """Seen by a person of either side for the first time in the period."""
    return _proposals_by_first_of("need_viewed_at", "capability_viewed_at", period)


def proposals_accepted(period: Period) -> QuerySet[Proposal]:
    """With a yes that was not taken back: of one side or of both, counted once, on the day of the first."""
    return _proposals_by_first_of("need_accepted_at", "capability_accepted_at", period)


def proposals_declined(period: Period) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(period.holding("declined_at"), state=ProposalState.DECLINED)
    return rows.select_related(*BOTH_SIDES, "decline_reason").order_by("-declined_at", "-id")


def engagements_opened(period: Period) -> QuerySet[Engagement]:
    rows = Engagement.objects.filter(period.holding("opened_at"))
    pair = [f"proposal__{side}" for side in BOTH_SIDES]
    return rows.select_related(*pair).order_by("-opened_at", "-id")


def outcomes_confirmed(period: Period) -> QuerySet[Outcome]:
    """Confirmed in the period, failures apart."""
    return _decided_outcomes(period).exclude(outcome_type__code=NOT_ACHIEVED)


def outcomes_not_achieved(period: Period) -> QuerySet[Outcome]:
    return _decided_outcomes(period).filter(outcome_type__code=NOT_ACHIEVED)


def _decided_outcomes(period: Period) -> QuerySet[Outcome]:
    rows = Outcome.objects.filter(period.holding("confirmed_at"), state=OutcomeState.CONFIRMED)
    pair = [f"engagement__proposal__{side}" for side in BOTH_SIDES]
    return rows.select_related("outcome_type", *pair).order_by("-confirmed_at", "-id")


def _proposals_by_first_of(one: str, other: str, period: Period) -> QuerySet[Proposal]:
    """With `first_at`: the earlier of two moments, or the one there is. (SQLite's Least of a null is null.)"""
    first = Coalesce(Least(F(one), F(other)), F(one), F(other), output_field=DateTimeField())
    rows = Proposal.objects.annotate(first_at=first).filter(period.holding("first_at"))
    return rows.select_related(*BOTH_SIDES).order_by("-first_at", "-id")
