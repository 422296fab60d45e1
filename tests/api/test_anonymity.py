"""An owner who is not disclosed is nowhere in what a stranger's program reads."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.matching.models import Proposal, ProposalState
from apps.needs.models import Need
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_proposal

type Api = Callable[..., APIClient]
SECRETS = {
    "海岚精工",
    "owner@hailan.example",
    "陈立",
    "13000000001",
    "91370200MA3C0W8X00",
    "湾理工",
    "胶州湾理工大学",
    "professor@wan.example",
    "林教授",
    "13000000003",
    "7654.32",
    "ZL202410000001",
    "团队负责人柏清川",
}
NEED_SECRETS = {"海岚精工", "owner@hailan.example", "陈立", "13000000001", "91370200MA3C0W8X00", "7654.32"}
LISTS = ("need-list", "capability-list", "proposal-list", "engagement-list", "outcome-list", "organisation-list")


@pytest.fixture
def need(taxonomy: None, enterprise: Organisation, sme_owner: User) -> Need:
    Organisation.objects.filter(pk=enterprise.pk).update(credit_code="91370200MA3C0W8X00")
    return make_need(
        organisation=enterprise,
        contact=sme_owner,
        created_by=sme_owner,
        disclosure=Disclosure.PUBLIC_ANONYMOUS,
        budget_wan=Decimal("7654.32"),
    )


@pytest.fixture
def capability(taxonomy: None, university: Organisation, professor: User) -> Capability:
    return make_capability(
        organisation=university,
        contact=professor,
        created_by=professor,
        disclosure=Disclosure.PUBLIC_ANONYMOUS,
        details={
            "ip_status": "granted",
            "transfer_modes": ["transfer"],
            "patent_numbers": "ZL202410000001",
            "team": "团队负责人柏清川",
        },
    )


@pytest.fixture
def proposal(need: Need, capability: Capability) -> Proposal:
    return make_proposal(need=need, capability=capability)


def read(client: APIClient, endpoint: str, row: Any = None, **query: str) -> str:
    kwargs = {"public_id": row.public_id} if row is not None else {}
    response = client.get(reverse(f"api:{endpoint}", kwargs=kwargs), query)
    assert response.status_code == 200, response.content.decode()
    return str(response.content.decode())


def told(text: str, secrets: set[str]) -> set[str]:
    return {secret for secret in secrets if secret in text}


@pytest.mark.parametrize("role", [None, "stranger", "broker"])
def test_strangers_never_learn_who_is_behind_an_anonymous_row(
    api: Api, need: Need, capability: Capability, request: pytest.FixtureRequest, role: str | None
) -> None:
    client = api(request.getfixturevalue(role) if role else None)
    texts = [read(client, "need-list"), read(client, "need-detail", need)]
    texts += [read(client, "capability-list"), read(client, "capability-detail", capability)]
    assert need.title in texts[0]
    assert capability.title in texts[2]
    assert told("".join(texts), SECRETS) == set()


def test_both_sides_of_a_proposal_are_hidden_until_both_accepted(
    api: Api, proposal: Proposal, sme_owner: User, professor: User
) -> None:
    supplier, buyer = api(professor), api(sme_owner)
    for client, foreign in ((supplier, NEED_SECRETS), (buyer, SECRETS - NEED_SECRETS)):
        text = "".join(
            [
                read(client, "proposal-list"),
                read(client, "proposal-detail", proposal),
                read(client, "need-detail", proposal.need),
                read(client, "capability-detail", proposal.capability),
            ]
        )
        assert told(text, foreign) == set()


def test_one_side_that_accepts_is_still_hidden_and_both_that_accepted_are_not(
    api: Api, proposal: Proposal, sme_owner: User, professor: User
) -> None:
    accept = reverse("api:proposal-accept", kwargs={"public_id": proposal.public_id})
    assert api(sme_owner).post(accept).json()["contacts"] == []
    assert told(read(api(professor), "proposal-detail", proposal), NEED_SECRETS) == set()
    answer = api(professor).post(accept).json()
    assert [(contact["name"], contact["phone"], contact["email"]) for contact in answer["contacts"]] == [
        ("陈立", "13000000001", "owner@hailan.example"),
        ("林教授", "13000000003", "professor@wan.example"),
    ]
    assert answer["state"] == ProposalState.ACCEPTED


def test_its_own_people_and_reviewers_read_all(api: Api, need: Need, colleague: User, reviewer: User) -> None:
    for person in (colleague, reviewer):
        shown = api(person).get(reverse("api:need-detail", kwargs={"public_id": need.public_id})).json()
        assert shown["owner"]["name"] == need.organisation.name
        assert shown["private"]["contact"]["phone"] == "13000000001"
        assert shown["private"]["budget_wan"] == "7654.32"


def test_named_rows_tell_their_owner_and_nothing_more(api: Api, need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(disclosure=Disclosure.PUBLIC_NAMED)
    text = read(api(), "need-detail", need)
    assert need.organisation.name in text
    assert told(text, NEED_SECRETS) == {"海岚精工"}


def test_no_search_tells_who_is_behind_an_anonymous_row(
    api: Api, need: Need, capability: Capability, stranger: User
) -> None:
    for endpoint, name in (("need-list", "海岚精工"), ("capability-list", "湾理工")):
        answer = api(stranger).get(reverse(f"api:{endpoint}"), {"q": name}).json()
        assert answer["count"] == 0


@pytest.mark.parametrize(
    ("disclosure", "readers"),
    [
        (Disclosure.MEMBERS, {"stranger", "broker", "reviewer"}),
        (Disclosure.BROKERS, {"broker", "reviewer"}),
    ],
)
def test_rows_for_some_do_not_exist_for_others(
    api: Api, need: Need, request: pytest.FixtureRequest, disclosure: str, readers: set[str]
) -> None:
    Need.objects.filter(pk=need.pk).update(disclosure=disclosure)
    absent = reverse("api:need-detail", kwargs={"public_id": "2" * 12})
    for role in ("anonymous", "stranger", "broker", "reviewer"):
        client = api(None if role == "anonymous" else request.getfixturevalue(role))
        answer = client.get(reverse("api:need-detail", kwargs={"public_id": need.public_id}))
        listed = client.get(reverse("api:need-list")).json()["count"]
        assert (answer.status_code == 200, listed) == (role in readers, int(role in readers))
        if role not in readers:
            assert answer.json() == client.get(absent).json()


def test_a_strange_pair_does_not_exist(api: Api, proposal: Proposal, stranger: User) -> None:
    engagement = make_engagement(proposal=proposal)
    client = api(stranger)
    for endpoint, row in (("proposal-detail", proposal), ("engagement-detail", engagement)):
        assert client.get(reverse(f"api:{endpoint}", kwargs={"public_id": row.public_id})).status_code == 404
    for endpoint in LISTS[2:5]:
        assert client.get(reverse(f"api:{endpoint}")).json()["count"] == 0


def test_a_decline_tells_the_other_side_the_reason_but_not_the_note(
    api: Api, proposal: Proposal, sme_owner: User, professor: User
) -> None:
    decline = reverse("api:proposal-decline", kwargs={"public_id": proposal.public_id})
    api(professor).post(decline, {"reason": "no_capacity", "note": "内部看法"}, format="json")
    reason = str(Term.objects.get(vocabulary="decline_reason", code="no_capacity"))
    text = read(api(sme_owner), "proposal-detail", proposal)
    assert reason in text
    assert "内部看法" not in text
    assert "内部看法" in read(api(professor), "proposal-detail", proposal)


def test_unverified_organisations_are_nobodys_business(api: Api, enterprise: Organisation, stranger: User) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(state="pending")
    detail = reverse("api:organisation-detail", kwargs={"public_id": enterprise.public_id})
    assert api(stranger).get(detail).status_code == 404
    assert enterprise.name not in read(api(stranger), "organisation-list")


def test_the_list_of_organisations_tells_names_only(api: Api, enterprise: Organisation) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(credit_code="91370200MA3C0W8X00")
    [row] = api().get(reverse("api:organisation-list")).json()["results"]
    assert set(row) == {"id", "name", "short_name", "kind", "district", "answers"}
