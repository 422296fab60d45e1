"""The way into the catalogue."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, OrganisationState, User
from apps.accounts.signals import organisation_verified
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.services import (
    capability_approve,
    capability_publish,
    capability_recall,
    capability_return,
)
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.matching.models import MatchRequest, ProposalState
from tests.factories import make_proposal

pytestmark = pytest.mark.django_db
InState = Callable[[CapabilityState], Capability]


def actions(capability: Capability) -> list[str]:
    entries = AuditEntry.objects.filter(object_id=capability.pk, object_type="capabilities.capability")
    return list(entries.order_by("id").values_list("action", flat=True))


def test_a_verified_organisation_publishes_at_once_and_it_is_matched(draft: Capability, professor: User) -> None:
    capability_publish(capability=draft, by=professor)
    draft.refresh_from_db()
    assert draft.state == CapabilityState.PUBLISHED
    assert draft.published_at is not None
    assert actions(draft) == ["capability.submitted", "capability.published"]
    assert MatchRequest.objects.get().capability == draft


def test_publishing_twice_does_one_thing(draft: Capability, professor: User) -> None:
    capability_publish(capability=draft, by=professor)
    capability_publish(capability=draft, by=professor)
    assert actions(draft) == ["capability.submitted", "capability.published"]


def test_it_waits_for_an_unverified_organisation_and_is_published_with_it(
    draft: Capability, professor: User, unverified: Organisation, reviewer: User
) -> None:
    capability_publish(capability=draft, by=professor)
    draft.refresh_from_db()
    assert draft.state == CapabilityState.SUBMITTED
    assert not MatchRequest.objects.exists()
    unverified.state = OrganisationState.VERIFIED
    unverified.save()
    organisation_verified.send(Organisation, organisation=unverified, by=reviewer)
    draft.refresh_from_db()
    assert draft.state == CapabilityState.PUBLISHED
    assert MatchRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "details", "missing"),
    [
        ("result", {}, {"ip_status", "transfer_modes"}),
        ("expert", {"job_title": "教授"}, {"directions", "confirmed"}),
        ("laboratory", {}, {"level"}),
        ("instrument", {"price": "面议"}, {"bookable"}),
        ("pilot_base", {}, {"field", "scale", "safety", "price"}),
        ("service_team", {}, set()),
    ],
)
def test_each_kind_asks_for_its_own_fields(
    draft: Capability, professor: User, kind: str, details: dict[str, object], missing: set[str]
) -> None:
    Capability.objects.filter(pk=draft.pk).update(kind=kind, details=details, trl=None, value="")
    draft.refresh_from_db()
    with pytest.raises(ValidationError) as caught:
        capability_publish(capability=draft, by=professor)
    assert set(caught.value.message_dict) == missing | {"value"} | ({"trl"} if kind == "result" else set())


@pytest.mark.parametrize("field", ["title", "description", "details"])
def test_an_anonymous_one_must_not_name_its_owner(draft: Capability, professor: User, field: str) -> None:
    draft.disclosure = Disclosure.PUBLIC_ANONYMOUS
    told = "湾理工团队多年积累，已在三家企业应用。"
    if field == "details":
        draft.details = draft.details | {"cases": told}
    else:
        setattr(draft, field, told)
    draft.save()
    with pytest.raises(ValidationError) as caught:
        capability_publish(capability=draft, by=professor)
    assert set(caught.value.message_dict) == {"cases" if field == "details" else field}


def test_an_anonymous_one_may_keep_names_that_are_never_shown(draft: Capability, professor: User) -> None:
    draft.disclosure = Disclosure.PUBLIC_ANONYMOUS
    draft.details = draft.details | {"team": "湾理工表面工程团队"}
    draft.save()
    capability_publish(capability=draft, by=professor)
    draft.refresh_from_db()
    assert draft.state == CapabilityState.PUBLISHED


def test_nobody_publishes_before_their_address_is_confirmed(draft: Capability, professor: User) -> None:
    professor.email_confirmed_at = None
    professor.save()
    with pytest.raises(NotAllowed):
        capability_publish(capability=draft, by=professor)


def test_a_rejected_organisation_publishes_nothing(draft: Capability, professor: User) -> None:
    draft.organisation.state = OrganisationState.REJECTED
    with pytest.raises(NotAllowed):
        capability_publish(capability=draft, by=professor)


def test_only_its_own_people_publish(draft: Capability, everybody: dict[str, User]) -> None:
    for user in (user for name, user in everybody.items() if name != "professor"):
        with pytest.raises(NotAllowed):
            capability_publish(capability=draft, by=user)


def test_a_returned_one_leaves_the_catalogue_with_its_open_proposals_and_can_be_published_again(
    published: Capability, professor: User, reviewer: User
) -> None:
    proposal = make_proposal(capability=published)
    capability_return(capability=published, by=reviewer, reason="  请补充检测报告。  ")
    published.refresh_from_db()
    proposal.refresh_from_db()
    assert (published.state, published.return_reason) == (CapabilityState.RETURNED, "请补充检测报告。")
    assert (proposal.state, proposal.rank) == (ProposalState.PROPOSED, None)
    capability_publish(capability=published, by=professor)
    published.refresh_from_db()
    assert (published.state, published.return_reason) == (CapabilityState.PUBLISHED, "")


def test_a_return_needs_a_reason(published: Capability, reviewer: User) -> None:
    with pytest.raises(DomainError):
        capability_return(capability=published, by=reviewer, reason="  ")


@pytest.mark.parametrize("state", [CapabilityState.DRAFT, CapabilityState.ARCHIVED, CapabilityState.RETURNED])
def test_only_submitted_and_published_ones_are_returned(
    in_state: InState, reviewer: User, state: CapabilityState
) -> None:
    with pytest.raises(StateConflict):
        capability_return(capability=in_state(state), by=reviewer, reason="请补充。")


def test_nobody_but_reviewers_reviews(published: Capability, professor: User, stranger: User, broker: User) -> None:
    for user in (professor, stranger, broker):
        with pytest.raises(NotAllowed):
            capability_return(capability=published, by=user, reason="请补充。")


def test_a_reviewer_approves_what_was_submitted(in_state: InState, reviewer: User) -> None:
    capability = capability_approve(capability=in_state(CapabilityState.SUBMITTED), by=reviewer)
    assert capability.state == CapabilityState.PUBLISHED
    with pytest.raises(StateConflict):
        capability_approve(capability=capability, by=reviewer)


def test_approval_does_not_go_before_the_organisation(
    in_state: InState, reviewer: User, unverified: Organisation
) -> None:
    with pytest.raises(DomainError):
        capability_approve(capability=in_state(CapabilityState.SUBMITTED), by=reviewer)


def test_a_submitted_one_can_be_taken_back_and_others_cannot(in_state: InState, professor: User) -> None:
    capability = capability_recall(capability=in_state(CapabilityState.SUBMITTED), by=professor)
    assert capability.state == CapabilityState.DRAFT
    with pytest.raises(StateConflict):
        capability_recall(capability=in_state(CapabilityState.PUBLISHED), by=professor)
