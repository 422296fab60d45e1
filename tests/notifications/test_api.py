"""What programs that act for a person read and change."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from apps.accounts.models import Organisation, User
from apps.notifications.models import Notification
from apps.notifications.selectors import choices_of, terms_of
from tests.factories import make_notification

pytestmark = pytest.mark.django_db
Tell = Callable[..., int]
LIST, PREFERENCES = "/api/v1/notifications/", "/api/v1/notifications/preferences/"


@pytest.fixture(autouse=True)
def no_limits(settings: LazySettings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture
def program(sme_owner: User) -> APIClient:
    client = APIClient()
    client.force_login(sme_owner, backend="apps.accounts.backends.AccountBackend")
    return client


def test_a_notification_is_read_in_the_language_of_the_request(program: APIClient, tell: Tell, sme_owner: User) -> None:
    tell(sme_owner, kind="tests.translated", params={})
    (row,) = program.get(LIST, headers={"Accept-Language": "en"}).json()["results"]
    assert (row["title"], row["topic_label"]) == ("Needs board", "Progress of engagements")
    assert row["url"].endswith(f"/notifications/{Notification.objects.get().public_id}/open/")
    (row,) = program.get(LIST, headers={"Accept-Language": "zh-hans"}).json()["results"]
    assert row["title"] == "需求大厅"


def test_the_list_is_narrowed_and_holds_what_the_inbox_holds(
    program: APIClient, sme_owner: User, colleague: User, other_enterprise: Organisation
) -> None:
    for topic in ("review", "contracts"):
        make_notification(recipient=sme_owner, topic=topic)
    make_notification(recipient=colleague)
    make_notification(recipient=sme_owner, is_in_inbox=False)
    make_notification(recipient=sme_owner, organisation=other_enterprise)

    def count(**query: str) -> int:
        return int(program.get(LIST, query).json()["count"])

    assert [count(), count(topic="review"), count(unread="true"), count(unread="false")] == [2, 1, 2, 0]
    assert program.get(LIST, {"topic": "weather"}).status_code == 400
    assert program.post(f"{LIST}read/").json() == {"count": 2}
    assert count(unread="true") == 0


def test_all_is_read_up_to_the_newest_that_was_seen(program: APIClient, sme_owner: User, colleague: User) -> None:
    make_notification(recipient=sme_owner)
    newest = make_notification(recipient=sme_owner)
    late, theirs = make_notification(recipient=sme_owner), make_notification(recipient=colleague)

    def answer(until: str) -> Any:
        return program.post(f"{LIST}read/", {"until": until}, format="json")

    assert {answer(until).status_code for until in (theirs.public_id, "nosuchrow234")} == {404}
    assert {answer(until).status_code for until in ("\x00", "", "x" * 5000)} == {400}
    assert answer(newest.public_id).json() == {"count": 2}
    assert list(Notification.objects.filter(recipient=sme_owner, read_at=None)) == [late]


def test_choices_are_changed_one_by_one(program: APIClient, sme_owner: User) -> None:
    body = {"topics": [{"topic": "contracts", "email": "weekly"}], "quiet_until": "07:15"}
    answer = program.patch(PREFERENCES, body, format="json").json()
    assert (answer["quiet_from"], answer["quiet_until"]) == ("22:00", "07:15")
    assert {row["topic"]: row["email"] for row in answer["topics"]}["contracts"] == "weekly"
    program.patch(PREFERENCES, {"topics": [{"topic": "contracts", "site": False}]}, format="json")
    chosen = choices_of(sme_owner)["contracts"]
    assert (chosen.email, chosen.is_in_inbox) == ("weekly", False)
    assert f"{terms_of(sme_owner).quiet_until:%H:%M}" == "07:15"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"topics": [{"topic": "weather"}]},
        {"topics": [{"email": "weekly"}]},
        {"topics": [{"topic": "contracts", "email": "hourly"}]},
        {"topics": [{"topic": "contracts"}] * 11},
        {"topics": "contracts"},
        {"quiet_from": "25:00"},
        {"language": "\x00"},
    ],
)
def test_wrong_choices_are_a_400_and_change_nothing(program: APIClient, sme_owner: User, body: dict[str, Any]) -> None:
    before = choices_of(sme_owner)
    assert program.patch(PREFERENCES, body, format="json").status_code == 400
    assert choices_of(sme_owner) == before


def test_the_list_costs_the_same_however_long_it_is(
    program: APIClient, sme_owner: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _ in range(3):
        make_notification(recipient=sme_owner)
        with django_assert_num_queries(4):  # session, person with membership, number, rows
            program.get(LIST)
