"""Tokens and sessions: who gets in, who is kept out, and how it ends."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.core.models import AuditEntry

type Api = Callable[..., APIClient]
PASSWORD = "correct-horse-2026"
TOKEN, OWN = "/api/v1/token/", "/api/v1/organisations/own/"


def sign_in(email: str, password: str) -> "tuple[int, dict[str, str]]":
    answer = APIClient().post(TOKEN, {"email": email, "password": password}, format="json")
    return answer.status_code, answer.json()


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_a_token_lets_a_program_act_until_it_is_revoked(sme_owner: User) -> None:
    code, body = sign_in(sme_owner.email.upper(), PASSWORD)
    assert code == 201
    program = with_token(body["token"])
    assert program.get(OWN).json()["name"] == sme_owner.membership.organisation.name
    assert program.delete(TOKEN).status_code == 204
    assert program.get(OWN).status_code == 401
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"token.created", "token.revoked"}


def test_a_new_token_ends_the_one_before_it(sme_owner: User) -> None:
    first, second = (sign_in(sme_owner.email, PASSWORD)[1]["token"] for _ in range(2))
    assert with_token(first).get(OWN).status_code == 401
    assert with_token(second).get(OWN).status_code == 200


def test_unknown_and_mistaken_are_told_alike(sme_owner: User) -> None:
    wrong, absent = sign_in(sme_owner.email, "wrong"), sign_in("nobody@example.com", "wrong")
    assert wrong == absent
    assert wrong[0] == 401
    assert "邮箱或密码不正确" in wrong[1]["detail"]


def test_a_closed_account_gets_no_token_and_its_token_ends(sme_owner: User) -> None:
    token = sign_in(sme_owner.email, PASSWORD)[1]["token"]
    User.objects.filter(pk=sme_owner.pk).update(is_active=False)
    assert with_token(token).get(OWN).status_code == 401
    assert sign_in(sme_owner.email, PASSWORD)[0] == 401


def test_too_many_failures_lock_the_account_for_the_website_too(sme_owner: User) -> None:
    codes = [sign_in(sme_owner.email, "wrong")[0] for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert codes[0] == 401
    code, body = sign_in(sme_owner.email.upper(), PASSWORD)
    assert code == 429
    assert "暂停了登录" in body["detail"]
    assert not Token.objects.exists()
    website = APIClient().post(
        reverse("accounts:sign_in"), {"username": sme_owner.email, "password": PASSWORD}, format="multipart"
    )
    assert website.status_code == 429


def test_guessing_at_many_accounts_is_slowed_down(taxonomy: None) -> None:
    codes = [sign_in(f"nobody{number}@example.com", "wrong")[0] for number in range(21)]
    assert codes[-1] == 429
    assert codes[:20] == [401] * 20


@pytest.mark.parametrize("key", ["", "x", "Token", "\u4e2d\u6587", "a b"])
def test_a_wrong_token_is_a_401_that_says_how_to_sign_in(db: None, key: str) -> None:
    answer = APIClient().get(OWN, HTTP_AUTHORIZATION=f"Token {key}".encode().decode("latin-1"))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Token")


def test_a_session_needs_the_csrf_token_for_changes(sme_owner: User) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(sme_owner, backend="apps.accounts.backends.AccountBackend")
    sent = {"description": "x", "revision": browser.get(OWN).json()["revision"]}
    assert browser.patch(OWN, sent, format="json").status_code == 403
    browser.get(reverse("home"))
    token = browser.cookies["csrftoken"].value
    assert browser.patch(OWN, sent, format="json", HTTP_X_CSRFTOKEN=token).status_code == 200
