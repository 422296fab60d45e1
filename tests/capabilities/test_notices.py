"""Who is told of what becomes of a capability, once each."""

from datetime import timedelta

import pytest

from apps.accounts.models import Organisation, User
from apps.capabilities import notices
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.services import capability_approve, capability_go_stale, capability_publish, capability_return
from apps.capabilities.tasks import remind
from apps.core import clock
from apps.notifications import outbox
from apps.notifications.models import Notification
from tests.factories import make_capability

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is asked."""
    monkeypatch.setattr(outbox, "send_hints", lambda _letters, **_: None)


@pytest.fixture
def listed(taxonomy: None, university: Organisation, professor: User) -> Capability:
    return make_capability(organisation=university, contact=professor, created_by=professor)


def told(kind: str) -> list[User]:
    return [row.recipient for row in Notification.objects.filter(kind=f"capabilities.{kind}")]


def test_who_publishes_a_capability_is_told_nothing(listed: Capability, professor: User) -> None:
    listed.state = CapabilityState.DRAFT
    listed.save()
    capability_publish(capability=listed, by=professor)
    assert listed.state == CapabilityState.PUBLISHED
    assert not Notification.objects.exists()


def test_the_contact_is_told_when_a_reviewer_publishes(
    listed: Capability, professor: User, stranger: User, reviewer: User
) -> None:
    listed.state = CapabilityState.SUBMITTED
    listed.save()
    capability_approve(capability=listed, by=reviewer)
    assert told("published") == [professor]


def test_a_return_is_told_with_its_reason_to_the_contact(
    listed: Capability, professor: User, stranger: User, reviewer: User
) -> None:
    capability_return(capability=listed, by=reviewer, reason="请写明成熟度。")
    row = Notification.objects.get(kind="capabilities.returned")
    assert (row.recipient, row.is_by_name) == (professor, True)
    assert "请写明成熟度" in row.text.line
    assert row.target == f"/capabilities/{listed.public_id}/"


def test_renewal_is_asked_for_fourteen_and_three_days_before_once_each(listed: Capability, professor: User) -> None:
    Capability.objects.filter(pk=listed.pk).update(valid_until=clock.today() + timedelta(days=15))
    for days, asked in ((15, 0), (14, 1), (13, 1), (4, 1), (3, 2), (2, 2), (0, 2)):
        with clock.at(clock.now() + timedelta(days=15 - days)):
            remind()
            remind()
        assert told("expiring") == [professor] * asked, days


def test_the_contact_is_told_when_a_capability_goes_stale(listed: Capability, professor: User) -> None:
    listed.valid_until = clock.today() - timedelta(days=1)
    listed.save()
    capability_go_stale(capability=listed)
    notices.tell_of_staleness(listed)
    assert told("went_stale") == [professor]


def test_a_deactivated_contact_is_told_nothing(listed: Capability, professor: User, reviewer: User) -> None:
    User.objects.filter(pk=professor.pk).update(is_active=False)
    capability_return(capability=listed, by=reviewer, reason="请补充")
    assert not Notification.objects.exists()
