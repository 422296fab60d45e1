"""The office: every page opens for those who may, and for nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.administration.models import Announcement, ErasureRequest
from apps.administration.services.erasure import erasure_ask
from apps.core import audit, clock
from apps.taxonomy.models import Term

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
STAFF = ["overview", "announcements", "vocabularies"]
ADMINISTRATORS = [
    "people",
    "person_invite",
    "settings",
    "switches",
    "announcement_new",
    "trail",
    "retention",
    "erasures",
]


@pytest.fixture
def rows(sme_owner: User, administrator: User, taxonomy: None) -> list[tuple[str, list[Any]]]:
    """Pages about one row each."""
    announcement = Announcement.objects.create(text="今晚维护", ends_at=clock.now() + timedelta(days=1))
    asked = erasure_ask(person=sme_owner)
    term = Term.objects.filter(vocabulary="tag").first()
    assert term is not None
    audit.record(term, "term.edited", by=administrator, changes={"name": ["旧", "新"]})
    return [
        ("person", [sme_owner.pk]),
        ("setting", ["retention.drafts"]),
        ("setting", ["switch.sign_up"]),
        ("announcement", [announcement.public_id]),
        ("term_add", ["tag"]),
        ("term_merge", [term.pk]),
        ("erasure", [asked.public_id]),
    ]


def test_every_page_opens_for_an_administrator(
    rows: list[tuple[str, list[Any]]], administrator: User, client_of: ClientOf
) -> None:
    client = client_of(administrator)
    for name, arguments in [*[(name, []) for name in STAFF + ADMINISTRATORS], *rows]:
        response = client.get(reverse(f"office:{name}", args=arguments))
        assert response.status_code == 200, name
    term = Term.objects.filter(vocabulary="tag")[0]
    for name in ("vocabulary", "term"):
        argument = term.pk if name == "term" else "tag"
        assert client.get(reverse(f"office:{name}", args=[argument])).status_code == 200


def test_reviewers_see_announcements_and_vocabularies_and_change_nothing(
    rows: list[tuple[str, list[Any]]], reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    for name in STAFF:
        assert client.get(reverse(f"office:{name}")).status_code == 200
    for name, arguments in [*[(name, []) for name in ADMINISTRATORS], *rows]:
        assert client.get(reverse(f"office:{name}", args=arguments)).status_code == 403, name
    term = Term.objects.filter(vocabulary="tag")[0]
    page = client.get(reverse("office:term", args=[term.pk]))
    assert page.status_code == 200
    assert "停用词条" not in page.content.decode()
    assert client.post(reverse("office:term", args=[term.pk]), {"name": "改名", "position": "1"}).status_code == 403
    term.refresh_from_db()
    assert term.name != "改名"


@pytest.mark.parametrize("role", ["sme_owner", "professor", "stranger", "broker"])
def test_nobody_else_gets_in(
    rows: list[tuple[str, list[Any]]], role: str, request: pytest.FixtureRequest, client_of: ClientOf
) -> None:
    client = client_of(request.getfixturevalue(role))
    for name, arguments in [*[(name, []) for name in STAFF + ADMINISTRATORS], *rows]:
        assert client.get(reverse(f"office:{name}", args=arguments)).status_code == 403, name


POSTED = [
    ("person_close", ["person"]),
    ("person_reopen", ["person"]),
    ("setting_reset", ["key"]),
    ("switch", ["switch"]),
    ("announcement_end", ["announcement"]),
    ("term_set_active", ["term"]),
    ("alias_add", ["term"]),
    ("term_merge", ["term"]),
    ("erasure_carry_out", ["erasure"]),
    ("erasure_cancel", ["erasure"]),
]


@pytest.mark.parametrize(("name", "arguments"), POSTED)
@pytest.mark.parametrize("role", ["colleague", "broker", "reviewer"])
def test_nobody_else_acts(
    rows: list[tuple[str, list[Any]]],
    sme_owner: User,
    role: str,
    name: str,
    arguments: list[str],
    request: pytest.FixtureRequest,
    client_of: ClientOf,
) -> None:
    known = {
        "person": sme_owner.pk,
        "key": "retention.drafts",
        "switch": "sign_up",
        "announcement": Announcement.objects.get().public_id,
        "term": Term.objects.filter(vocabulary="tag")[0].pk,
        "erasure": ErasureRequest.objects.get().public_id,
    }
    client = client_of(request.getfixturevalue(role))
    assert client.post(reverse(f"office:{name}", args=[known[one] for one in arguments])).status_code == 403


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    for name in STAFF + ADMINISTRATORS:
        assert client.get(reverse(f"office:{name}")).status_code == 302


@pytest.mark.parametrize(
    ("name", "queries"),
    [("people", 6), ("announcements", 5), ("settings", 4), ("trail", 4), ("erasures", 5), ("vocabularies", 4)],
)
def test_lists_ask_a_fixed_number_of_queries(
    name: str,
    queries: int,
    rows: list[tuple[str, list[Any]]],
    administrator: User,
    professor: User,
    client_of: ClientOf,
    django_assert_max_num_queries: Any,
) -> None:
    """At most: the session, the person, the membership, what the list counts, its rows and what hangs on them."""
    client = client_of(administrator)
    client.get("/")
    with django_assert_max_num_queries(queries + 6):
        client.get(reverse(f"office:{name}"))
