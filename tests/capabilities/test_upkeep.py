"""The later life: confirmed, gone stale, taken down, put back."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.capabilities.models import DEFAULT_VALIDITY, Capability, CapabilityState
from apps.capabilities.selectors import capabilities_past_their_day
from apps.capabilities.services import (
    capability_archive,
    capability_confirm,
    capability_go_stale,
    capability_reopen,
)
from apps.capabilities.tasks import go_stale
from apps.core import clock
from apps.core.errors import NotAllowed, StateConflict
from apps.matching.models import MatchRequest, ProposalState
from tests.factories import make_capability, make_proposal

pytestmark = pytest.mark.django_db
InState = Callable[[CapabilityState], Capability]


def run_out(capability: Capability) -> Capability:
    Capability.objects.filter(pk=capability.pk).update(valid_until=clock.today() - timedelta(days=1))
    capability.refresh_from_db()
    return capability


def test_confirming_renews_for_a_year_and_matches_nothing_anew(published: Capability, professor: User) -> None:
    Capability.objects.filter(pk=published.pk).update(valid_until=clock.today() + timedelta(days=3))
    published.refresh_from_db()
    capability_confirm(capability=published, by=professor)
    published.refresh_from_db()
    assert published.valid_until == clock.today() + DEFAULT_VALIDITY
    assert published.confirmed_at is not None
    assert not MatchRequest.objects.exists()


def test_one_past_its_day_goes_stale_and_comes_back_by_one_click(published: Capability, professor: User) -> None:
    first_published = published.published_at
    proposal = make_proposal(capability=run_out(published))
    assert list(capabilities_past_their_day()) == [published]
    capability_go_stale(capability=published)
    proposal.refresh_from_db()
    assert proposal.rank is None
    assert not Capability.objects.open().exists()
    capability_confirm(capability=published, by=professor)
    published.refresh_from_db()
    assert published.is_open
    assert published.published_at == first_published
    assert MatchRequest.objects.count() == 1


def test_the_task_takes_what_is_past_its_day_and_only_that_and_may_run_twice(published: Capability) -> None:
    past = run_out(make_capability(title="过期的"))
    go_stale()
    go_stale()
    past.refresh_from_db()
    published.refresh_from_db()
    assert (past.state, published.state) == (CapabilityState.STALE, CapabilityState.PUBLISHED)


def test_one_within_its_days_does_not_go_stale(published: Capability) -> None:
    with pytest.raises(StateConflict):
        capability_go_stale(capability=published)


@pytest.mark.parametrize("state", [CapabilityState.DRAFT, CapabilityState.SUBMITTED, CapabilityState.ARCHIVED])
def test_only_what_is_in_the_catalogue_is_confirmed(in_state: InState, professor: User, state: CapabilityState) -> None:
    with pytest.raises(StateConflict):
        capability_confirm(capability=in_state(state), by=professor)


def test_taken_down_it_is_out_of_the_catalogue_and_its_answers_stay(published: Capability, professor: User) -> None:
    untouched = make_proposal(capability=published)
    capability_archive(capability=published, by=professor)
    untouched.refresh_from_db()
    assert not Capability.objects.open().exists()
    assert (untouched.state, untouched.rank) == (ProposalState.PROPOSED, None)


def test_put_back_it_is_matched_again_and_valid_again(published: Capability, professor: User) -> None:
    capability_archive(capability=run_out(published), by=professor)
    capability_reopen(capability=published, by=professor)
    published.refresh_from_db()
    assert published.is_open
    assert MatchRequest.objects.count() == 1


def test_one_that_is_not_fit_for_the_catalogue_comes_back_as_a_draft(published: Capability, professor: User) -> None:
    capability_archive(capability=published, by=professor)
    Capability.objects.filter(pk=published.pk).update(value="")
    capability_reopen(capability=Capability.objects.get(pk=published.pk), by=professor)
    published.refresh_from_db()
    assert published.state == CapabilityState.DRAFT


@pytest.mark.parametrize("state", [CapabilityState.DRAFT, CapabilityState.SUBMITTED, CapabilityState.STALE])
def test_only_the_archive_is_reopened(in_state: InState, professor: User, state: CapabilityState) -> None:
    with pytest.raises(StateConflict):
        capability_reopen(capability=in_state(state), by=professor)


def test_strangers_keep_their_hands_off(
    published: Capability, stranger: User, sme_owner: User, broker: User, reviewer: User
) -> None:
    for user in (stranger, sme_owner, broker, reviewer):
        for service in (capability_archive, capability_confirm, capability_reopen):
            with pytest.raises(NotAllowed):
                service(capability=published, by=user)


def test_an_administrator_may_take_it_down(published: Capability, administrator: User) -> None:
    capability_archive(capability=published, by=administrator)
    published.refresh_from_db()
    assert published.state == CapabilityState.ARCHIVED
