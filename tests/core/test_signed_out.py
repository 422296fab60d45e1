"""A form sent after the session ended loses nothing of what was typed."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import User

pytestmark = pytest.mark.django_db
WORDS = "会话过期时正在写的一条很长的消息"
FORM, PAGE = "/engagements/abcdefghjkmn/messages/", "/notifications/"
KEY = "e3b45915-0512-46a1-a875-aeeb945dd3ae"


def send(client: Client, referer: str = f"http://testserver{PAGE}") -> str:
    answer = client.post(
        FORM, {"text": WORDS, "password": "secret-of-sixteen", "form_key": KEY}, headers={"referer": referer}
    )
    return str(answer["Location"])


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_after_signing_in_one_is_back_on_the_page_of_the_form_with_what_was_typed(sme_owner: User) -> None:
    client = Client()
    assert send(client) == f"/accounts/sign-in/?next={PAGE}"
    client.force_login(sme_owner)
    assert WORDS not in text_of(client, "/")
    page = text_of(client, PAGE)
    assert WORDS in page
    assert "secret-of-sixteen" not in page
    assert KEY not in page
    assert WORDS not in text_of(client, PAGE)  # once


def test_nobody_reads_it_without_signing_in() -> None:
    client = Client()
    assert send(client, "http://testserver/needs/") == "/accounts/sign-in/?next=/needs/"
    assert WORDS not in text_of(client, "/needs/")


def test_another_site_names_no_page_to_return_to() -> None:
    assert send(Client(), "https://elsewhere.example/needs/") == "/accounts/sign-in/?next=/"


def test_a_form_that_was_sent_in_time_keeps_nothing(sme_owner: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(sme_owner)
    client.post("/accounts/organisation/", {"description": WORDS}, headers={"referer": f"http://testserver{PAGE}"})
    assert WORDS not in text_of(client, PAGE)
