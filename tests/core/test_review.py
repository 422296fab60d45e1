"""The reviewers' queue."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Organisation, OrganisationState, User
from apps.capabilities.models import CapabilityState
from apps.core import clock
from apps.needs.models import NeedState
from tests.factories import make_capability, make_need, make_organisation

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("taxonomy")
SEEN = {"revision": 0, "version": 1}
TABS = ("organisations", "needs", "capabilities")


@pytest.fixture
def pending(db: None) -> Organisation:
    return make_organisation(
        "青岛临港泵业有限公司", state=OrganisationState.PENDING, verified_at=None, credit_code="91370200MA3C1XXW0E"
    )


@pytest.mark.parametrize("role", ["sme_owner", "professor", "broker", "stranger"])
def test_the_queue_is_for_reviewers(request: pytest.FixtureRequest, client_of: ClientOf, role: str) -> None:
    assert client_of(request.getfixturevalue(role)).get("/review/").status_code == 403


def test_visitors_are_asked_to_sign_in(client: Client) -> None:
    assert client.get("/review/").status_code == 302


@pytest.mark.parametrize("tab", TABS)
def test_an_empty_queue_says_so(client_of: ClientOf, reviewer: User, tab: str) -> None:
    assert "没有等待审核的内容" in client_of(reviewer).get(f"/review/?tab={tab}").content.decode()


def test_wrong_parameters_show_the_first_queue(client_of: ClientOf, reviewer: User) -> None:
    response = client_of(reviewer).get("/review/?tab=%00nothing&page=x")
    assert response.status_code == 200
    assert response.context["tab"] == "organisations"


def test_an_organisation_is_verified_from_the_queue(client_of: ClientOf, reviewer: User, pending: Organisation) -> None:
    client = client_of(reviewer)
    assert pending.name in client.get("/review/").content.decode()
    client.post(f"/review/organisations/{pending.public_id}/decide/", SEEN | {"outcome": "approved"})
    pending.refresh_from_db()
    assert pending.is_verified
    assert pending.name not in client.get("/review/?tab=organisations").content.decode().split("</nav>")[-1]


def test_a_refusal_without_a_reason_changes_nothing_and_says_why(
    client_of: ClientOf, reviewer: User, pending: Organisation
) -> None:
    url = f"/review/organisations/{pending.public_id}/decide/"
    response = client_of(reviewer).post(url, SEEN | {"outcome": "returned", "reason": ""})
    pending.refresh_from_db()
    assert pending.state == OrganisationState.PENDING
    assert "请勾选或写明退回原因" in response.content.decode()


def test_submitted_needs_and_capabilities_are_approved_or_sent_back(client_of: ClientOf, reviewer: User) -> None:
    client = client_of(reviewer)
    need = make_need(state=NeedState.SUBMITTED, submitted_at=clock.now())
    capability = make_capability(state=CapabilityState.SUBMITTED, submitted_at=clock.now())
    assert need.title in client.get("/review/?tab=needs").content.decode()
    assert capability.title in client.get("/review/?tab=capabilities").content.decode()
    client.post(f"/review/needs/{need.public_id}/accept/", SEEN)
    client.post(f"/review/capabilities/{capability.public_id}/refuse/", {"reason": "请补充应用案例。"} | SEEN)
    need.refresh_from_db()
    capability.refresh_from_db()
    assert need.state == NeedState.PUBLISHED
    assert (capability.state, capability.return_reason) == (CapabilityState.RETURNED, "请补充应用案例。")


@pytest.mark.parametrize("role", ["sme_owner", "broker", "stranger"])
def test_nobody_else_decides(
    request: pytest.FixtureRequest, client_of: ClientOf, pending: Organisation, role: str
) -> None:
    client = client_of(request.getfixturevalue(role))
    url = f"/review/organisations/{pending.public_id}/decide/"
    assert client.post(url, {"reason": "不行"}).status_code == 403
    absent = "/review/organisations/abcdefghjkmn/decide/"
    assert client.post(absent).status_code == 403  # which rows exist is not told either
    pending.refresh_from_db()
    assert pending.state == OrganisationState.PENDING


@pytest.mark.parametrize("way", ["organisations/{}/decide", "needs/{}/accept", "capabilities/{}/refuse"])
def test_decisions_need_a_post_and_an_existing_row(client_of: ClientOf, reviewer: User, way: str) -> None:
    client, url = client_of(reviewer), f"/review/{way.format('abcdefghjkmn')}/"
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_a_longer_queue_costs_no_more_queries(
    client_of: ClientOf, reviewer: User, django_assert_max_num_queries: Callable[[int], Any], count: int
) -> None:
    for number in range(count):
        make_organisation(f"青岛第{number}机械有限公司", state=OrganisationState.PENDING, verified_at=None)
    client = client_of(reviewer)
    with django_assert_max_num_queries(12):
        client.get("/review/")
