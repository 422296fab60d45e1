"""Queries about engagements and outcomes, starting from what a person may see."""

from typing import TypedDict

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import Viewer, organisation_of
from apps.engagements.models import (
    Agreement,
    Contract,
    ContractFile,
    Engagement,
    Instalment,
    Milestone,
    Outcome,
    OutcomeState,
)
from apps.matching.models import Proposal, Side


class Contact(TypedDict):
    """Whom to call on one side. `person` is None where a need or capability came from a file."""

    side: Side
    organisation: Organisation
    person: User | None


def engagements_of(user: Viewer) -> QuerySet[Engagement]:
    """The list page: newest first, with the numbers of confirmed and of waiting outcomes."""
    rows = Engagement.objects.visible_to(user).select_related(
        "proposal__need__organisation", "proposal__capability__organisation", "owner"
    )
    return rows.annotate(
        confirmed_count=_outcomes_in(OutcomeState.CONFIRMED), waiting_count=_outcomes_in(OutcomeState.REPORTED)
    ).order_by("-opened_at", "-id")


def _outcomes_in(state: OutcomeState) -> Coalesce:
    """How many of a case, counted for the rows of a page only: a join would group every case of the city first."""
    of_case = Outcome.objects.filter(engagement=OuterRef("pk"), state=state).order_by()
    return Coalesce(Subquery(of_case.values("engagement").annotate(number=Count("pk")).values("number")), 0)


def engagements_for_page(user: Viewer) -> QuerySet[Engagement]:
    """With everything the page of one engagement shows."""
    outcomes = Outcome.objects.select_related("outcome_type", "reported_by", "decided_by")
    rows = Engagement.objects.visible_to(user).select_related(
        "proposal__need__organisation",
        "proposal__need__industry_chain",
        "proposal__need__need_type",
        "proposal__need__contact",
        "proposal__need_accepted_by",
        "proposal__capability__organisation",
        "proposal__capability__contact",
        "proposal__capability_accepted_by",
        "owner",
        "broker",
        "ended_by",
        "agreement",
    )
    return rows.prefetch_related(
        "proposal__need__indicators", "proposal__capability__indicators", Prefetch("outcomes", queryset=outcomes)
    )


def contracts_of(user: Viewer) -> QuerySet[Contract]:
    """Contracts of the cases a person may see, with their money, milestones, files and former terms."""
    rows = Contract.objects.filter(engagement__in=Engagement.objects.visible_to(user))
    return rows.select_related("contract_type", "recorded_by").prefetch_related(
        "instalments", "milestones", "files", "former_terms__replaced_by"
    )


def instalments_of(user: Viewer) -> QuerySet[Instalment]:
    rows = Instalment.objects.filter(contract__engagement__in=Engagement.objects.visible_to(user))
    return rows.select_related(*_OF_CONTRACT)


def milestones_of(user: Viewer) -> QuerySet[Milestone]:
    rows = Milestone.objects.filter(contract__engagement__in=Engagement.objects.visible_to(user))
    return rows.select_related(*_OF_CONTRACT)


def contract_files_of(user: Viewer) -> QuerySet[ContractFile]:
    rows = ContractFile.objects.filter(contract__engagement__in=Engagement.objects.visible_to(user))
    return rows.select_related(*_OF_CONTRACT)


_OF_CONTRACT = ("contract__engagement__proposal__need", "contract__engagement__proposal__capability")


def agreements_of(user: Viewer) -> QuerySet[Agreement]:
    rows = Agreement.objects.filter(engagement__in=Engagement.objects.visible_to(user))
    pair = [f"engagement__proposal__{row}__organisation" for row in ("need", "capability")]
    return rows.select_related(*pair, "need_confirmed_by", "capability_confirmed_by")


def outcomes_for_action(user: Viewer) -> QuerySet[Outcome]:
    """Outcomes a person may see, with what the permissions ask about."""
    return Outcome.objects.visible_to(user).select_related(
        "outcome_type", "engagement__proposal__need", "engagement__proposal__capability"
    )


def outcomes_waiting_for(user: Viewer) -> QuerySet[Outcome]:
    """Reported by the other side and to be confirmed by this person's, longest waiting first."""
    organisation = organisation_of(user)
    if organisation is None:
        return Outcome.objects.none()
    need_side = Q(engagement__proposal__need__organisation=organisation)
    supply_side = Q(engagement__proposal__capability__organisation=organisation) & ~need_side
    our_turn = Q(need_side, reported_side=Side.CAPABILITY) | Q(supply_side, reported_side=Side.NEED)
    rows = outcomes_for_action(user).filter(our_turn, state=OutcomeState.REPORTED)
    return rows.select_related("reported_by").order_by("reported_at", "id")


def contacts_of(proposal: Proposal) -> list[Contact]:
    """Both sides' contacts: the named one, else whoever accepted. Ask `contacts_are_shown` before showing them."""
    need, capability = proposal.need, proposal.capability
    ours = need.contact or proposal.need_accepted_by
    theirs = capability.contact or proposal.capability_accepted_by
    return [
        {"side": Side.NEED, "organisation": need.organisation, "person": ours},
        {"side": Side.CAPABILITY, "organisation": capability.organisation, "person": theirs},
    ]
