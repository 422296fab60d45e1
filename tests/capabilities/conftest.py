"""Capabilities in the states that the tests of this folder start from."""

from collections.abc import Callable

import pytest

from apps.accounts.models import Organisation, OrganisationState, User
from apps.capabilities.models import Capability, CapabilityState
from apps.matching import requests
from tests.factories import make_capability


@pytest.fixture(autouse=True)
def no_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is asked."""
    monkeypatch.setattr(requests, "send_hints", lambda ids, priority: None)


@pytest.fixture
def draft(university: Organisation, professor: User) -> Capability:
    """Complete: it only has to be published."""
    return make_capability(
        organisation=university, state=CapabilityState.DRAFT, contact=professor, created_by=professor
    )


@pytest.fixture
def published(university: Organisation, professor: User) -> Capability:
    return make_capability(organisation=university, contact=professor, created_by=professor)


@pytest.fixture
def unverified(university: Organisation) -> Organisation:
    university.state = OrganisationState.PENDING
    university.verified_at = None
    university.save()
    return university


@pytest.fixture
def everybody(request: pytest.FixtureRequest) -> dict[str, User]:
    """The cast by name."""
    names = ("sme_owner", "professor", "broker", "reviewer", "administrator", "stranger")
    return {name: request.getfixturevalue(name) for name in names}


@pytest.fixture
def in_state(draft: Capability, published: Capability) -> Callable[[CapabilityState], Capability]:
    """The capability as it would be in a state; what a state needs besides is set, too."""

    def make(state: CapabilityState) -> Capability:
        had_no_date = state in (CapabilityState.DRAFT, CapabilityState.SUBMITTED, CapabilityState.RETURNED)
        capability = draft if had_no_date else published
        Capability.objects.filter(pk=capability.pk).update(state=state)
        capability.refresh_from_db()
        return capability

    return make
