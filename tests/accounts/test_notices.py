"""Who is told of what becomes of an organisation and its people; the receivers live above accounts."""

from collections.abc import Callable

import pytest

from apps.accounts.links import invitation_token
from apps.accounts.models import Membership, Organisation, OrganisationState, User
from apps.accounts.services import member_accept, organisation_reject, organisation_verify
from apps.accounts.signals import member_joined
from apps.core import clock
from apps.notifications import outbox
from apps.notifications.models import Delivery, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is asked."""
    monkeypatch.setattr(outbox, "send_hints", lambda _letters, **_: None)


@pytest.fixture
def waiting(enterprise: Organisation) -> Organisation:
    enterprise.state, enterprise.verified_at = OrganisationState.PENDING, None
    enterprise.credit_code = "91370200MA3TESTQ0X"
    enterprise.save()
    return enterprise


@pytest.mark.parametrize("kind", ["verified", "rejected"])
def test_a_verdict_is_told_to_the_owners_in_the_site_beside_the_letter_of_accounts(
    kind: str, waiting: Organisation, sme_owner: User, colleague: User, stranger: User, reviewer: User
) -> None:
    if kind == "verified":
        organisation_verify(organisation=waiting, by=reviewer)
    else:
        organisation_reject(organisation=waiting, by=reviewer, reason="信用代码与名称不符。")
    row = Notification.objects.get(kind=f"accounts.{kind}")
    assert row.recipient == sme_owner
    assert waiting.name in row.text.title
    assert ("信用代码与名称不符" in row.text.line) == (kind == "rejected")
    assert not Delivery.objects.exists()


def test_owners_hear_who_joined_and_nobody_else(
    enterprise: Organisation, sme_owner: User, colleague: User, stranger: User
) -> None:
    newcomer = User.objects.create_user("new@hailan.example", "correct-horse-2026", name="新同事")
    token = invitation_token(organisation=enterprise, inviter=sme_owner, email=newcomer.email)
    membership = member_accept(token=token, user=newcomer)
    member_joined.send(Membership, membership=membership)
    row = Notification.objects.get()
    assert (row.recipient, "新同事" in row.text.title) == (sme_owner, True)


def test_a_deactivated_owner_is_told_nothing(
    waiting: Organisation, sme_owner: User, reviewer: User, client_of: Callable[..., object]
) -> None:
    User.objects.filter(pk=sme_owner.pk).update(is_active=False)
    with clock.at(clock.now()):
        organisation_verify(organisation=waiting, by=reviewer)
    assert not Notification.objects.exists()
