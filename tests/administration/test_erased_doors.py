"""An erased account comes back to life by no door; a token that was out stays dead."""

from collections.abc import Callable

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from apps.accounts.links import LinkExpired, confirmation_token, invitation_token
from apps.accounts.models import Membership, MembershipRole, PlatformRole, User
from apps.accounts.services import email_confirm, member_accept, token_create, user_reactivate
from apps.administration.services.erasure import person_erase
from apps.administration.services.people import Duty, person_reopen, person_set_duty, state_of
from apps.core.errors import DomainError, NotAllowed
from apps.notifications.links import LinkExpired as LetterExpired
from apps.notifications.links import read_unsubscription, unsubscribe_url
from apps.notifications.topics import BY_CODE

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def erased(stranger: User) -> User:
    """The only member of an organisation, forgotten: the membership stays."""
    person_erase(person=User.objects.get(pk=stranger.pk), by=None)
    return User.objects.get(pk=stranger.pk)


def is_dead(person: User) -> bool:
    row = User.objects.get(pk=person.pk)
    return not row.is_active and row.is_erased and row.platform_role == "" and not row.has_usable_password()


def test_an_administrator_does_not_open_it_again(erased: User, administrator: User, client_of: ClientOf) -> None:
    for service in (person_reopen, user_reactivate):
        named = {"person" if service is person_reopen else "user": erased}
        with pytest.raises(DomainError, match="不能恢复"):
            service(**named, by=administrator)
    client_of(administrator).post(reverse("office:person_reopen", args=[erased.pk]))
    assert is_dead(erased)


def test_the_raw_administration_neither_opens_nor_names_it(
    erased: User, administrator: User, client_of: ClientOf
) -> None:
    desk = client_of(administrator)
    desk.post(reverse("admin:accounts_user_changelist"), {"action": "reactivate", "_selected_action": [erased.pk]})
    assert is_dead(erased)
    sent = {"name": "石强", "phone": "13000000004", "platform_role": "administrator", "covers_city": "on"}
    assert desk.post(reverse("admin:accounts_user_change", args=[erased.pk]), sent).status_code == 403
    assert is_dead(erased)
    assert User.objects.get(pk=erased.pk).name != "石强"


def test_it_gets_no_role(erased: User, administrator: User) -> None:
    with pytest.raises(DomainError, match="已停用"):
        person_set_duty(
            person=erased, by=administrator, duty=Duty("administrator", True), reason="", seen=state_of(erased)
        )
    assert is_dead(erased)


def test_no_password_is_sent_and_none_that_was_asked_for_before_is_taken(
    stranger: User, administrator: User, client: Client
) -> None:
    uid = urlsafe_base64_encode(force_bytes(stranger.pk))
    before = default_token_generator.make_token(stranger)
    person_erase(person=User.objects.get(pk=stranger.pk), by=None)
    row = User.objects.get(pk=stranger.pk)
    for email in (stranger.email, row.email):
        client.post(reverse("accounts:password_reset"), {"email": email})
    assert mail.outbox == []
    page = client.get(reverse("accounts:password_reset_confirm", args=[uid, before]), follow=True)
    assert not page.context["validlink"]
    assert is_dead(row)


def test_links_and_tokens_that_were_out_are_dead(
    sme_owner: User, colleague: User, administrator: User, client: Client
) -> None:
    Membership.objects.filter(user=colleague).update(role=MembershipRole.OWNER)
    organisation = Membership.objects.get(user=sme_owner).organisation
    confirmation = confirmation_token(sme_owner)
    invitation = invitation_token(organisation=organisation, inviter=sme_owner, email="new@hailan.example")
    letter = unsubscribe_url(sme_owner, [BY_CODE["searches"]]).rstrip("/").split("/")[-1]
    key = token_create(user=sme_owner)
    api = reverse("api:organisation-own")
    assert client.get(api, headers={"Authorization": f"Token {key}"}).status_code == 200
    person_erase(person=User.objects.get(pk=sme_owner.pk), by=None)
    assert client.get(api, headers={"Authorization": f"Token {key}"}).status_code == 401
    with pytest.raises(LinkExpired):
        email_confirm(token=confirmation)
    with pytest.raises(LinkExpired):
        member_accept(token=invitation, user=administrator)
    with pytest.raises(LetterExpired):
        read_unsubscription(letter)
    assert is_dead(sme_owner)


def test_it_joins_no_organisation(erased: User, sme_owner: User) -> None:
    organisation = Membership.objects.get(user=sme_owner).organisation
    Membership.objects.filter(user=erased).delete()
    token = invitation_token(organisation=organisation, inviter=sme_owner, email=erased.email)
    with pytest.raises((DomainError, NotAllowed)):
        member_accept(token=token, user=erased)
    assert not Membership.objects.filter(user=erased).exists()


def test_nobody_signs_in_or_takes_a_token_with_what_they_knew(erased: User, client: Client) -> None:
    for email in ("stranger@shiling.example", erased.email):
        sent = {"username": email, "password": "correct-horse-2026"}
        client.post(reverse("accounts:sign_in"), sent)
        assert "_auth_user_id" not in client.session
        body = {"email": email, "password": "correct-horse-2026"}
        assert client.post(reverse("api:token"), body, content_type="application/json").status_code == 401


def test_the_address_is_free_for_a_new_account_that_has_nothing_of_the_old(erased: User) -> None:
    anew = User.objects.create_user("stranger@shiling.example", "correct-horse-2026", name="石强")
    assert not Membership.objects.filter(user=anew).exists()
    assert is_dead(erased)


def test_the_raw_administration_keeps_the_last_administrator(administrator: User, client_of: ClientOf) -> None:
    User.objects.filter(pk=administrator.pk).update(is_superuser=False)
    row = User.objects.get(pk=administrator.pk)
    sent = {"name": row.name, "phone": "", "platform_role": "", "covers_city": "on"}
    answer = client_of(row).post(reverse("admin:accounts_user_change", args=[row.pk]), sent)
    assert "至少需要一位管理员" in answer.content.decode()
    assert User.objects.get(pk=row.pk).platform_role == PlatformRole.ADMINISTRATOR


def test_who_is_forgotten_between_the_check_and_the_opening_is_not_opened(
    stranger: User, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    row = User.objects.get(pk=stranger.pk)

    def forgotten_meanwhile(_by: object) -> bool:
        person_erase(person=User.objects.get(pk=stranger.pk), by=None)
        return True

    monkeypatch.setattr("apps.accounts.services.people.is_administrator", forgotten_meanwhile)
    with pytest.raises(DomainError, match="不能恢复"):
        user_reactivate(user=row, by=administrator)
