"""Answers of both sides: who may give them, in any order, twice, and taken back."""

from datetime import timedelta

import pytest

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, OrganisationState, User
from apps.capabilities.models import CapabilityState
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.core.models import AuditEntry
from apps.matching.models import Proposal, ProposalState
from apps.matching.permissions import contacts_are_shown
from apps.matching.services import (
    proposal_accept,
    proposal_decline,
    proposal_withdraw,
    proposals_mark_viewed,
)
from apps.matching.signals import proposal_accepted
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term


def actions(proposal: Proposal) -> list[str]:
    entries = AuditEntry.objects.filter(object_type="matching.proposal", object_id=proposal.pk)
    return list(entries.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("order", [("sme_owner", "professor"), ("professor", "sme_owner")])
def test_both_sides_accept_in_either_order(
    proposal: Proposal, order: tuple[str, str], request: pytest.FixtureRequest
) -> None:
    first, second = (request.getfixturevalue(name) for name in order)
    assert proposal_accept(proposal=proposal, by=first).state == ProposalState.INTERESTED
    accepted = proposal_accept(proposal=proposal, by=second)
    assert accepted.state == ProposalState.ACCEPTED
    assert accepted.accepted_at is not None
    assert {accepted.need_accepted_by, accepted.capability_accepted_by} == {first, second}
    assert actions(proposal) == ["proposal.interested", "proposal.accepted"]


def test_the_signal_is_sent_once_when_the_second_side_accepts(
    proposal: Proposal, sme_owner: User, professor: User
) -> None:
    heard: list[int] = []

    def hear(sender: object, *, proposal: Proposal, **_: object) -> None:
        heard.append(proposal.pk)

    proposal_accepted.connect(hear)
    try:
        proposal_accept(proposal=proposal, by=sme_owner)
        assert heard == []
        proposal_accept(proposal=proposal, by=professor)
        proposal_accept(proposal=proposal, by=professor)
    finally:
        proposal_accepted.disconnect(hear)
    assert heard == [proposal.pk]


def test_a_yes_said_twice_or_by_a_colleague_changes_nothing(
    interesting: Proposal, sme_owner: User, colleague: User
) -> None:
    proposal_accept(proposal=interesting, by=sme_owner)
    again = proposal_accept(proposal=interesting, by=colleague)
    assert again.state == ProposalState.INTERESTED
    assert again.need_accepted_by == sme_owner
    assert actions(interesting) == ["proposal.interested"]


@pytest.mark.parametrize("role", ["stranger", "broker", "reviewer", "administrator"])
def test_only_the_two_sides_answer(proposal: Proposal, reason: Term, role: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(role)
    with pytest.raises(NotAllowed):
        proposal_accept(proposal=proposal, by=person)
    with pytest.raises(NotAllowed):
        proposal_decline(proposal=proposal, by=person, reason=reason)
    with pytest.raises(NotAllowed):
        proposal_withdraw(proposal=proposal, by=person)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED


def test_members_of_an_unverified_organisation_do_not_answer(
    proposal: Proposal, university: Organisation, professor: User
) -> None:
    Organisation.objects.filter(pk=university.pk).update(state=OrganisationState.PENDING)
    professor.refresh_from_db()
    with pytest.raises(NotAllowed):
        proposal_accept(proposal=proposal, by=User.objects.get(pk=professor.pk))


def test_a_decline_keeps_its_reason_and_can_be_taken_back(proposal: Proposal, professor: User, reason: Term) -> None:
    declined = proposal_decline(proposal=proposal, by=professor, reason=reason, note="报价差得多")
    assert (declined.state, declined.decline_reason, declined.declined_by) == ("declined", reason, professor)
    back = proposal_withdraw(proposal=proposal, by=professor)
    assert back.state == ProposalState.VIEWED
    assert (back.decline_reason, back.decline_note, back.declined_side) == (None, "", "")


def test_a_decline_taken_back_leaves_the_other_sides_yes(interesting: Proposal, professor: User, reason: Term) -> None:
    proposal_decline(proposal=interesting, by=professor, reason=reason)
    assert proposal_withdraw(proposal=interesting, by=professor).state == ProposalState.INTERESTED
    assert proposal_accept(proposal=interesting, by=professor).state == ProposalState.ACCEPTED


def test_a_decline_is_not_taken_back_by_the_other_side(
    proposal: Proposal, sme_owner: User, professor: User, reason: Term
) -> None:
    proposal_decline(proposal=proposal, by=professor, reason=reason)
    with pytest.raises(NotAllowed):
        proposal_withdraw(proposal=proposal, by=sme_owner)


def test_a_second_decline_keeps_the_first_reason(proposal: Proposal, professor: User, reason: Term) -> None:
    proposal_decline(proposal=proposal, by=professor, reason=reason)
    other = Term.objects.get(vocabulary="decline_reason", code="region")
    assert proposal_decline(proposal=proposal, by=professor, reason=other).decline_reason == reason


def test_a_yes_can_be_taken_back_until_the_other_side_agrees(
    interesting: Proposal, sme_owner: User, professor: User
) -> None:
    assert proposal_withdraw(proposal=interesting, by=sme_owner).state == ProposalState.VIEWED
    proposal_accept(proposal=interesting, by=sme_owner)
    proposal_accept(proposal=interesting, by=professor)
    with pytest.raises(NotAllowed):
        proposal_withdraw(proposal=interesting, by=sme_owner)


def test_an_accepted_pair_is_not_declined(
    interesting: Proposal, sme_owner: User, professor: User, reason: Term
) -> None:
    proposal_accept(proposal=interesting, by=professor)
    with pytest.raises(NotAllowed):
        proposal_decline(proposal=interesting, by=sme_owner, reason=reason)


def test_an_expired_need_is_not_accepted_any_more(proposal: Proposal, professor: User) -> None:
    Need.objects.filter(pk=proposal.need_id).update(valid_until=clock.today() - timedelta(days=1))
    with pytest.raises(NotAllowed):
        proposal_accept(proposal=proposal, by=professor)


def test_a_capability_taken_down_is_not_accepted_any_more(proposal: Proposal, sme_owner: User) -> None:
    type(proposal.capability).objects.filter(pk=proposal.capability_id).update(state=CapabilityState.ARCHIVED)
    with pytest.raises(NotAllowed):
        proposal_accept(proposal=proposal, by=sme_owner)


def test_a_yes_after_the_time_opens_the_case_where_the_others_stands(interesting: Proposal, professor: User) -> None:
    Proposal.objects.filter(pk=interesting.pk).update(state=ProposalState.TIMED_OUT)
    assert proposal_accept(proposal=interesting, by=professor).state == ProposalState.ACCEPTED


def test_a_no_after_the_time_counts_too(interesting: Proposal, professor: User, reason: Term) -> None:
    Proposal.objects.filter(pk=interesting.pk).update(state=ProposalState.TIMED_OUT)
    assert proposal_decline(proposal=interesting, by=professor, reason=reason).state == ProposalState.DECLINED


def test_whoever_waited_in_vain_may_take_the_yes_back(interesting: Proposal, sme_owner: User) -> None:
    Proposal.objects.filter(pk=interesting.pk).update(state=ProposalState.TIMED_OUT)
    assert proposal_withdraw(proposal=interesting, by=sme_owner).state == ProposalState.VIEWED


def test_a_need_for_brokers_shows_itself_to_the_supplier_only_after_its_own_yes(
    proposal: Proposal, sme_owner: User, professor: User, broker: User
) -> None:
    Need.objects.filter(pk=proposal.need_id).update(disclosure=Disclosure.BROKERS)
    assert not Proposal.objects.visible_to(professor).exists()
    assert Proposal.objects.visible_to(broker).exists()
    proposal_accept(proposal=proposal, by=sme_owner)
    assert Proposal.objects.visible_to(professor).exists()
    proposal_withdraw(proposal=proposal, by=sme_owner)
    assert not Proposal.objects.visible_to(professor).exists()


def test_what_a_side_takes_back_to_its_drafts_is_out_of_the_other_sides_sight(
    interesting: Proposal, sme_owner: User, professor: User
) -> None:
    Need.objects.filter(pk=interesting.need_id).update(state=NeedState.RETURNED)
    assert not Proposal.objects.visible_to(professor).exists()
    assert Proposal.objects.visible_to(sme_owner).exists()


def test_contacts_are_shown_to_both_sides_once_both_accepted(
    interesting: Proposal, sme_owner: User, professor: User, stranger: User
) -> None:
    assert not contacts_are_shown(sme_owner, interesting)
    accepted = proposal_accept(proposal=interesting, by=professor)
    assert [contacts_are_shown(person, accepted) for person in (sme_owner, professor, stranger)] == [True, True, False]


def test_the_first_look_of_each_side_is_kept(
    proposal: Proposal, sme_owner: User, colleague: User, professor: User, broker: User
) -> None:
    proposals_mark_viewed(proposals=[proposal], by=broker)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.need_viewed_at) == (ProposalState.PROPOSED, None)
    proposals_mark_viewed(proposals=[proposal], by=sme_owner)
    proposal.refresh_from_db()
    seen_at = proposal.need_viewed_at
    proposals_mark_viewed(proposals=[proposal], by=colleague)
    proposals_mark_viewed(proposals=[proposal], by=professor)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.VIEWED
    assert (proposal.need_viewed_at, proposal.capability_viewed_at is not None) == (seen_at, True)
    assert actions(proposal) == ["proposal.viewed", "proposal.viewed"]
