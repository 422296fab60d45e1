"""Signing in and out, lockout, and resetting a password."""

import re

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.models import User

SIGN_IN = "/accounts/sign-in/"
PASSWORD = "correct-horse-2026"


def page_of(email: str, password: str) -> str:
    """The answer to a try, without what the person typed and without one-time values."""
    text = Client().post(SIGN_IN, {"username": email, "password": password}).content.decode()
    return re.sub(r'value="[^"]*"|data-csrf="[^"]*"', "", text)


def test_the_address_may_be_typed_in_capitals(client: Client, sme_owner: User) -> None:
    response = client.post(SIGN_IN, {"username": sme_owner.email.upper(), "password": PASSWORD})
    assert response.status_code == 302
    assert client.get("/accounts/profile/").status_code == 200


def test_sign_in_does_not_tell_whether_an_address_is_registered(sme_owner: User) -> None:
    assert page_of(sme_owner.email, "wrong") == page_of("nobody@nowhere.example", "wrong")


def test_a_closed_account_answers_like_none(sme_owner: User) -> None:
    User.objects.filter(pk=sme_owner.pk).update(is_active=False)
    assert page_of(sme_owner.email, PASSWORD) == page_of("nobody@nowhere.example", PASSWORD)


def test_sign_in_returns_only_to_this_site(client: Client, sme_owner: User) -> None:
    data = {"username": sme_owner.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(SIGN_IN, data)["Location"] == "/"


def test_many_failures_lock_the_door_for_a_while_however_the_address_is_typed(sme_owner: User) -> None:
    client = Client()
    for turn in range(10):
        typed = sme_owner.email.upper() if turn % 2 else sme_owner.email
        last = client.post(SIGN_IN, {"username": typed, "password": "wrong"})
    assert last.status_code == 429
    assert "请稍等片刻再登录" in last.content.decode()
    assert client.post(SIGN_IN, {"username": sme_owner.email, "password": PASSWORD}).status_code == 429


@pytest.mark.django_db
def test_signing_out_needs_a_post(client: Client, sme_owner: User) -> None:
    client.force_login(sme_owner, backend="apps.accounts.backends.AccountBackend")
    assert client.get("/accounts/sign-out/").status_code == 405
    client.post("/accounts/sign-out/")
    assert client.get("/accounts/profile/").status_code == 302


def test_reset_answers_the_same_for_known_and_unknown_addresses(sme_owner: User) -> None:
    answers = []
    for email in (sme_owner.email, "nobody@nowhere.example"):
        response = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        answers.append(re.sub(r'value="[^"]*"|data-csrf="[^"]*"', "", response.content.decode()))
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [[sme_owner.email]]


def test_the_mailed_link_sets_a_new_password_once(sme_owner: User) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": sme_owner.email})
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert found
    form = client.get(found.group(1), follow=True)
    new = {"new_password1": "green-roller-77", "new_password2": "green-roller-77"}
    client.post(form.redirect_chain[-1][0], new)
    sme_owner.refresh_from_db()
    assert sme_owner.check_password("green-roller-77")
    assert "链接已失效" in Client().get(found.group(1), follow=True).content.decode()
