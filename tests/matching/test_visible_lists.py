"""A list of all pairs a person may see holds just those that the rule for a single one lets through."""

from itertools import product

import pytest

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation
from apps.capabilities.models import CapabilityState
from apps.core import clock
from apps.matching.models import Proposal
from apps.needs.models import NeedState
from tests.factories import make_capability, make_need, make_proposal

ROLES = ("sme_owner", "professor", "stranger", "broker", "reviewer", "administrator")


@pytest.fixture
def pairs(taxonomy: None, enterprise: Organisation, university: Organisation, other_enterprise: Organisation) -> None:
    """The one asks, the other supplies, and a third does both; in every state that hides a pair, or shows it again."""
    asking, supplying = (enterprise, other_enterprise), (university, other_enterprise)
    needs = [
        make_need(organisation=owner, state=state, disclosure=disclosure)
        for owner, state, disclosure in product(
            asking, (NeedState.PUBLISHED, NeedState.RETURNED), (Disclosure.MEMBERS, Disclosure.BROKERS)
        )
    ]
    states = (CapabilityState.PUBLISHED, CapabilityState.RETURNED)
    capabilities = [make_capability(organisation=owner, state=state) for owner, state in product(supplying, states)]
    for number, (need, capability) in enumerate(product(needs, capabilities)):
        if need.organisation_id != capability.organisation_id:
            accepted = {"need_accepted_at": clock.now(), "state": "interested"} if number % 2 else {}
            make_proposal(need=need, capability=capability, **accepted)


@pytest.mark.usefixtures("pairs")
@pytest.mark.parametrize("role", ROLES)
def test_a_list_and_a_single_pair_follow_one_rule(role: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(role)
    one_by_one = set(Proposal.objects.visible_to(person))
    assert set(Proposal.objects.all_visible_to(person)) == one_by_one
    assert one_by_one
    if role in {"sme_owner", "professor", "stranger"}:
        assert Proposal.objects.count() > len(one_by_one)
