"""A resource that a person chose is in the need's list, and stays there until somebody answers."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityState
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.matching.exposure import open_places
from apps.matching.lookup.asking import Lookup
from apps.matching.lookup.services import proposal_pick
from apps.matching.models import Proposal, ProposalState
from apps.matching.ordering import Load
from apps.matching.presentation import ProposalView
from apps.matching.proposals import drop_untouched
from apps.matching.selectors import gone_of_need, proposals_of_need
from apps.matching.services import proposal_accept, proposal_decline
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need, make_proposal

pytestmark = pytest.mark.django_db
Look = Callable[..., Lookup]
Match = Callable[..., Any]


@pytest.fixture(autouse=True)
def short_lists(settings: Any) -> None:
    """Two places: what is found further down would drop out of the list."""
    settings.MATCHING_PROPOSALS_PER_NEED = 2


@pytest.fixture
def better(need: Need) -> list[Capability]:
    """Two resources that fill the list, of institutions of their own."""
    return [make_capability(title=f"轧辊表面耐磨涂层激光熔覆{number}") for number in range(2)]


@pytest.fixture
def chosen(need: Need, university: Organisation, better: list[Capability]) -> Capability:
    """One that fits, but less than those."""
    row = make_capability(organisation=university, title="泵体修复", value="", description="激光熔覆修复泵体与阀门。")
    row.indicators.all().delete()
    return row


@pytest.fixture
def picked(need: Need, chosen: Capability, match: Match, look: Look, sme_owner: User) -> Proposal:
    match(need=need)
    assert chosen.pk not in listed(need, sme_owner)
    assert chosen.pk in [pair.capability_id for pair in look(need, sme_owner).pairs]
    return proposal_pick(need=need, capability=chosen, by=sme_owner)


def listed(need: Need, user: User) -> list[int]:
    return [row.capability_id for row in proposals_of_need(need, user)]


def test_what_is_picked_is_listed_last_with_its_reasons_and_who_chose_it(
    need: Need, chosen: Capability, better: list[Capability], picked: Proposal, sme_owner: User, professor: User
) -> None:
    assert listed(need, sme_owner)[-1] == chosen.pk
    assert len(listed(need, sme_owner)) == 3
    assert picked.state == ProposalState.PROPOSED  # nobody has said yes
    shown = ProposalView(picked, sme_owner)
    assert shown.for_need
    assert "需求方按条件查找后加入名单" in shown.notes
    assert ProposalView(picked, professor).notes == ["需求方按条件查找后，主动选中了这项资源"]
    entry = AuditEntry.objects.get(action="proposal.picked")
    assert (entry.actor_id, entry.object_public_id) == (sme_owner.pk, picked.public_id)


def test_picking_twice_changes_nothing(need: Need, chosen: Capability, picked: Proposal, colleague: User) -> None:
    assert proposal_pick(need=need, capability=chosen, by=colleague) == picked
    assert AuditEntry.objects.filter(action="proposal.picked").count() == 1


def test_a_match_leaves_it_listed_behind_the_rest_and_writes_nothing_new(
    need: Need, chosen: Capability, picked: Proposal, match: Match, sme_owner: User
) -> None:
    match(need=need)
    before = {row.pk: row.updated_at for row in Proposal.objects.all()}
    match(need=need)
    assert listed(need, sme_owner)[-1] == chosen.pk
    assert {row.pk: row.updated_at for row in Proposal.objects.all()} == before
    picked.refresh_from_db()
    assert (picked.rank, [note["kind"] for note in picked.notes]) == (3, ["picked"])


def test_a_match_of_the_resource_leaves_it_listed(
    need: Need, chosen: Capability, picked: Proposal, match: Match, sme_owner: User, settings: Any
) -> None:
    match(capability=chosen)
    assert chosen.pk in listed(need, sme_owner)
    settings.MATCHING_MINIMUM_SCORE = 100  # it fits no more
    match(capability=chosen)
    match(need=need)
    assert listed(need, sme_owner) == [chosen.pk]


def test_a_new_resource_takes_a_place_and_not_that_of_the_chosen_one(
    need: Need, chosen: Capability, picked: Proposal, match: Match, sme_owner: User
) -> None:
    newcomer = make_capability(title=need.title, value=need.title, description=f"{need.goal}{need.background}")
    match(capability=newcomer)
    assert {newcomer.pk, chosen.pk} <= set(listed(need, sme_owner))
    assert len(listed(need, sme_owner)) == 3


def test_one_that_fits_better_than_the_rest_stands_first_even_where_its_institution_has_its_fill(
    need: Need,
    university: Organisation,
    better: list[Capability],
    match: Match,
    look: Look,
    sme_owner: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    match(need=need)
    best = make_capability(
        organisation=university, title=need.title, value=need.title, description=f"{need.goal}{need.background}"
    )
    look(need, sme_owner)
    assert proposal_pick(need=need, capability=best, by=sme_owner).rank == 3
    monkeypatch.setattr(Load, "is_full", lambda _load, candidate: candidate.organisation_id == university.pk)
    match(need=need)
    assert listed(need, sme_owner)[0] == best.pk


def test_a_reworded_need_keeps_it_and_scores_it_anew(
    need: Need, chosen: Capability, picked: Proposal, match: Match, sme_owner: User
) -> None:
    Need.objects.filter(pk=need.pk).update(version=need.version + 1)
    match(need=Need.objects.get(pk=need.pk))
    picked.refresh_from_db()
    assert picked.need_version == need.version + 1
    assert chosen.pk in listed(need, sme_owner)


def test_what_leaves_the_catalogue_leaves_the_list_and_comes_back_with_it(
    need: Need, chosen: Capability, picked: Proposal, match: Match, sme_owner: User
) -> None:
    drop_untouched(Proposal.objects.filter(capability=chosen))
    Capability.objects.filter(pk=chosen.pk).update(state=CapabilityState.ARCHIVED)
    match(need=need)
    assert chosen.pk not in listed(need, sme_owner)
    Capability.objects.filter(pk=chosen.pk).update(state=CapabilityState.PUBLISHED)
    match(capability=chosen)
    assert chosen.pk in listed(need, sme_owner)


def test_it_is_answered_as_any_other(
    need: Need, picked: Proposal, sme_owner: User, professor: User, match: Match, reason: Term
) -> None:
    proposal_accept(proposal=picked, by=professor)
    match(need=need)
    assert picked.capability_id in listed(need, sme_owner)
    proposal_decline(proposal=picked, by=sme_owner, reason=reason)
    match(need=need)
    assert picked.capability_id not in listed(need, sme_owner)
    assert picked in gone_of_need(need, sme_owner)
    with pytest.raises(StateConflict):
        proposal_pick(need=need, capability=picked.capability, by=sme_owner)


def test_choosing_somebody_takes_none_of_his_places_elsewhere(need: Need, picked: Proposal) -> None:
    places = set(open_places().values_list("pk", flat=True))
    assert places == set(Proposal.objects.exclude(pk=picked.pk).filter(rank__isnull=False).values_list("pk", flat=True))
    moved = make_proposal(rank=1, notes=[{"kind": "exposure", "points": -10.0, "about": ""}])
    assert moved in open_places()


def test_what_dropped_out_of_the_list_is_picked_back(
    need: Need, chosen: Capability, match: Match, look: Look, broker: User
) -> None:
    make_proposal(need=need, capability=chosen, rank=None)
    look(need, broker)
    back = proposal_pick(need=need, capability=chosen, by=broker)
    assert Proposal.objects.filter(need=need, capability=chosen).count() == 1
    assert (back.rank, back.notes[0]["about"]) == (1, "broker")
    assert "技术经纪人按条件查找后加入名单" in ProposalView(back, broker).notes


# ---- What is refused -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["stranger", "professor"])
def test_strangers_pick_nothing(
    need: Need, capability: Capability, look: Look, sme_owner: User, request: pytest.FixtureRequest, role: str
) -> None:
    look(need, sme_owner)
    with pytest.raises(NotAllowed):
        proposal_pick(need=need, capability=capability, by=request.getfixturevalue(role))
    assert not Proposal.objects.exists()


def test_before_it_is_verified_an_enterprise_picks_nothing(
    need: Need, capability: Capability, look: Look, sme_owner: User
) -> None:
    look(need, sme_owner)
    Organisation.objects.filter(pk=need.organisation_id).update(state="pending", verified_at=None)
    with pytest.raises(NotAllowed):
        proposal_pick(need=need, capability=capability, by=User.objects.get(pk=sme_owner.pk))


@pytest.mark.parametrize(
    "change",
    [
        {"state": CapabilityState.ARCHIVED},
        {"disclosure": Disclosure.BROKERS},
        {"version": 7},
    ],
)
def test_what_was_hidden_or_reworded_since_is_not_picked(
    need: Need, capability: Capability, look: Look, broker: User, change: dict[str, Any]
) -> None:
    look(need, broker)
    Capability.objects.filter(pk=capability.pk).update(**change)
    with pytest.raises(StateConflict):
        proposal_pick(need=need, capability=capability, by=broker)
    assert not Proposal.objects.exists()


def test_what_nobody_found_is_not_picked(need: Need, capability: Capability, look: Look, sme_owner: User) -> None:
    with pytest.raises(StateConflict):
        proposal_pick(need=need, capability=capability, by=sme_owner)
    other = make_need(organisation=need.organisation)
    look(need, sme_owner)
    with pytest.raises(StateConflict):
        proposal_pick(need=other, capability=capability, by=sme_owner)


def test_ones_own_resource_is_not_picked(need: Need, sme_owner: User) -> None:
    with pytest.raises(StateConflict):
        proposal_pick(need=need, capability=make_capability(organisation=need.organisation), by=sme_owner)


def test_for_a_need_that_left_the_board_nothing_is_picked(
    need: Need, capability: Capability, look: Look, sme_owner: User
) -> None:
    look(need, sme_owner)
    Need.objects.filter(pk=need.pk).update(state=NeedState.CLOSED)
    with pytest.raises(NotAllowed):
        proposal_pick(need=need, capability=capability, by=sme_owner)
