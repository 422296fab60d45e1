"""Announcements: who sees which, when, and closing them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Organisation, User
from apps.administration import shown
from apps.administration.models import Announcement, Audience
from apps.administration.services.announcements import announcement_end, announcement_save
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.taxonomy.models import Term

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
Write = Callable[..., Announcement]


@pytest.fixture
def write(administrator: User) -> Write:
    def say(text: str = "周六停机维护", **values: Any) -> Announcement:
        values = {"text": text, "ends_at": clock.now() + timedelta(days=2)} | values
        return announcement_save(by=administrator, values=values)

    return say


def banner(client: Client) -> bool:
    return "周六停机维护" in client.get(reverse("needs:board")).content.decode()


AUDIENCES: dict[Audience, set[str | None]] = {
    Audience.EVERYONE: {None, "sme_owner", "professor", "broker", "reviewer"},
    Audience.SIGNED_IN: {"sme_owner", "professor", "broker", "reviewer"},
    Audience.ENTERPRISES: {"sme_owner"},
    Audience.SUPPLIERS: {"professor"},
    Audience.BROKERS: {"broker"},
    Audience.REVIEWERS: {"reviewer"},
}


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("role", [None, "sme_owner", "professor", "broker", "reviewer"])
def test_each_audience_sees_its_own(
    audience: Audience,
    role: str | None,
    write: Write,
    client: Client,
    client_of: ClientOf,
    request: pytest.FixtureRequest,
) -> None:
    write(audience=audience)
    visitor = client_of(request.getfixturevalue(role)) if role else client
    assert banner(visitor) == (role in AUDIENCES[audience])


def test_a_district_narrows_it(
    write: Write, enterprise: Organisation, sme_owner: User, broker: User, client: Client, client_of: ClientOf
) -> None:
    here, there = Term.objects.filter(vocabulary="district")[:2]
    write(district=here)
    Organisation.objects.filter(pk=enterprise.pk).update(district=there)
    assert not banner(client_of(sme_owner))
    assert not banner(client)
    Organisation.objects.filter(pk=enterprise.pk).update(district=here)
    assert banner(client_of(sme_owner))
    assert banner(client_of(broker))  # works for the whole city
    User.objects.filter(pk=broker.pk).update(covers_city=False)
    assert not banner(client_of(broker))


def test_it_is_shown_between_its_times(write: Write, client: Client) -> None:
    start = clock.now() + timedelta(hours=1)
    write(starts_at=start, ends_at=start + timedelta(hours=1))
    assert not banner(client)
    with clock.at(start + timedelta(minutes=1)):
        assert banner(client)
    with clock.at(start + timedelta(hours=1)):
        assert not banner(client)


def test_each_closes_it_for_themselves(write: Write, sme_owner: User, colleague: User, client_of: ClientOf) -> None:
    url = reverse("announcement_dismiss", args=[write().public_id])
    for _ in range(2):
        client_of(sme_owner).post(url)
    assert not banner(client_of(sme_owner))
    assert banner(client_of(colleague))
    listed = client_of(sme_owner).get(reverse("announcements")).content.decode()
    assert "周六停机维护" in listed


def test_a_visitor_closes_it_for_the_session(write: Write, client: Client) -> None:
    client.post(reverse("announcement_dismiss", args=[write().public_id]))
    assert not banner(client)
    assert banner(Client())


def test_closing_leads_back_to_the_page_but_to_no_other_site(write: Write, client: Client) -> None:
    url = reverse("announcement_dismiss", args=[write().public_id])
    assert client.post(url, {"next": "/capabilities/"})["Location"] == "/capabilities/"
    assert client.post(url, {"next": "https://evil.example/"})["Location"] == "/"


def test_an_ended_one_leaves_every_page(write: Write, administrator: User, client: Client) -> None:
    row = write()
    assert banner(client)
    announcement_end(announcement=row, by=administrator)
    assert not banner(client)


def test_of_two_who_change_it_the_second_is_told_and_loses_no_word(
    write: Write, administrator: User, client_of: ClientOf
) -> None:
    row, client = write(), client_of(administrator)
    url = reverse("office:announcement", args=[row.public_id])
    page = client.get(url).content.decode()
    assert f'name="seen" value="{row.revision}"' in page
    sent = {"level": "info", "audience": "everyone", "starts_at": "2026-01-01T08:00", "ends_at": "2099-01-01T08:00"}
    read = sent | {"seen": row.revision}
    assert client.post(url, read | {"text": "周日停机维护"}).status_code == 302
    told = client.post(url, read | {"text": "下周一停机"}).content.decode()
    assert "刚刚被他人修改，现在的内容是“周日停机维护”" in told
    assert "下周一停机" in told
    row.refresh_from_db()
    assert row.text == "周日停机维护"
    assert f'name="seen" value="{row.revision}"' in told
    client.post(url, sent | {"seen": row.revision, "text": "下周一停机"})
    row.refresh_from_db()
    assert row.text == "下周一停机"


def test_one_that_another_changed_meanwhile_is_not_ended(
    write: Write, administrator: User, client_of: ClientOf
) -> None:
    row, client = write(), client_of(administrator)
    listed = reverse("office:announcements")
    url = f"{reverse('office:announcement_end', args=[row.public_id])}?{urlencode({'seen': row.revision})}"
    assert f'action="{url}"' in client.get(listed).content.decode()
    announcement_save(by=administrator, announcement=row, values={"text": "周日停机维护"})
    told = client.post(url, follow=True, headers={"Referer": f"http://testserver{listed}"}).content.decode()
    assert "刚刚被他人修改" in told
    row.refresh_from_db()
    assert not row.is_over
    announcement_end(announcement=row, by=administrator, seen=row.revision)
    row.refresh_from_db()
    assert row.is_over


def test_only_administrators_write(reviewer: User, broker: User) -> None:
    for person in (reviewer, broker):
        with pytest.raises(NotAllowed):
            announcement_save(by=person, values={"text": "我说", "ends_at": clock.now() + timedelta(days=1)})


def test_a_page_asks_at_most_once_more_and_that_seldom(
    write: Write, client: Client, sme_owner: User, client_of: ClientOf, django_assert_num_queries: Any
) -> None:
    """With something to show, a signed-in person's closed ones are asked for; with nothing, nothing is."""
    write(audience=Audience.BROKERS)
    client.get("/announcements/")
    with django_assert_num_queries(0):
        client.get("/announcements/")
    shown.forget_announcements()
    with django_assert_num_queries(1):
        client.get("/announcements/")


def test_the_form_refuses_an_end_before_the_start(administrator: User, client_of: ClientOf, taxonomy: None) -> None:
    sent = {
        "text": "倒着走",
        "level": "info",
        "audience": "everyone",
        "starts_at": "2030-01-02T10:00",
        "ends_at": "2030-01-01T10:00",
    }
    client = client_of(administrator)
    page = client.post(reverse("office:announcement_new"), sent).content.decode()
    assert "结束时间须晚于开始时间。" in page
    assert client.post(reverse("office:announcement_new"), sent | {"ends_at": "2030-01-03T10:00"}).status_code == 302
    row = Announcement.objects.get()
    edited = sent | {"text": "改过了", "ends_at": "2030-01-04T10:00"}
    assert client.post(reverse("office:announcement", args=[row.public_id]), edited).status_code == 302
    row.refresh_from_db()
    assert row.text == "改过了"


@pytest.mark.parametrize("name", ["starts_at", "ends_at"])
@pytest.mark.parametrize("year", ["0001", "9999"])
def test_the_ends_of_the_calendar_are_refused_beside_their_field(
    name: str, year: str, administrator: User, client_of: ClientOf, taxonomy: None
) -> None:
    sent = {"text": "年份写错", "level": "info", "audience": "everyone"}
    sent |= {"starts_at": "2030-01-02T10:00", "ends_at": "2030-01-03T10:00"} | {name: f"{year}-01-01T00:00"}
    form = client_of(administrator).post(reverse("office:announcement_new"), sent).context["form"]
    assert form.errors == {name: ["日期不对，请检查年份。"]}
