"""Keeping capabilities fresh: one button behind a letter, several at once, and what is hidden."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.models import Organisation, User
from apps.capabilities import notices
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.notifications.models import Notification
from tests.factories import make_capability

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("taxonomy")


def in_days(days: int) -> object:
    return clock.today() + timedelta(days=days)


@pytest.fixture
def ending(university: Organisation, professor: User) -> Capability:
    return make_capability(organisation=university, contact=professor, valid_until=in_days(3))


@pytest.fixture
def stale(university: Organisation, professor: User) -> Capability:
    fields = {"state": CapabilityState.STALE, "published_at": clock.now(), "valid_until": in_days(-3)}
    return make_capability(organisation=university, contact=professor, title="去年的成果", **fields)


def test_the_letter_leads_to_one_button_and_reading_changes_nothing(
    ending: Capability, professor: User, client_of: ClientOf
) -> None:
    notices.remind_of_last_days(10)
    row = Notification.objects.get(recipient=professor, kind="capabilities.expiring")
    client, before = client_of(professor), ending.valid_until
    page = client.get(f"/notifications/{row.public_id}/open/", follow=True)
    assert page.request["PATH_INFO"] == f"/capabilities/{ending.public_id}/renewal/"
    until = clock.today() + timedelta(days=365)
    assert f"仍然有效，确认到 {until}" in page.content.decode()
    ending.refresh_from_db()
    assert ending.valid_until == before
    client.post(page.request["PATH_INFO"])
    ending.refresh_from_db()
    assert ending.valid_until == until
    assert "目前不需要确认" in client.get(page.request["PATH_INFO"]).content.decode()


def test_several_are_confirmed_at_once(
    ending: Capability, stale: Capability, professor: User, client_of: ClientOf
) -> None:
    foreign, client = make_capability(valid_until=in_days(1)), client_of(professor)
    assert list(client.get("/capabilities/renewals/").context["page"]) == [stale, ending]
    client.post("/capabilities/renewals/", {"row": [row.public_id for row in (ending, stale, foreign)]})
    for row in (ending, stale, foreign):
        row.refresh_from_db()
    assert ending.valid_until == stale.valid_until == in_days(365)
    assert stale.state == CapabilityState.PUBLISHED
    assert foreign.valid_until == in_days(1)
    assert "没有待确认的资源" in client.get("/capabilities/renewals/").content.decode()


def test_only_its_organisation_confirms(
    ending: Capability, stale: Capability, sme_owner: User, broker: User, client_of: ClientOf
) -> None:
    for person in (sme_owner, broker):
        client = client_of(person)
        assert client.post(f"/capabilities/{ending.public_id}/renewal/").status_code == 403
        assert client.post(f"/capabilities/{stale.public_id}/renewal/").status_code == 404
    assert Client().post(f"/capabilities/{ending.public_id}/renewal/").status_code == 302
    ending.refresh_from_db()
    assert ending.valid_until == in_days(3)


def test_what_is_past_its_day_is_hidden_before_a_task_marks_it(
    university: Organisation, professor: User, sme_owner: User, client_of: ClientOf
) -> None:
    row = make_capability(organisation=university, valid_until=in_days(-1))
    for client in (Client(), client_of(sme_owner)):
        assert row.title not in client.get("/capabilities/").content.decode()
        assert client.get(f"/capabilities/{row.public_id}/").status_code == 404
        assert row.public_id not in client.get("/api/v1/capabilities/").content.decode()
    assert "暂不展示和匹配" in client_of(professor).get(f"/capabilities/{row.public_id}/").content.decode()


def test_its_owners_are_told_on_the_page_the_list_and_at_home(
    ending: Capability, stale: Capability, professor: User, client_of: ClientOf
) -> None:
    client = client_of(professor)
    assert "还有 3 天到期" in client.get(f"/capabilities/{ending.public_id}/").content.decode()
    assert "/capabilities/renewals/" in client.get("/capabilities/mine/").content.decode()
    home = client.get("/").content.decode()
    assert "2 项资源待确认" in home
    assert "/capabilities/renewals/" in home


def test_cards_say_how_long_ago_it_was_confirmed() -> None:
    make_capability(confirmed_at=clock.now() - timedelta(days=5))
    assert "最近确认：5 天前" in Client().get("/capabilities/").content.decode()
