"""A need's list is read in the order of its ranks, on the page and through the API."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.matching.models import Proposal, ProposalState
from apps.matching.selectors import proposals_of_need
from apps.needs.models import Need
from tests.factories import make_capability, make_proposal


@pytest.fixture
def listed(need: Need) -> list[Proposal]:
    """In their order, with a better score moved back and, last, a yes that dropped out. One more only dropped out."""
    moved = {"score": 90, "rank": 2, "notes": [{"kind": "exposure", "points": -10.0, "about": ""}]}
    accepted = {"score": 99, "rank": None, "state": ProposalState.INTERESTED}
    rows = ({"score": 85, "rank": 1}, moved, {"score": 70, "rank": 3})
    found = [make_proposal(need=need, capability=make_capability(title=f"涂层 {row['rank']}"), **row) for row in rows]
    make_proposal(need=need, capability=make_capability(title="掉出名单的"), score=95, rank=None)
    kept = make_proposal(need=need, capability=make_capability(title="已接受的"), score=99, rank=None)
    Proposal.objects.filter(pk=kept.pk).update(need_accepted_at=kept.proposed_at, **accepted)
    return [*found, kept]


def test_the_page_follows_the_ranks(need: Need, listed: list[Proposal], sme_owner: User) -> None:
    assert list(proposals_of_need(need, sme_owner)) == listed


def test_the_api_gives_one_needs_list_by_rank_unless_asked_otherwise(
    need: Need, listed: list[Proposal], sme_owner: User
) -> None:
    client = APIClient()
    client.force_authenticate(sme_owner)
    url = reverse("api:proposal-list")

    def ids(**query: str) -> list[str]:
        return [row["id"] for row in client.get(url, {"need": need.public_id, **query}).json()["results"]]

    assert ids(listed="true") == [row.public_id for row in listed[:3]]
    assert ids(listed="true", ordering="-score") == [listed[i].public_id for i in (1, 0, 2)]


def test_the_card_says_what_moved_a_pair(need: Need, listed: list[Proposal], sme_owner: User) -> None:
    client = APIClient()
    client.force_login(sme_owner)
    page = client.get(reverse("matching:need_proposals", args=[need.public_id])).content.decode()
    assert page.count("对方已在较多需求的推荐名单中，名次后移") == 1
    assert page.index(f"proposal-{listed[0].public_id}") < page.index(f"proposal-{listed[1].public_id}")
