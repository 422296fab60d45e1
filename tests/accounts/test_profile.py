"""One's own account: data, API token, closing it."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from apps.accounts.models import Membership, User
from apps.accounts.services import token_create, user_deactivate
from apps.core.errors import NotAllowed
from apps.core.models import AuditEntry

ClientOf = Callable[[User], Client]


def test_a_person_changes_name_and_phone(sme_owner: User, client_of: ClientOf) -> None:
    client_of(sme_owner).post("/accounts/profile/", {"name": "陈立新", "phone": "0532-88880000"})
    sme_owner.refresh_from_db()
    assert (sme_owner.name, sme_owner.phone) == ("陈立新", "0532-88880000")
    assert AuditEntry.objects.get(action="user.updated").changes["name"] == ["陈立", "陈立新"]


def test_nobody_gives_themselves_a_role_through_the_form(sme_owner: User, client_of: ClientOf) -> None:
    forged = {"name": "陈立", "phone": "13900000000", "platform_role": "administrator", "is_staff": "on"}
    client_of(sme_owner).post("/accounts/profile/", forged)
    sme_owner.refresh_from_db()
    assert not sme_owner.is_staff
    assert not sme_owner.is_administrator


def test_a_token_is_shown_once(sme_owner: User, client_of: ClientOf) -> None:
    client = client_of(sme_owner)
    first = client.post("/accounts/profile/token/create/", follow=True).content.decode()
    key = Token.objects.get(user=sme_owner).key
    assert key in first
    assert key not in client.get("/accounts/profile/").content.decode()


def test_a_new_token_ends_the_old_one_and_a_revoked_one_is_gone(sme_owner: User, client_of: ClientOf) -> None:
    old = token_create(user=sme_owner)
    new = token_create(user=sme_owner)
    assert list(Token.objects.filter(user=sme_owner).values_list("key", flat=True)) == [new]
    assert old != new
    client_of(sme_owner).post("/accounts/profile/token/revoke/")
    assert not Token.objects.filter(user=sme_owner).exists()
    actions = AuditEntry.objects.filter(action__startswith="token.").values_list("action", flat=True)
    assert sorted(actions) == ["token.created", "token.created", "token.revoked"]


def test_closing_an_account_ends_its_sessions_and_token(colleague: User, sme_owner: User, client_of: ClientOf) -> None:
    client = client_of(colleague)
    elsewhere = client_of(colleague)
    token_create(user=colleague)
    client.post("/accounts/profile/deactivate/")
    assert elsewhere.get("/accounts/profile/").status_code == 302
    assert not Token.objects.filter(user=colleague).exists()
    assert not Membership.objects.filter(user=colleague).exists()


def test_the_last_owner_closes_the_account_only_when_alone(sme_owner: User, colleague: User) -> None:
    with pytest.raises(NotAllowed, match="至少需要一位负责人"):
        user_deactivate(user=sme_owner, by=sme_owner)
    user_deactivate(user=colleague, by=colleague)
    user_deactivate(user=sme_owner, by=sme_owner)
    assert not User.objects.get(pk=sme_owner.pk).is_active


def test_others_are_deactivated_by_administrators_only(
    colleague: User, sme_owner: User, reviewer: User, administrator: User
) -> None:
    for person in (sme_owner, reviewer):
        with pytest.raises(NotAllowed):
            user_deactivate(user=colleague, by=person)
    user_deactivate(user=colleague, by=administrator)
    assert not User.objects.get(pk=colleague.pk).is_active


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["profile/", "organisation/", "password/change/"])
def test_visitors_are_asked_to_sign_in(client: Client, path: str) -> None:
    response = client.get(f"/accounts/{path}")
    assert response["Location"].startswith("/accounts/sign-in/?next=")
