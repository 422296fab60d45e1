"""Nobody is flooded: caps on the places of an expert and of an institution, seen by both sides."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Organisation, OrganisationKind, User
from apps.capabilities.models import Capability, CapabilityKind
from apps.matching.exposure import Exposure, exposure_of, open_places
from apps.matching.models import MatchRequest, Proposal
from apps.matching.ordering import EXPOSURE_MARGIN
from apps.matching.services import proposal_accept
from apps.needs.models import Need
from tests.factories import make_capability, make_need, make_organisation

Match = Callable[..., MatchRequest]
EXPERT = {"kind": CapabilityKind.EXPERT, "details": {"person_name": "某教授", "directions": "激光熔覆、耐磨涂层"}}
OTHER_TEXT = "超音速火焰喷涂碳化钨，给轧辊一层零点二毫米的耐磨涂层，换辊周期由三个月延到八个月。"
SALT = "海盐蒸发池的卤水浓缩与结晶控制，滩田自动补水。"


@pytest.fixture
def needs(taxonomy: None, enterprise: Organisation) -> list[Need]:
    return [make_need(organisation=enterprise, title=f"轧辊耐磨涂层寿命偏短 {number}") for number in range(4)]


@pytest.fixture
def crowd(taxonomy: None) -> list[Capability]:
    """Others, so that an even share of the places is small."""
    house = make_organisation("盐业研究所", OrganisationKind.INSTITUTE)
    return [make_capability(organisation=house, title=f"盐田 {n}", description=SALT, value="") for n in range(40)]


def ranked(capability: Capability) -> int:
    return Proposal.objects.filter(capability=capability, rank__isnull=False).count()


def test_an_expert_at_the_cap_gets_no_further_place_until_somebody_answers(
    *,
    needs: list[Need],
    crowd: list[Capability],
    university: Organisation,
    match: Match,
    sme_owner: User,
    settings: LazySettings,
) -> None:
    settings.MATCHING_OPEN_PER_EXPERT, settings.MATCHING_PROPOSALS_PER_NEED = 2, 3
    expert = make_capability(organisation=university, **EXPERT)
    for need in needs:
        match(need=need)
    assert ranked(expert) == 2
    left_out = Proposal.objects.filter(capability=expert, rank=None).first()
    assert left_out is None or left_out.notes[-1]["kind"] == "exposure_full"
    proposal_accept(proposal=needs[0].proposals.get(capability=expert), by=sme_owner)
    match(need=needs[3])
    assert needs[3].proposals.get(capability=expert).rank is not None


def test_an_institution_at_its_cap_is_left_out_whichever_side_is_matched(
    needs: list[Need], crowd: list[Capability], university: Organisation, match: Match, settings: LazySettings
) -> None:
    settings.MATCHING_OPEN_PER_INSTITUTION, settings.MATCHING_PROPOSALS_PER_NEED = 3, 3
    first = make_capability(organisation=university)
    match(capability=first)
    second = make_capability(organisation=university, title="轧辊热喷涂", description=OTHER_TEXT)
    match(capability=second)
    for need in needs:
        match(need=need)
    assert open_places().filter(capability__organisation=university).count() == 3
    full = Proposal.objects.filter(capability=second, rank=None, notes__0__kind="exposure_full")
    assert full.exists()


def test_from_half_of_the_cap_on_a_place_says_that_it_took_a_lead(
    needs: list[Need], crowd: list[Capability], university: Organisation, match: Match, settings: LazySettings
) -> None:
    settings.MATCHING_OPEN_PER_INSTITUTION, settings.MATCHING_PROPOSALS_PER_NEED = 6, 3
    ours = make_capability(organisation=university)
    for need in needs:
        match(need=need)
    notes = [need.proposals.get(capability=ours).notes for need in needs]
    assert notes == [[], [], [], [{"kind": "exposure", "points": -EXPOSURE_MARGIN, "about": ""}]]


def test_matching_again_counts_a_needs_own_places_once(
    needs: list[Need], crowd: list[Capability], university: Organisation, match: Match, settings: LazySettings
) -> None:
    settings.MATCHING_OPEN_PER_EXPERT = 4
    make_capability(organisation=university, **EXPERT)
    for need in needs:
        match(need=need)
    before = list(Proposal.objects.order_by("pk").values())
    match(need=needs[3])
    assert list(Proposal.objects.order_by("pk").values()) == before


def test_a_small_citys_few_are_not_shut_out(
    needs: list[Need], university: Organisation, match: Match, settings: LazySettings
) -> None:
    """One capability for every need: its even share is all of them."""
    settings.MATCHING_OPEN_PER_EXPERT = settings.MATCHING_OPEN_PER_INSTITUTION = 1
    expert = make_capability(organisation=university, **EXPERT)
    for need in needs:
        match(need=need)
    assert ranked(expert) == len(needs)


def test_the_supplier_reads_how_full_the_lists_are(
    *,
    needs: list[Need],
    crowd: list[Capability],
    university: Organisation,
    professor: User,
    match: Match,
    client_of: Callable[[User], Client],
    settings: LazySettings,
) -> None:
    settings.MATCHING_OPEN_PER_INSTITUTION, settings.MATCHING_PROPOSALS_PER_NEED = 6, 3
    capability = make_capability(organisation=university)
    match(capability=capability)
    assert exposure_of(university) == Exposure(count=4, cap=6, capabilities=1)
    page = client_of(professor).get(reverse("matching:needs_for_me")).content.decode()
    assert "目前占 4 个待答复的推荐名额（上限 6 个）" in page
    assert "已过半" in page
