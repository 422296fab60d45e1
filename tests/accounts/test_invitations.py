"""Joining an organisation by invitation, and leaving it."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail, signing
from django.test import Client

from apps.accounts.links import LinkExpired, read_invitation
from apps.accounts.models import Membership, MembershipRole, Organisation, User
from apps.accounts.services import member_accept, member_invite, member_make_owner, member_remove
from apps.core.errors import DomainError, NotAllowed

ClientOf = Callable[[User], Client]
INVITED = "guest@hailan.example"


@pytest.fixture
def link(sme_owner: User, enterprise: Organisation, django_capture_on_commit_callbacks: Any) -> str:
    with django_capture_on_commit_callbacks(execute=True):
        member_invite(organisation=enterprise, email=INVITED.upper(), by=sme_owner)
    assert mail.outbox[0].to == [INVITED]
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert found
    return found.group(1)


def token_of(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[1]


def guest(email: str = INVITED) -> User:
    return User.objects.create_user(email, "correct-horse-2026", name="客人")


def test_a_new_person_signs_up_with_the_invitation_and_joins(link: str, enterprise: Organisation) -> None:
    client = Client()
    assert enterprise.name in client.get(link).content.decode()
    client.post(link, {"name": "吴芳", "phone": "13911112222", "password": "blue-valve-2026"})
    user = User.objects.get(email=INVITED)
    assert user.membership.organisation == enterprise
    assert user.membership.role == MembershipRole.MEMBER
    assert user.email_confirmed_at is not None
    assert client.get("/accounts/organisation/").status_code == 200


def test_somebody_with_an_account_is_asked_to_sign_in_first(link: str) -> None:
    guest()
    response = Client().get(link)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/sign-in/?next=/accounts/invitation/")


def test_a_signed_in_guest_joins_by_pressing_the_button(
    link: str, enterprise: Organisation, client_of: ClientOf
) -> None:
    user = guest()
    client = client_of(user)
    client.get(link)
    assert not Membership.objects.filter(user=user).exists()
    client.post(link)
    assert Membership.objects.get(user=user).organisation == enterprise


def test_an_invitation_works_once_even_after_leaving(link: str) -> None:
    user = guest()
    membership = member_accept(token=token_of(link), user=user)
    member_remove(membership=membership, by=user)
    with pytest.raises(LinkExpired):
        member_accept(token=token_of(link), user=User.objects.get(pk=user.pk))


def test_an_invitation_is_for_the_address_it_was_sent_to(link: str, client_of: ClientOf) -> None:
    other = guest("other@hailan.example")
    assert "另一个邮箱" in client_of(other).get(link).content.decode()
    with pytest.raises(NotAllowed):
        member_accept(token=token_of(link), user=other)


def test_an_invitation_ends_after_seven_days(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    later = time.time() + timedelta(days=7, seconds=5).total_seconds()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    with pytest.raises(LinkExpired):
        read_invitation(token_of(link))


def test_an_invitation_ends_when_its_sender_no_longer_owns_the_organisation(
    link: str, sme_owner: User, colleague: User
) -> None:
    member_make_owner(membership=colleague.membership, by=sme_owner)
    member_remove(membership=sme_owner.membership, by=sme_owner)
    with pytest.raises(LinkExpired):
        read_invitation(token_of(link))


def test_a_confirmation_link_is_no_invitation(sme_owner: User) -> None:
    forged = signing.dumps({"user": sme_owner.pk, "email": sme_owner.email}, salt="accounts.email")
    with pytest.raises(LinkExpired):
        read_invitation(forged)


def test_one_person_acts_for_one_organisation(
    sme_owner: User, enterprise: Organisation, stranger: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        member_invite(organisation=enterprise, email=stranger.email, by=sme_owner)
    found = re.search(r"/invitation/([^/]+)/", str(mail.outbox[0].body))
    assert found
    with pytest.raises(DomainError, match="已属于一家机构"):
        member_accept(token=found.group(1), user=stranger)


def test_inviting_tells_nothing_of_who_has_an_account(client_of: ClientOf, sme_owner: User, stranger: User) -> None:
    answers = []
    for email in (stranger.email, "nobody@nowhere.example"):
        page = client_of(sme_owner).post("/accounts/organisation/invite/", {"email": email}, follow=True)
        text = page.content.decode().replace(email, "")
        answers.append(re.sub(r'value="[^"]*"|data-csrf="[^"]*"', "", text))
    assert answers[0] == answers[1]


def test_only_an_owner_invites(colleague: User, stranger: User, professor: User, enterprise: Organisation) -> None:
    for person in (colleague, stranger, professor):
        with pytest.raises(NotAllowed):
            member_invite(organisation=enterprise, email="x@y.example", by=person)


def test_the_last_owner_cannot_leave_and_can_once_there_is_another(sme_owner: User, colleague: User) -> None:
    with pytest.raises(NotAllowed, match="至少需要一位负责人"):
        member_remove(membership=sme_owner.membership, by=sme_owner)
    member_make_owner(membership=colleague.membership, by=sme_owner)
    member_remove(membership=sme_owner.membership, by=sme_owner)
    assert not Membership.objects.filter(user=sme_owner).exists()


def test_a_member_leaves_by_themselves_but_removes_nobody(
    client_of: ClientOf, sme_owner: User, colleague: User
) -> None:
    client = client_of(colleague)
    refused = client.post(f"/accounts/organisation/members/{sme_owner.membership.pk}/remove/")
    assert refused.status_code == 403
    assert client.post(f"/accounts/organisation/members/{colleague.membership.pk}/remove/").status_code == 302
    assert not Membership.objects.filter(user=colleague).exists()


def test_members_of_other_organisations_are_not_there(client_of: ClientOf, sme_owner: User, stranger: User) -> None:
    response = client_of(sme_owner).post(f"/accounts/organisation/members/{stranger.membership.pk}/remove/")
    assert response.status_code == 404
    assert Membership.objects.filter(user=stranger).exists()
