"""Keeping needs fresh: one button behind a letter, several at once, and what everybody reads of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from apps.accounts.models import Organisation, User
from apps.core import clock
from apps.needs import notices
from apps.needs.models import Need, NeedState
from apps.needs.renewals import needs_due, needs_renew
from apps.needs.selectors import need_card
from apps.needs.services import need_close, need_publish, need_renew, need_reopen
from apps.notifications.models import Notification
from tests.factories import make_need

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("taxonomy")


def in_days(days: int) -> object:
    return clock.today() + timedelta(days=days)


@pytest.fixture
def ending(enterprise: Organisation, sme_owner: User) -> Need:
    return make_need(organisation=enterprise, contact=sme_owner, valid_until=in_days(3))


@pytest.fixture
def ended(enterprise: Organisation, sme_owner: User) -> Need:
    fields = {"state": NeedState.EXPIRED, "published_at": clock.now(), "valid_until": in_days(-3)}
    return make_need(organisation=enterprise, contact=sme_owner, title="去年的需求", **fields)


def test_the_letter_leads_to_one_button_and_reading_changes_nothing(
    ending: Need, sme_owner: User, client_of: ClientOf
) -> None:
    notices.remind_of_last_days(10)
    row = Notification.objects.get(recipient=sme_owner, kind="needs.expiring")
    client, before = client_of(sme_owner), ending.valid_until
    page = client.get(f"/notifications/{row.public_id}/open/", follow=True)
    assert page.request["PATH_INFO"] == f"/needs/{ending.public_id}/renewal/"
    until = clock.today() + timedelta(days=93)
    assert f"仍然有效，续期到 {until}" in page.content.decode()
    ending.refresh_from_db()
    assert ending.valid_until == before
    client.post(page.request["PATH_INFO"])
    ending.refresh_from_db()
    assert ending.valid_until == until


def test_a_second_click_does_not_renew_twice(ended: Need, sme_owner: User, client_of: ClientOf) -> None:
    client, url = client_of(sme_owner), f"/needs/{ended.public_id}/renewal/"
    client.post(url)
    client.post(url)
    ended.refresh_from_db()
    assert ended.state == NeedState.PUBLISHED
    assert ended.valid_until == clock.today() + timedelta(days=90)
    assert "目前不需要续期" in client.get(url).content.decode()


def test_only_its_organisation_renews(
    ending: Need, stranger: User, professor: User, broker: User, client_of: ClientOf
) -> None:
    url = f"/needs/{ending.public_id}/renewal/"
    for person in (stranger, professor, broker):
        assert client_of(person).get(url).status_code == 403
        assert client_of(person).post(url).status_code == 403
    assert Client().get(url)["Location"].startswith("/accounts/sign-in/")
    Need.objects.filter(pk=ending.pk).update(state=NeedState.DRAFT)
    assert client_of(stranger).get(url).status_code == 404


def test_several_are_renewed_at_once(
    ending: Need, ended: Need, sme_owner: User, enterprise: Organisation, client_of: ClientOf
) -> None:
    later = make_need(organisation=enterprise, title="还早的需求")
    foreign = make_need(valid_until=in_days(1))
    client = client_of(sme_owner)
    page = client.get("/needs/renewals/")
    assert [need for need, _until in page.context["rows"]] == [ended, ending]
    assert "全选" in page.content.decode()
    client.post("/needs/renewals/", {"row": [n.public_id for n in (ending, ended, later, foreign)]})
    days = {
        need.title: (need.valid_until - clock.today()).days for need in Need.objects.filter(organisation=enterprise)
    }
    assert days == {ending.title: 93, ended.title: 90, later.title: 90}
    foreign.refresh_from_db()
    assert foreign.valid_until == in_days(1)
    assert "没有待续期的需求" in client.get("/needs/renewals/").content.decode()


def test_nothing_chosen_renews_nothing(ending: Need, sme_owner: User, client_of: ClientOf) -> None:
    answer = client_of(sme_owner).post("/needs/renewals/", {"row": ["a\x00b", "' or 1"]}, follow=True)
    assert "请先勾选" in answer.content.decode()
    assert needs_due(sme_owner).count() == 1


def test_one_that_a_colleague_closed_does_not_keep_the_others(
    ending: Need, ended: Need, sme_owner: User, colleague: User
) -> None:
    rows = list(needs_due(sme_owner))
    need_close(need=Need.objects.get(pk=ended.pk), by=colleague)
    renewed = needs_renew(needs=rows, by=sme_owner)
    assert renewed.done == 1
    assert [line.split("：")[0] for line in renewed.refused] == [ended.title]


def test_it_says_when_it_was_last_confirmed(
    ending: Need, ended: Need, sme_owner: User, enterprise: Organisation
) -> None:
    waiting = make_need(organisation=enterprise, state=NeedState.SUBMITTED)
    fields = {"contact": sme_owner, "published_at": clock.now()}
    closed = make_need(organisation=enterprise, state=NeedState.CLOSED, **fields)
    with clock.at(clock.now() + timedelta(hours=1)):
        now = clock.now()
        need_publish(need=waiting, by=None)
        need_reopen(need=closed, by=sme_owner)
        for need in (ending, ended):
            need_renew(need=need, by=sme_owner)
        for need in (waiting, closed, ending, ended):
            need.refresh_from_db()
            assert need.confirmed_at == now
            assert need_card(need, sme_owner).confirmed_at == now


@pytest.mark.parametrize(("days", "said"), [(0, "今天"), (3, "3 天前"), (60, "60 天前"), (61, "")])
def test_cards_and_pages_say_how_long_ago(days: int, said: str) -> None:
    moment = clock.now() - timedelta(days=days)
    need = make_need(confirmed_at=moment)
    said = said or moment.astimezone().date().isoformat()
    assert f"最近确认：{said}" in Client().get("/needs/").content.decode()
    assert f"<dd>{said}</dd>" in Client().get(f"/needs/{need.public_id}/").content.decode()


@pytest.mark.parametrize("state", [NeedState.PUBLISHED, NeedState.ENGAGED])
def test_what_is_past_its_day_is_hidden_before_a_task_marks_it(
    state: NeedState, enterprise: Organisation, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    need = make_need(organisation=enterprise, state=state, valid_until=in_days(-1), published_at=clock.now())
    for client in (Client(), client_of(professor)):
        assert need.title not in client.get("/needs/").content.decode()
        assert client.get(f"/needs/{need.public_id}/").status_code == 404
        assert need.public_id not in client.get("/api/v1/needs/").content.decode()
        assert client.get(f"/api/v1/needs/{need.public_id}/").status_code == 404
    page = client_of(sme_owner).get(f"/needs/{need.public_id}/").content.decode()
    assert escape("有效期已过，不再展示和匹配") in page


def test_its_owners_are_told_on_the_page_the_list_and_at_home(
    ending: Need, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    client = client_of(sme_owner)
    assert "还有 3 天到期" in client.get(f"/needs/{ending.public_id}/").content.decode()
    assert "/needs/renewals/" in client.get("/needs/mine/").content.decode()
    assert f"/needs/{ending.public_id}/renewal/" in client.get("/").content.decode()
    assert "到期后不再展示" not in client_of(professor).get(f"/needs/{ending.public_id}/").content.decode()


def test_a_longer_list_costs_no_more_queries(
    ending: Need, sme_owner: User, enterprise: Organisation, client_of: ClientOf
) -> None:
    client, counts = client_of(sme_owner), []
    for more in (0, 5):
        for _number in range(more):
            make_need(organisation=enterprise, valid_until=in_days(2))
        with CaptureQueriesContext(connection) as queries:
            client.get("/needs/renewals/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
