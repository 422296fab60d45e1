"""The page of rematches: for the platform's staff; only administrators start and stop."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core import clock
from apps.core.models import AuditEntry
from apps.matching import tasks
from apps.matching.models import Rematch, RematchCause, RematchScope, RematchState
from apps.matching.rematches.services import rematch_pause, rematch_start
from apps.matching.rematches.targets import Target
from apps.needs.models import Need
from apps.taxonomy.models import Term, Vocabulary
from tests.factories import make_need
from tests.matching.pages import HTMX, SignIn, text_of

ROLES = ("sme_owner", "colleague", "professor", "stranger", "broker", "reviewer", "administrator")
PAGE = "/rematches/"


@pytest.fixture
def rematch(need: Need) -> Rematch:
    return rematch_start(target=Target(RematchScope.NEEDS), by=None)


def url_of(name: str, rematch: Rematch) -> str:
    return reverse(f"matching:rematch_{name}", args=[rematch.public_id])


@pytest.mark.parametrize("role", ROLES)
def test_staff_see_how_it_goes_and_others_do_not(
    rematch: Rematch, client_of: SignIn, role: str, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(role))
    expected = 200 if role in ("reviewer", "administrator") else 403
    assert client.get(PAGE).status_code == client.get(url_of("progress", rematch)).status_code == expected


@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_start_and_stop(
    rematch: Rematch, client_of: SignIn, role: str, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(role))
    answers = [client.post(url_of(name, rematch)).status_code for name in ("pause", "resume", "cancel")]
    answers.append(client.post(PAGE, {"what": "needs"}).status_code)
    assert answers == [302 if role == "administrator" else 403] * 4


def test_visitors_are_asked_to_sign_in(rematch: Rematch, client: Client) -> None:
    assert client.get(PAGE).status_code == client.post(PAGE, {"what": "needs"}).status_code == 302
    assert client.get(url_of("progress", rematch), headers=HTMX).status_code == 401
    assert client.post(url_of("cancel", rematch)).status_code == 302
    assert Rematch.objects.get().state == RematchState.RUNNING


def test_steering_is_only_posted(rematch: Rematch, administrator: User, client_of: SignIn) -> None:
    client = client_of(administrator)
    assert {client.get(url_of(name, rematch)).status_code for name in ("pause", "resume", "cancel")} == {405}


def test_a_reviewer_reads_without_buttons(rematch: Rematch, reviewer: User, client_of: SignIn) -> None:
    text = text_of(client_of(reviewer), PAGE)
    assert "全部在榜需求" in text
    assert "开始匹配" not in text
    assert url_of("pause", rematch) not in text


def test_an_administrator_starts_pauses_goes_on_and_cancels_and_each_is_kept(
    need: Need, administrator: User, client_of: SignIn
) -> None:
    client = client_of(administrator)
    chain = need.industry_chain
    assert chain is not None
    client.post(PAGE, {"what": f"chain:{chain.code}"})
    rematch = Rematch.objects.get()
    assert (rematch.target, rematch.total, rematch.started_by) == (f"chain:{chain.code}", 1, administrator)
    assert rematch.cause == RematchCause.PERSON
    for name, state in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        client.post(url_of(name, rematch))
        rematch.refresh_from_db()
        assert rematch.state == state
    entries = AuditEntry.objects.filter(object_type="matching.rematch").order_by("pk")
    told = list(entries.values_list("action", "actor"))
    actions = ("rematch.started", "rematch.paused", "rematch.resumed", "rematch.cancelled")
    assert told == [(action, administrator.pk) for action in actions]


def test_the_same_range_is_not_started_twice(rematch: Rematch, administrator: User, client_of: SignIn) -> None:
    response = client_of(administrator).post(PAGE, {"what": "needs"})
    assert "这个范围已有一项重新匹配" in response.content.decode()
    assert Rematch.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"what": "since"}, "请填写起始日期"),
        ({"what": "since", "since": "昨天"}, "请填写日期"),
        ({"what": "chain:nosuch"}, "选择"),
        ({}, "必填"),
    ],
)
def test_a_form_that_is_wrong_says_so(
    *, taxonomy: None, administrator: User, client_of: SignIn, fields: dict[str, str], problem: str
) -> None:
    response = client_of(administrator).post(PAGE, fields)
    assert response.status_code == 200
    assert "field-wrong" in response.content.decode()
    assert not Rematch.objects.exists()


def test_ranges_hold_what_they_say(need: Need, administrator: User, client_of: SignIn) -> None:
    client = client_of(administrator)
    district = Term.objects.filter(vocabulary=Vocabulary.DISTRICT)[0]
    other = make_need()
    other.organisation.district = district
    other.organisation.save()
    Need.objects.filter(pk=need.pk).update(published_at=clock.now() - timedelta(days=40))
    today = clock.today().isoformat()
    for what, since in ((f"district:{district.code}", ""), ("since", today), ("needs", ""), ("capabilities", "")):
        client.post(PAGE, {"what": what, "since": since})
    totals = dict(Rematch.objects.values_list("target", "total"))
    assert totals == {f"district:{district.code}": 1, f"since:{today}": 1, "needs": 2, "capabilities": 0}


def test_the_bar_moves_and_the_page_is_read_anew_at_the_end(
    rematch: Rematch, reviewer: User, client_of: SignIn
) -> None:
    client = client_of(reviewer)
    running = client.get(url_of("progress", rematch), headers=HTMX)
    assert "已匹配 0 / 1" in running.content.decode()
    assert "HX-Refresh" not in running
    tasks.rematch(rematch.public_id)
    over = client.get(url_of("progress", rematch), headers=HTMX)
    assert over["HX-Refresh"] == "true"
    assert "100%" in over.content.decode()


def test_a_button_that_comes_too_late_is_told(rematch: Rematch, administrator: User, client_of: SignIn) -> None:
    tasks.rematch(rematch.public_id)
    response = client_of(administrator).post(url_of("pause", rematch), follow=True)
    assert "内容刚刚被他人更新" in response.content.decode()


def test_the_page_costs_the_same_however_long_the_list(
    rematch: Rematch, reviewer: User, client_of: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = client_of(reviewer)
    text_of(client, PAGE)
    for day in range(1, 6):
        since = clock.today().replace(day=day)
        rematch_pause(rematch=rematch_start(target=Target(RematchScope.SINCE, since=since), by=None), by=None)
    Rematch.objects.filter(target__contains="-0").exclude(target__endswith="1").update(
        state=RematchState.DONE, finished_at=clock.now()
    )
    with django_assert_max_num_queries(11):
        text_of(client, PAGE)
