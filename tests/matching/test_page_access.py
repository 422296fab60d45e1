"""Who may open which page, and who may answer on it."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.matching.models import MatchRequest, Proposal, ProposalState
from apps.needs.models import Need
from tests.matching.pages import HTMX, SignIn, list_url, url_of

ROLES = ("sme_owner", "colleague", "professor", "stranger", "broker", "reviewer", "administrator")


@pytest.mark.parametrize(
    ("page", "allowed"),
    [
        ("need_proposals", {"sme_owner", "colleague", "broker", "reviewer", "administrator"}),
        ("capability_needs", {"professor", "broker", "reviewer", "administrator"}),
        ("proposal", {"sme_owner", "colleague", "professor", "broker", "reviewer", "administrator"}),
        ("decline", {"sme_owner", "colleague", "professor", "broker", "reviewer", "administrator"}),
        ("inbox", set(ROLES)),
        ("needs_for_me", set(ROLES)),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_each_page_opens_for_its_people_and_is_absent_for_others(
    *, proposal: Proposal, client_of: SignIn, role: str, page: str, allowed: set[str], request: pytest.FixtureRequest
) -> None:
    arguments = {
        "need_proposals": [proposal.need.public_id],
        "capability_needs": [proposal.capability.public_id],
        "proposal": [proposal.public_id],
        "decline": [proposal.public_id],
    }
    client = client_of(request.getfixturevalue(role))
    response = client.get(reverse(f"matching:{page}", args=arguments.get(page)))
    assert response.status_code == (200 if role in allowed else 404)


@pytest.mark.parametrize("page", ["inbox", "needs_for_me"])
def test_a_visitor_is_asked_to_sign_in(db: None, client: Client, page: str) -> None:
    response = client.get(reverse(f"matching:{page}"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:sign_in"))


def test_a_fragment_never_shows_the_sign_in_page_inside_another(proposal: Proposal, client: Client) -> None:
    assert client.get(list_url(proposal.need), headers=HTMX).status_code == 401
    assert client.post(url_of("accept", proposal), headers=HTMX).status_code == 401


@pytest.mark.parametrize("name", ["accept", "withdraw"])
def test_answers_are_only_posted(proposal: Proposal, sme_owner: User, client_of: SignIn, name: str) -> None:
    assert client_of(sme_owner).get(url_of(name, proposal)).status_code == 405


@pytest.mark.parametrize("name", ["accept", "withdraw", "decline"])
@pytest.mark.parametrize(("role", "status"), [("stranger", 404), ("broker", 403), ("reviewer", 403)])
def test_nobody_answers_for_a_side(
    *, proposal: Proposal, client_of: SignIn, name: str, role: str, status: int, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(role))
    assert client.post(url_of(name, proposal), {"reason": "region"}).status_code == status
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED


@pytest.mark.parametrize("role", ["professor", "stranger"])
def test_strangers_ask_for_no_match(
    *, need: Need, capability: Capability, client_of: SignIn, role: str, stranger: User, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(role))
    assert client.post(reverse("matching:need_rematch", args=[need.public_id])).status_code == 404
    others = client_of(stranger).post(reverse("matching:capability_rematch", args=[capability.public_id]))
    assert others.status_code == 404
    assert not MatchRequest.objects.exists()
