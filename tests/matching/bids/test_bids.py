"""揭榜: who may bid, what a bid does, and who reads its plan."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, OrganisationState, User
from apps.capabilities.models import Capability
from apps.core.city_settings import city_setting_change
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.engine.matcher import ENGINE_VERSION
from apps.matching import tasks
from apps.matching.bids import scoring
from apps.matching.bids.services import bid_place
from apps.matching.models import Ask, Bid, Proposal, ProposalState, Side
from apps.matching.selectors import proposals_of_need
from apps.matching.services import proposal_accept, proposal_decline, proposal_withdraw
from apps.needs.models import Need
from apps.notifications.models import Notification
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_proposal
from tests.matching.conftest import ENGINE_FIELDS
from tests.matching.pages import SignIn, list_url, text_of, url_of

PLAN = "先在贵厂取样三批，做激光熔覆工艺窗口试验，再上机验证耐磨寿命，分三个月完成。"
Place = Callable[..., Bid]


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Pairs that a worker was asked to score; no broker is asked."""
    found: list[int] = []
    monkeypatch.setattr("apps.matching.bids.services.send_for_scoring", lambda proposal: found.append(proposal.pk))
    return found


@pytest.fixture
def place(need: Need, capability: Capability, professor: User) -> Place:
    def bid(**given: Any) -> Bid:
        fields: dict[str, Any] = {"plan": PLAN, "months": 3, "price_wan": Decimal("12.50"), "by": professor}
        return bid_place(**({"need": need, "capability": capability} | fields | given))

    return bid


def test_a_bid_is_the_supply_sides_yes_and_begins_the_needs_time(
    place: Place, need: Need, sme_owner: User, professor: User, sent: list[int]
) -> None:
    bid = place()
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.capability_accepted_by) == (ProposalState.INTERESTED, professor)
    assert Ask.objects.values_list("side", "organisation").get() == (Side.NEED, need.organisation_id)
    assert Need.objects.get().first_replied_at == bid.placed_at or Need.objects.get().first_replied_at is not None
    assert sent == [proposal.pk]
    assert Notification.objects.get(recipient=sme_owner).kind == "matching.bid_placed"
    entry = AuditEntry.objects.get(action="bid.placed")
    assert entry.changes["months"] == 3


def test_a_bid_takes_the_pair_that_was_proposed_and_its_score(
    place: Place, proposal: Proposal, sent: list[int]
) -> None:
    assert place().proposal == proposal
    proposal.refresh_from_db()
    assert (proposal.score, sent) == (ENGINE_FIELDS["score"], [])


def test_a_bid_after_the_needs_yes_opens_the_case(place: Place, interesting: Proposal) -> None:
    place()
    interesting.refresh_from_db()
    assert interesting.state == ProposalState.ACCEPTED


def test_a_worker_scores_a_pair_that_no_match_had_found(place: Place, need: Need) -> None:
    place()
    proposal = Proposal.objects.get()
    assert (proposal.engine_version, proposal.score) == ("", 0)
    tasks.score(proposal.public_id)
    proposal.refresh_from_db()
    assert proposal.engine_version == ENGINE_VERSION
    assert proposal.score > 0
    assert proposal.reasons
    assert scoring.score_missed(10) == 0


def test_the_clockwork_scores_what_the_message_missed(place: Place) -> None:
    place()
    tasks.replies()
    assert Proposal.objects.get().engine_version == ENGINE_VERSION


@pytest.mark.parametrize("role", ["sme_owner", "stranger", "broker", "reviewer", "administrator"])
def test_only_universities_and_institutes_bid(place: Place, role: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        place(by=request.getfixturevalue(role))
    assert not Bid.objects.exists()


def test_an_unverified_university_does_not_bid(place: Place, university: Organisation, professor: User) -> None:
    Organisation.objects.filter(pk=university.pk).update(state=OrganisationState.PENDING)
    with pytest.raises(NotAllowed):
        place(by=User.objects.get(pk=professor.pk))


@pytest.mark.parametrize("change", [{"disclosure": Disclosure.BROKERS}, {"state": "closed"}, {"state": "expired"}])
def test_a_need_for_brokers_or_off_the_board_takes_no_bid(place: Place, need: Need, change: dict[str, str]) -> None:
    Need.objects.filter(pk=need.pk).update(**change)
    with pytest.raises(NotAllowed):
        place()


def test_a_city_may_turn_bids_off(place: Place, administrator: User) -> None:
    city_setting_change(key="switch.bids", value=False, by=administrator)
    with pytest.raises(NotAllowed, match="不开放揭榜"):
        place()


def test_somebody_elses_or_a_hidden_capability_is_no_bid(place: Place, capability: Capability) -> None:
    with pytest.raises(NotAllowed):
        place(capability=make_capability())
    Capability.objects.filter(pk=capability.pk).update(disclosure=Disclosure.BROKERS)
    with pytest.raises(NotAllowed):
        place()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"plan": "太短"}, "plan"),
        ({"plan": "长" * 2001}, "plan"),
        ({"months": 0}, "months"),
        ({"months": 61}, "months"),
        ({"price_wan": Decimal(-1)}, "price_wan"),
    ],
)
def test_what_a_bid_does_not_take_is_said_by_field(place: Place, given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        place(**given)
    assert list(refused.value.message_dict) == [field]


def test_the_plan_of_an_anonymous_capability_names_nobody(place: Place, capability: Capability) -> None:
    Capability.objects.filter(pk=capability.pk).update(disclosure=Disclosure.PUBLIC_ANONYMOUS)
    with pytest.raises(ValidationError) as refused:
        place(plan=f"{PLAN}由{capability.organisation.name}的团队完成。")
    assert list(refused.value.message_dict) == ["plan"]
    assert place().plan == PLAN


def test_a_second_bid_on_the_same_pair_is_refused(place: Place) -> None:
    place()
    with pytest.raises(StateConflict):
        place()


def test_what_the_need_declined_is_not_bid_again(
    place: Place, proposal: Proposal, sme_owner: User, reason: Term
) -> None:
    proposal_decline(proposal=proposal, by=sme_owner, reason=reason)
    with pytest.raises(StateConflict):
        place()


def test_a_bid_taken_back_takes_the_yes_back_and_may_be_placed_again(place: Place, professor: User) -> None:
    bid = place()
    proposal_withdraw(proposal=bid.proposal, by=professor)
    bid.refresh_from_db()
    assert bid.withdrawn_at is not None
    assert Proposal.objects.get().state == ProposalState.VIEWED
    again = place(plan=PLAN + "改用两段熔覆。")
    assert (again.pk, again.withdrawn_at) == (bid.pk, None)
    assert Proposal.objects.get().state == ProposalState.INTERESTED


def test_a_yes_taken_back_takes_the_bid_back(place: Place, sme_owner: User, professor: User, reason: Term) -> None:
    proposal_decline(proposal=place().proposal, by=professor, reason=reason)
    assert Bid.objects.get().withdrawn_at is not None


def test_an_accepted_bid_is_not_taken_back(place: Place, sme_owner: User, professor: User) -> None:
    bid = place()
    proposal_accept(proposal=bid.proposal, by=sme_owner)
    with pytest.raises(NotAllowed):
        proposal_withdraw(proposal=bid.proposal, by=professor)


def test_bids_come_first_in_the_needs_list(place: Place, need: Need, sme_owner: User) -> None:
    better = make_proposal(need=need, capability=make_capability(), rank=1)
    bid = place()
    assert list(proposals_of_need(need, sme_owner)) == [bid.proposal, better]


def test_the_plan_is_for_both_sides_and_the_platform(
    place: Place, need: Need, client_of: SignIn, request: pytest.FixtureRequest
) -> None:
    proposal = place().proposal
    for role in ("sme_owner", "colleague", "professor", "broker", "reviewer"):
        assert PLAN in text_of(client_of(request.getfixturevalue(role)), url_of("proposal", proposal))
    assert client_of(request.getfixturevalue("stranger")).get(url_of("proposal", proposal)).status_code == 404
    stranger = text_of(client_of(request.getfixturevalue("stranger")), reverse("needs:detail", args=[need.public_id]))
    assert PLAN not in stranger


def test_a_bid_that_was_taken_back_shows_its_plan_to_the_bidder_only(
    place: Place, need: Need, sme_owner: User, professor: User, client_of: SignIn
) -> None:
    bid = place()
    proposal_withdraw(proposal=bid.proposal, by=professor)
    assert PLAN not in text_of(client_of(sme_owner), url_of("proposal", bid.proposal))
    assert PLAN in text_of(client_of(professor), reverse("matching:my_bids"))


def test_the_form_bids_and_leads_to_the_pair(
    need: Need, capability: Capability, professor: User, sme_owner: User, client_of: SignIn
) -> None:
    client, url = client_of(professor), reverse("matching:bid", args=[need.public_id])
    assert need.title in text_of(client, url)
    wrong = client.post(url, {"capability": capability.public_id, "plan": "短", "months": ""})
    assert "请填写预计几个月完成。" in wrong.content.decode()
    sent = client.post(url, {"capability": capability.public_id, "plan": PLAN, "months": "3", "price_wan": ""})
    proposal = Proposal.objects.get()
    assert sent.headers["Location"] == url_of("proposal", proposal)
    page = text_of(client_of(sme_owner), list_url(need))
    assert PLAN in page
    assert "报价：面议" in page


def test_the_needs_page_offers_bidding_to_suppliers_only(
    need: Need, professor: User, sme_owner: User, stranger: User, broker: User, client_of: SignIn, place: Place
) -> None:
    url = reverse("matching:need_bid_panel", args=[need.public_id])
    assert "我要揭榜" in text_of(client_of(professor), url)
    for person in (sme_owner, stranger, broker):
        assert text_of(client_of(person), url) == ""
    place()
    assert "查看进展" in text_of(client_of(professor), url)


def test_the_list_of_ones_bids_is_ones_own(
    place: Place, need: Need, professor: User, stranger: User, client_of: SignIn
) -> None:
    url = reverse("matching:my_bids")
    assert "还没有揭过榜" in text_of(client_of(professor), url)
    place()
    assert need.title in text_of(client_of(professor), url)
    assert need.title not in text_of(client_of(stranger), url)
