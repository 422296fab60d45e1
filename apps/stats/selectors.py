"""The rows that the figures count, whenever it was: each with the column of the moment at which it counts."""

from typing import Any

from django.db.models import DateTimeField, Exists, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from apps.accounts.models import (
    CloudCentre,
    Organisation,
    OrganisationKind,
    OrganisationState,
    PlatformRole,
    User,
)
from apps.capabilities.models import Capability
from apps.engagements.models import Contract, Engagement, EngagementState, Instalment, Outcome, OutcomeState
from apps.engagements.services import NOT_ACHIEVED
from apps.matching.models import Proposal, ProposalState
from apps.needs.models import Need
from apps.needs.reply_figures import answer_is_due, in_time

BOTH_SIDES = ("need__organisation", "capability__organisation")
CASE_SIDES = tuple(f"proposal__{side}" for side in BOTH_SIDES)
LONG_TEXTS = (
    *("parts", "reasons", "shared_terms", "indicator_verdicts", "notes"),
    *(f"need__{name}" for name in ("background", "goal", "tried", "unwanted", "partner_requirements")),
    *("capability__description", "capability__details"),
    *(f"{side}__description" for side in BOTH_SIDES),
)
"""Of a proposal and its sides: nine tenths of what a row holds, in no column of a list of many."""


def companies_registered() -> QuerySet[Organisation]:
    return Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE).select_related("district")


def companies_verified() -> QuerySet[Organisation]:
    return companies_registered().filter(state=OrganisationState.VERIFIED, verified_at__isnull=False)


def centres_opened() -> QuerySet[CloudCentre]:
    return CloudCentre.objects.select_related("organisation__district", "industry_chain")


def needs_published() -> QuerySet[Need]:
    """Whatever became of them since."""
    return Need.objects.filter(published_at__isnull=False).select_related("organisation", "industry_chain")


def needs_answered() -> QuerySet[Need]:
    return needs_published().filter(first_replied_at__isnull=False)


def needs_answered_in_week() -> QuerySet[Need]:
    return needs_published().filter(in_time())


def needs_due() -> QuerySet[Need]:
    """Of which it is known whether they were answered within a week."""
    return needs_published().filter(answer_is_due())


def brokers_now() -> QuerySet[User]:
    return User.objects.filter(platform_role=PlatformRole.BROKER, is_active=True)


def companies_of_technology() -> QuerySet[Organisation]:
    """Verified, and recognised in one tier at least."""
    held = Organisation.tiers.through.objects.filter(organisation=OuterRef("pk"))
    return companies_verified().filter(Exists(held))


def capabilities_published() -> QuerySet[Capability]:
    return Capability.objects.filter(published_at__isnull=False).select_related("organisation")


def proposals_shown() -> QuerySet[Proposal]:
    """Seen by a person of either side."""
    return _proposals_by_first_of("need_viewed_at", "capability_viewed_at")


def proposals_accepted() -> QuerySet[Proposal]:
    """With a yes that was not taken back: of one side or of both, counted once, at the first."""
    return _proposals_by_first_of("need_accepted_at", "capability_accepted_at")


def proposals_declined() -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(declined_at__isnull=False, state=ProposalState.DECLINED)
    return rows.select_related(*BOTH_SIDES, "decline_reason").defer(*LONG_TEXTS)


def lists_viewed() -> QuerySet[Need]:
    """Needs of whose list somebody of the need's side saw a place; `first_at` is the first time."""
    placed = Proposal.objects.filter(need=OuterRef("pk"), need_viewed_rank__isnull=False).order_by()
    first = placed.values("need").annotate(first=Min("need_viewed_at")).values("first")
    rows = Need.objects.annotate(first_at=Subquery(first, output_field=DateTimeField()))
    return rows.filter(first_at__isnull=False).select_related("organisation", "industry_chain")


def lists_accepted_within(places: int) -> QuerySet[Need]:
    """Of those, the ones whose side said yes to one of the first places, and did not take it back."""
    accepted = Proposal.objects.filter(
        need=OuterRef("pk"), need_viewed_rank__lte=places, need_accepted_at__isnull=False
    )
    return lists_viewed().filter(Exists(accepted))


def engagements_opened() -> QuerySet[Engagement]:
    return Engagement.objects.select_related(*CASE_SIDES)


def engagements_delivered() -> QuerySet[Engagement]:
    return engagements_opened().filter(state=EngagementState.DELIVERED)


def contracts_signed() -> QuerySet[Contract]:
    return Contract.objects.select_related("contract_type", *_of_case("engagement"))


def contracts_with_technology() -> QuerySet[Contract]:
    return contracts_signed().filter(technology_amount_yuan__isnull=False)


def instalments_received() -> QuerySet[Instalment]:
    return Instalment.objects.filter(received_on__isnull=False).select_related(*_of_case("contract__engagement"))


def outcomes_confirmed() -> QuerySet[Outcome]:
    """Failures apart."""
    return _decided_outcomes().exclude(outcome_type__code=NOT_ACHIEVED)


def outcomes_not_achieved() -> QuerySet[Outcome]:
    return _decided_outcomes().filter(outcome_type__code=NOT_ACHIEVED)


def outcomes_with(column: str) -> QuerySet[Outcome]:
    """Confirmed ones that name an amount in `column`."""
    return outcomes_confirmed().filter(**{f"{column}__isnull": False})


def _decided_outcomes() -> QuerySet[Outcome]:
    rows = Outcome.objects.filter(confirmed_at__isnull=False, state=OutcomeState.CONFIRMED)
    return rows.select_related("outcome_type", *_of_case("engagement"))


def _of_case(prefix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}__{side}" for side in CASE_SIDES)


def _proposals_by_first_of(one: str, other: str) -> QuerySet[Any]:
    """With `first_at`: the earlier of two moments, or the one there is. (SQLite's Least of a null is null.)"""
    first = Coalesce(Least(F(one), F(other)), F(one), F(other), output_field=DateTimeField())
    rows = Proposal.objects.annotate(first_at=first).filter(first_at__isnull=False)
    return rows.select_related(*BOTH_SIDES).defer(*LONG_TEXTS)
