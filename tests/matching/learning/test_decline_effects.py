"""A decline's reason changes what comes next: each row of the table in docs/matching.md."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Membership, Organisation, OrganisationKind, User
from apps.capabilities.models import Capability, CapabilityIndicator
from apps.core import clock
from apps.core.indicators import Comparison
from apps.matching.learning.decline_effects import FIELD, POINTS
from apps.matching.models import Fingerprint, MatchRequest, Proposal, ProposalState, Side
from apps.matching.services import proposal_accept, proposal_decline, proposal_withdraw, proposals_mark_viewed
from apps.needs.models import Need
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need, make_organisation, make_proposal

Match = Callable[..., MatchRequest]
SPRAY = "超音速火焰喷涂碳化钨，给平整机的轧辊一层零点二毫米的耐磨涂层，换辊周期由三个月延到八个月。"


@pytest.fixture
def other(capability: Capability) -> Capability:
    """Of another house, with a text of its own."""
    house = make_organisation("滨海材料研究院", OrganisationKind.INSTITUTE)
    return make_capability(organisation=house, title="轧辊喷涂耐磨涂层", description=SPRAY, value="")


@pytest.fixture
def decline(need: Need, capability: Capability, match: Match, sme_owner: User, professor: User) -> Callable[..., None]:
    """Match, let one side decline the capability, match again."""

    def act(code: str, side: Side = Side.NEED) -> None:
        match(need=need)
        by = sme_owner if side == Side.NEED else professor
        reason = Term.objects.get(vocabulary="decline_reason", code=code)
        proposal_decline(proposal=need.proposals.get(capability=capability), by=by, reason=reason)
        waiting = MatchRequest.objects.filter(need=need, state="pending")
        assert waiting.count() == 1
        match(need=need)

    return act


def notes(need: Need, capability: Capability) -> list[tuple[str, float]]:
    found = need.proposals.get(capability=capability).notes
    return [(note["kind"], note["points"]) for note in found]


def change(capability: Capability, **fields: Any) -> None:
    Capability.objects.filter(pk=capability.pk).update(**fields)


def tag(*codes: str) -> list[Term]:
    return list(Term.objects.filter(vocabulary="tag", code__in=codes))


def test_another_field_moves_back_what_shares_more_than_the_need_asked_for(
    need: Need, capability: Capability, other: Capability, decline: Callable[..., None]
) -> None:
    beyond = list(Term.objects.filter(vocabulary="tag").exclude(pk__in=need.tags.values("pk"))[:2])
    capability.tags.set(beyond)
    other.tags.set([*beyond[:1], *need.tags.all()])
    capability.industries.set([need.industry_chain])
    other.industries.set([need.industry_chain])
    decline("field_mismatch")
    assert notes(need, other) == [("field_mismatch", -FIELD / 2)]


def test_what_the_need_itself_asked_for_is_never_the_wrong_field(
    need: Need, capability: Capability, other: Capability, decline: Callable[..., None]
) -> None:
    for each in (capability, other):
        each.tags.set(need.tags.all())
        each.industries.set([need.industry_chain])
    decline("field_mismatch")
    assert notes(need, other) == []


def test_a_missed_indicator_moves_back_those_who_miss_it_too(
    need: Need, capability: Capability, other: Capability, decline: Callable[..., None]
) -> None:
    for each, value in ((capability, 50), (other, 55)):
        CapabilityIndicator.objects.create(
            capability=each, name="硬度", comparison=Comparison.EQUAL, low=value, high=value, unit="HRC"
        )
    decline("indicator_short")
    assert notes(need, other) == [("indicator_short", -POINTS["indicator_short"])]
    assert need.proposals.get(capability=other).notes[0]["about"] == "硬度"


def test_an_indicator_that_is_met_moves_nothing(
    need: Need, capability: Capability, other: Capability, decline: Callable[..., None]
) -> None:
    CapabilityIndicator.objects.create(
        capability=other, name="硬度", comparison=Comparison.EQUAL, low=62, high=62, unit="HRC"
    )
    decline("indicator_short")
    assert notes(need, other) == []


@pytest.mark.parametrize(("trl", "moved"), [(4, True), (5, True), (7, False), (None, False)])
def test_not_mature_enough_moves_back_what_is_no_further(
    *, need: Need, capability: Capability, other: Capability, decline: Callable[..., None], trl: int | None, moved: bool
) -> None:
    change(capability, trl=5)
    change(other, trl=trl)
    decline("maturity_low")
    assert notes(need, other) == ([("maturity_low", -POINTS["maturity_low"])] if moved else [])


def test_too_far_away_moves_back_what_is_in_the_same_district(
    need: Need, capability: Capability, other: Capability, decline: Callable[..., None]
) -> None:
    further = make_capability(organisation=other.organisation, title="轧辊激光淬火", description="激光扫描淬硬一毫米。")
    here, there = Term.objects.filter(vocabulary="district")[:2]
    change(capability, district=here)
    change(other, district=here)
    change(further, district=there)
    decline("region")
    assert notes(need, further) == []
    assert notes(need, other) == [("region", -POINTS["region"])]


def test_having_a_partner_moves_back_the_same_house_only(
    need: Need, capability: Capability, other: Capability, university: Organisation, decline: Callable[..., None]
) -> None:
    sister = make_capability(organisation=university, title="轧辊激光淬火", description="激光扫描辊面淬硬一毫米。")
    decline("has_partner")
    assert notes(need, sister) == [("has_partner", -POINTS["has_partner"])]
    assert notes(need, other) == []


def test_too_little_told_moves_back_what_tells_as_little(
    need: Need, capability: Capability, other: Capability, decline: Callable[..., None]
) -> None:
    change(capability, description="激光熔覆轧辊耐磨涂层。", value="")
    change(other, description="轧辊耐磨涂层喷涂。", value="")
    decline("insufficient_info")
    assert notes(need, other) == [("insufficient_info", -POINTS["insufficient_info"])]


def test_worries_about_rights_move_back_what_has_the_same_unsafe_status(
    need: Need, capability: Capability, other: Capability, decline: Callable[..., None]
) -> None:
    change(capability, details={"ip_status": "applied"})
    change(other, details={"ip_status": "applied"})
    decline("ip_concern")
    assert notes(need, other) == [("ip_concern", -POINTS["ip_concern"])]


@pytest.mark.parametrize("code", ["budget_mismatch", "time_mismatch", "other"])
def test_money_and_time_move_nobody_else(
    need: Need, capability: Capability, other: Capability, decline: Callable[..., None], code: str
) -> None:
    decline(code)
    assert notes(need, other) == []


def test_a_supplier_without_capacity_is_proposed_less_elsewhere_for_thirty_days(
    need: Need, capability: Capability, decline: Callable[..., None], match: Match
) -> None:
    decline("no_capacity", Side.CAPABILITY)
    elsewhere = make_need(title="轧辊涂层耐磨寿命短")
    match(need=elsewhere)
    assert notes(elsewhere, capability) == [("no_capacity", -POINTS["no_capacity"])]
    Proposal.objects.filter(need=need, capability=capability).update(declined_at=clock.now() - timedelta(days=31))
    match(need=elsewhere)
    assert notes(elsewhere, capability) == []


def test_what_a_supplier_declines_moves_no_other_house(
    need: Need, capability: Capability, other: Capability, decline: Callable[..., None]
) -> None:
    change(capability, trl=5)
    change(other, trl=4)
    decline("maturity_low", Side.CAPABILITY)
    assert notes(need, other) == []


def test_taking_a_decline_back_takes_its_effect_back(
    *,
    need: Need,
    capability: Capability,
    other: Capability,
    decline: Callable[..., None],
    sme_owner: User,
    match: Match,
) -> None:
    change(capability, trl=5)
    change(other, trl=4)
    decline("maturity_low")
    proposal_withdraw(proposal=need.proposals.get(capability=capability), by=sme_owner)
    match(need=need)
    assert notes(need, other) == []
    assert need.proposals.get(capability=capability).rank is not None


def test_a_capability_that_comes_later_is_moved_as_well(
    need: Need, capability: Capability, decline: Callable[..., None], match: Match
) -> None:
    change(capability, trl=5)
    decline("maturity_low")
    late = make_capability(
        organisation=make_organisation("滨海材料研究院", OrganisationKind.INSTITUTE),
        title="轧辊喷涂耐磨涂层",
        description=SPRAY,
        trl=3,
    )
    match(capability=late)
    assert notes(need, late) == [("maturity_low", -POINTS["maturity_low"])]
    before = list(Proposal.objects.order_by("pk").values())
    match(need=need)
    assert list(Proposal.objects.order_by("pk").values()) == before


def test_a_moved_pair_keeps_its_score_and_loses_its_place(
    need: Need, capability: Capability, match: Match, sme_owner: User
) -> None:
    rows = [make_capability(organisation=make_organisation(f"{n} 号研究所", OrganisationKind.INSTITUTE),
            title=f"轧辊耐磨涂层 {n}", description=SPRAY[n * 6 :], trl=4 + n) for n in range(3)]  # fmt: skip
    match(need=need)
    before = list(need.proposals.order_by("rank").values_list("capability_id", "score"))
    change(capability, trl=6)
    reason = Term.objects.get(vocabulary="decline_reason", code="maturity_low")
    proposal_decline(proposal=need.proposals.get(capability=capability), by=sme_owner, reason=reason)
    match(need=need)
    after = need.proposals.exclude(state=ProposalState.DECLINED).order_by("rank")
    standings = [row.score + sum(note["points"] for note in row.notes) for row in after]
    assert standings == sorted(standings, reverse=True)
    assert {row.capability_id: row.score for row in after} == {
        pk: score for pk, score in before if pk != capability.pk and pk in {row.pk for row in rows}
    }
    assert any(row.notes for row in after)


def test_the_twin_of_what_was_declined_does_not_come_instead(
    need: Need, capability: Capability, match: Match, decline: Callable[..., None], professor: User
) -> None:
    decline("field_mismatch")
    house = make_organisation("转手机构", OrganisationKind.BROKER)
    twin = make_capability(organisation=house, title=capability.title + "（转让）")
    match(capability=twin)
    assert Fingerprint.objects.filter(capability__in=[twin, capability]).values("group").distinct().count() == 1
    match(need=need)
    found = need.proposals.filter(capability=twin).first()
    assert found is None or found.rank is None


def test_the_other_side_never_reads_what_was_declined(
    *,
    need: Need,
    capability: Capability,
    other: Capability,
    decline: Callable[..., None],
    sme_owner: User,
    client_of: Callable[[User], Client],
) -> None:
    change(capability, trl=5)
    change(other, trl=4)
    decline("maturity_low")
    moved = need.proposals.get(capability=other)
    riper = make_capability(organisation=other.organisation, title="已成熟的", trl=9)
    make_proposal(need=need, capability=riper, score=moved.score - 1, rank=1)  # so that the other one lost its place
    page = reverse("matching:proposal", args=[moved.public_id])
    assert "成熟度不高于此前因" in client_of(sme_owner).get(page).content.decode()
    supplier = User.objects.create_user(email="other@city.example", password="correct-horse-2026", name="某人")
    Membership.objects.create(user=supplier, organisation=other.organisation)
    shown = client_of(supplier).get(page)
    assert "成熟度不高于此前因" not in shown.content.decode()


def test_the_place_at_the_first_view_is_kept(need: Need, proposal: Proposal, sme_owner: User, professor: User) -> None:
    Proposal.objects.filter(pk=proposal.pk).update(rank=7)
    proposals_mark_viewed(proposals=[proposal], by=professor)
    proposal.refresh_from_db()
    assert proposal.need_viewed_rank is None
    proposals_mark_viewed(proposals=[proposal], by=sme_owner)
    Proposal.objects.filter(pk=proposal.pk).update(rank=2)
    proposal.refresh_from_db()
    proposals_mark_viewed(proposals=[proposal], by=sme_owner)
    proposal.refresh_from_db()
    assert proposal.need_viewed_rank == 7


def test_an_answer_to_a_closed_need_asks_for_no_match(
    need: Need, proposal: Proposal, sme_owner: User, reason: Term
) -> None:
    proposal_accept(proposal=proposal, by=sme_owner)
    Need.objects.filter(pk=need.pk).update(state="closed")
    proposal_decline(proposal=proposal, by=sme_owner, reason=reason)
    assert proposal.state != ProposalState.ACCEPTED
    assert not MatchRequest.objects.exists()
