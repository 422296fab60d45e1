"""What a match writes: new pairs, changed ones, nothing where nothing changed, and nothing that was refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.services import capability_archive
from apps.core import clock
from apps.matching import requests
from apps.matching.index import changes, live
from apps.matching.models import MatchRequest, Proposal, ProposalState, RequestState, RowKind
from apps.matching.selectors import needs_that_fit, proposals_of_need
from apps.matching.services import proposal_accept, proposal_decline, proposal_withdraw
from apps.needs.models import Need
from apps.needs.services import need_close
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need

Match = Callable[..., MatchRequest]
OTHERS = {  # texts of their own: near-duplicates share one place
    "激光熔覆修复大型轧辊": "磨损的轧辊不必报废：现场车去疲劳层，用镍基粉末熔覆三层，再磨到图纸尺寸。",
    "热喷涂耐磨涂层在轧辊上的应用": "超音速火焰喷涂碳化钨，平整机轧辊得一层 0.2 毫米耐磨涂层，换辊由三个月延到八个月。",
    "轧辊表面激光淬火": "不加任何材料，只用激光扫描使辊面淬硬，硬化层深 1.2 毫米，变形小于 0.05 毫米，寿命提高一半。",
    "耐磨堆焊焊条": "高铬铸铁型焊条，用于破碎机锤头和轧辊端部的耐磨堆焊，焊后硬度 60 HRC，不需预热。",
}


@pytest.fixture
def capabilities(capability: Capability) -> list[Capability]:
    """Five that fit the need, one better than the other."""
    others = [
        make_capability(organisation=capability.organisation, title=title, description=text)
        for title, text in OTHERS.items()
    ]
    return [capability, *others]


def ranks(need: Need) -> dict[int, int | None]:
    return dict(need.proposals.values_list("capability_id", "rank"))


def test_a_match_ranks_the_capabilities_and_says_why(need: Need, capabilities: list[Capability], match: Match) -> None:
    request = match(need=need)
    assert (request.state, request.proposals_count) == (RequestState.DONE, 5)
    found = list(need.proposals.order_by("rank"))
    assert [proposal.rank for proposal in found] == [1, 2, 3, 4, 5]
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    for proposal in found:
        assert sum(part["contribution"] for part in proposal.parts) == pytest.approx(proposal.score, abs=1e-4)
    cladding = need.proposals.get(capability=capabilities[0])
    assert "激光熔覆" in "".join(cladding.shared_terms)
    assert found[0].indicator_verdicts[0]["asked"] == "≥ 60 HRC"


def test_an_unchanged_match_writes_no_proposal(need: Need, capabilities: list[Capability], match: Match) -> None:
    match(need=need)
    before = list(Proposal.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as queries:
        match(need=need)
    written = [q["sql"] for q in queries if "matching_proposal" in q["sql"] and not q["sql"].startswith("SELECT")]
    assert written == []
    assert list(Proposal.objects.order_by("pk").values()) == before


def test_a_process_that_read_the_rows_one_after_another_scores_like_one_that_read_them_at_once(
    need: Need, capability: Capability, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title, text in reversed(OTHERS.items()):
        match(need=need)
        make_capability(organisation=capability.organisation, title=title, description=text)
    match(need=need)
    before = list(Proposal.objects.order_by("pk").values())
    monkeypatch.setattr(live, "_live", None)
    match(need=need)
    assert list(Proposal.objects.order_by("pk").values()) == before


def test_a_match_asks_a_constant_number_of_questions(need: Need, capability: Capability, match: Match) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            match(need=need)
        return len(queries)

    match(need=need)
    few = count()
    for number in range(8):
        text = f"轧辊激光熔覆耐磨涂层，{'甲乙丙丁戊己庚辛'[number] * 40}"
        make_capability(organisation=capability.organisation, title=f"轧辊涂层 {number}", description=text)
    match(need=need)  # reads and writes the new ones
    assert count() == few


def test_a_capability_of_the_needs_own_organisation_is_not_proposed(
    need: Need, enterprise: Organisation, match: Match
) -> None:
    make_capability(organisation=enterprise)
    assert match(need=need).proposals_count == 0


def test_a_capability_for_brokers_is_not_proposed(need: Need, university: Organisation, match: Match) -> None:
    hidden = make_capability(organisation=university, disclosure=Disclosure.BROKERS)
    assert match(need=need).proposals_count == 0
    assert match(capability=hidden).state == RequestState.SUPERSEDED


def test_an_empty_index_gives_an_empty_list(need: Need, match: Match) -> None:
    assert (match(need=need).state, Proposal.objects.count()) == (RequestState.DONE, 0)


def test_a_declined_pair_does_not_come_back_and_its_place_goes_to_the_next(
    *, need: Need, capabilities: list[Capability], match: Match, sme_owner: User, reason: Term, settings: LazySettings
) -> None:
    settings.MATCHING_PROPOSALS_PER_NEED = 3
    match(need=need)
    best = need.proposals.get(rank=1)
    proposal_decline(proposal=best, by=sme_owner, reason=reason)
    match(need=need)
    match(capability=best.capability)
    best.refresh_from_db()
    assert best.state == ProposalState.DECLINED
    shown = list(proposals_of_need(need, sme_owner))
    assert best not in shown
    assert len(shown) == 3
    proposal_withdraw(proposal=best, by=sme_owner)
    assert proposals_of_need(need, sme_owner)[0] == best


def test_a_capability_is_taken_in_at_its_place(
    need: Need, capabilities: list[Capability], match: Match, settings: LazySettings
) -> None:
    settings.MATCHING_PROPOSALS_PER_NEED = 5
    match(need=need)
    worst = need.proposals.get(rank=5)
    newcomer = make_capability(
        organisation=capabilities[0].organisation,
        title="轧辊表面激光熔覆耐磨涂层寿命",
        description="轧辊磨损快时用更耐磨的激光熔覆涂层工艺，硬度 60 HRC 以上，停机换辊的间隔提高一倍。",
    )
    match(capability=newcomer)
    order = need.proposals.filter(rank__isnull=False).order_by("rank")
    assert [p.rank for p in order] == [1, 2, 3, 4, 5]
    assert [p.score for p in order] == sorted((p.score for p in order), reverse=True)
    assert newcomer.pk in {p.capability_id for p in order}
    worst.refresh_from_db()
    assert worst.rank is None


def test_a_match_from_either_side_gives_a_pair_the_same_score(
    need: Need, capabilities: list[Capability], match: Match
) -> None:
    match(need=need)
    before = list(need.proposals.order_by("capability").values("score", "parts", "reasons", "indicator_verdicts"))
    need.proposals.all().delete()
    for capability in capabilities:
        match(capability=capability)
    after = list(need.proposals.order_by("capability").values("score", "parts", "reasons", "indicator_verdicts"))
    assert after == before


def test_a_rank_stays_where_the_capability_fits_more_needs_than_its_own_list_shows(
    capability: Capability, enterprise: Organisation, match: Match, settings: LazySettings
) -> None:
    settings.MATCHING_NEEDS_PER_CAPABILITY = 1
    needs = [make_need(organisation=enterprise), make_need(organisation=enterprise, title="涂层寿命短")]
    for need in needs:
        match(need=need)
    Capability.objects.filter(pk=capability.pk).update(version=2)
    match(capability=Capability.objects.get(pk=capability.pk))
    assert [ranks(need)[capability.pk] for need in needs] == [1, 1]


def test_a_supplier_keeps_a_need_whose_own_list_is_full(
    need: Need, capabilities: list[Capability], match: Match, professor: User, settings: LazySettings
) -> None:
    settings.MATCHING_PROPOSALS_PER_NEED = 2
    for capability in capabilities:
        match(capability=capability)
    Need.objects.filter(pk=need.pk).update(version=2)
    match(need=Need.objects.get(pk=need.pk))
    assert sorted(rank for rank in ranks(need).values() if rank) == [1, 2]
    assert needs_that_fit(professor).count() == len(capabilities)


def test_a_need_that_was_rewritten_leaves_the_lists_it_fits_no_more(
    need: Need, capability: Capability, match: Match, professor: User
) -> None:
    match(need=need)
    assert needs_that_fit(professor).exists()
    need.tags.clear()
    need.indicators.all().delete()
    Need.objects.filter(pk=need.pk).update(
        version=2, industry_chain=None, title="海参养殖", goal="海参夏眠期死亡率高", background="池塘水温"
    )
    match(need=Need.objects.get(pk=need.pk))
    assert ranks(need) == {capability.pk: None}
    assert not needs_that_fit(professor).exists()


def test_an_answered_pair_keeps_its_place_in_the_list_whatever_the_next_match_says(
    need: Need, capability: Capability, match: Match, sme_owner: User
) -> None:
    match(need=need)
    proposal_accept(proposal=need.proposals.get(), by=sme_owner)
    Capability.objects.filter(pk=capability.pk).update(state=CapabilityState.ARCHIVED)
    match(need=need)
    assert proposals_of_need(need, sme_owner).count() == 1


def test_the_index_follows_the_catalogue(need: Need, capability: Capability, match: Match, professor: User) -> None:
    assert match(need=need).proposals_count == 1
    text = "旧辊先车去疲劳层，再熔覆两层铁基粉末，磨到图纸尺寸后硬度 61 HRC。"
    second = make_capability(organisation=capability.organisation, title="轧辊激光熔覆", description=text)
    assert match(need=need).proposals_count == 2
    Capability.objects.filter(pk=second.pk).update(
        version=2, title="海参育苗", value="", description="海参苗种", valid_until=clock.today() + timedelta(days=9)
    )
    second.industries.clear()
    changes.record(RowKind.CAPABILITY, [second.pk])
    assert match(need=need).proposals_count == 1
    capability_archive(capability=capability, by=professor)
    assert match(need=need).proposals_count == 0


def test_what_is_withdrawn_leaves_the_lists_at_once(
    need: Need, capabilities: list[Capability], match: Match, professor: User, sme_owner: User
) -> None:
    match(need=need)
    capability_archive(capability=capabilities[0], by=professor)
    assert ranks(need)[capabilities[0].pk] is None
    need_close(need=need, by=sme_owner)
    assert set(ranks(need).values()) == {None}


def test_a_need_closed_while_a_capability_is_matched_gets_no_rank(
    need: Need, capability: Capability, match: Match, monkeypatch: pytest.MonkeyPatch, sme_owner: User
) -> None:
    def close_meanwhile(request: MatchRequest, stage: str) -> None:
        if stage == "saving":
            need_close(need=need, by=sme_owner)

    monkeypatch.setattr(requests, "report_stage", close_meanwhile)
    match(capability=capability)
    assert not need.proposals.exists()
