"""Two at the same moment who need the same rows: both take them in one order, and neither is thrown out of the base.

On PostgreSQL two that wait for each other are found after a second, and one of them fails. SQLite lets one writer in.
"""

from functools import partial
from typing import Any

import pytest

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.capabilities.services import capabilities_import
from apps.core import clock
from apps.engagements.desk.calls import call_record
from apps.engagements.desk.receivers import refer_case
from apps.engagements.models import Engagement, Outcome, Referral
from apps.engagements.services import engagement_assign_broker, engagement_end, outcome_confirm, outcome_report
from apps.matching import requests, runs
from apps.matching.documents import engine_segmenter
from apps.matching.models import MatchRequest, Proposal
from apps.matching.services import proposal_accept, proposals_mark_viewed
from apps.needs.models import Need, NeedState
from apps.review.services.outcomes import outcome_decide
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_proposal
from tests.matching.conftest import load_few_terms
from tests.matching.test_races import fresh_index, overtaken

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def taxonomy(transactional_db: None) -> None:
    if not Term.objects.exists():
        load_few_terms()
    Term.objects.get_or_create(vocabulary="outcome_type", code="process_change", defaults={"name": "工艺改造"})


@pytest.fixture
def need(taxonomy: None, enterprise: Organisation, sme_owner: User) -> Need:
    return make_need(organisation=enterprise, contact=sme_owner, created_by=sme_owner)


@pytest.fixture
def capability(taxonomy: None, university: Organisation, professor: User) -> Capability:
    return make_capability(organisation=university, contact=professor, created_by=professor, external_id="A-1")


@pytest.fixture
def case(need: Need, capability: Capability) -> Engagement:
    Need.objects.filter(pk=need.pk).update(state=NeedState.ENGAGED)
    return make_engagement(proposal=make_proposal(need=need, capability=capability))


@pytest.fixture
def outcome(case: Engagement, professor: User) -> Outcome:
    kind = Term.objects.get(vocabulary="outcome_type", code="process_change")
    fields = {"outcome_type": kind, "description": "轧辊寿命由三个月提高到八个月。", "occurred_on": clock.today()}
    return outcome_report(engagement=case, by=professor, **fields)


def failures(results: list[Any]) -> list[Any]:
    return [result for result in results if isinstance(result, Exception)]


def claimed(**row: Any) -> MatchRequest:
    request = MatchRequest.objects.create(input_version=1, due_at=clock.now(), **row)
    held = requests.claim(request.public_id)
    assert held is not None
    return held


def test_a_case_ends_while_a_broker_notes_a_call_about_it(
    case: Engagement, sme_owner: User, broker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call refers to the case, and is the need's first reply."""
    call = {"called_at": clock.now(), "side": "need", "result": "约好下周看样件。"}
    results = overtaken(
        monkeypatch,
        "apps.engagements.services.steps._give_back",
        partial(engagement_end, engagement=case, by=sme_owner, reason="cost"),
        partial(call_record, by=broker, need=case.proposal.need, proposal=case.proposal, engagement=case, **call),
    )
    assert not failures(results)


def test_a_case_gets_its_broker_while_the_clockwork_brings_it_to_the_desk(
    case: Engagement, broker: User, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = overtaken(
        monkeypatch,
        "apps.engagements.desk.receivers.refer_case",
        partial(engagement_assign_broker, engagement=case, broker=broker, by=administrator),
        partial(refer_case, case),
    )
    assert not failures(results)
    assert Referral.objects.get().taken_by == broker


@pytest.mark.parametrize("door", ["case", "queue"])
def test_a_case_ends_while_its_outcome_is_confirmed(
    door: str,
    case: Engagement,
    outcome: Outcome,
    sme_owner: User,
    colleague: User,
    administrator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both hold the case, and then change its need."""
    confirm = {
        "case": partial(outcome_confirm, outcome=outcome, by=colleague),
        "queue": partial(outcome_decide, outcome=outcome, by=administrator, is_true=True, seen=outcome.revision),
    }
    end = partial(engagement_end, engagement=case, by=sme_owner, reason="cost")
    results = overtaken(monkeypatch, "apps.engagements.services.outcomes._solve", confirm[door], end)
    assert not failures(results)
    assert Need.objects.get().state == NeedState.SOLVED


def test_a_pair_is_answered_while_its_resource_is_matched(
    need: Need, capability: Capability, sme_owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = make_proposal(need=need, capability=capability)
    engine_segmenter().words("读词典")
    monkeypatch.setattr(runs, "current_index", fresh_index)
    results = overtaken(
        monkeypatch,
        "apps.matching.runs._still_asked",
        partial(runs.carry_out, claimed(capability=capability)),
        partial(proposal_accept, proposal=pair, by=sme_owner),
    )
    assert not failures(results)


def test_a_file_brings_a_resource_anew_while_it_is_matched(
    need: Need, capability: Capability, professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its institution has much to answer: the match counts its places, and the import keeps others of it out."""
    engine_segmenter().words("读词典")
    monkeypatch.setattr(runs, "current_index", fresh_index)
    monkeypatch.setattr("apps.matching.ordering.Load.is_busy", lambda *_: True)
    row = {"external_id": "A-1", "title": "激光熔覆修复"}
    results = overtaken(
        monkeypatch,
        "apps.matching.listing._hold_institutions",
        partial(runs.carry_out, claimed(capability=capability)),
        partial(capabilities_import, rows=[row], organisation=capability.organisation, by=professor),
    )
    assert not failures(results)


def test_a_list_is_opened_while_it_is_written(
    need: Need, university: Organisation, sme_owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The match writes what is new first and the places after it, the page marks all together."""
    make_capability(organisation=university, title="堆焊修复轧辊", description="轧辊表面堆焊耐磨层，寿命可翻一番。")
    make_capability(organisation=university)
    engine_segmenter().words("读词典")
    monkeypatch.setattr(runs, "current_index", fresh_index)
    runs.carry_out(claimed(need=need))
    first, second = Proposal.objects.order_by("pk")
    Proposal.objects.update(rank=None)
    Proposal.objects.filter(pk=second.pk).update(score=1)
    results = overtaken(
        monkeypatch,
        "apps.matching.proposals._rank",
        partial(runs.carry_out, claimed(need=need)),
        partial(proposals_mark_viewed, proposals=[first, second], by=sme_owner),
    )
    assert not failures(results)
    assert set(Proposal.objects.values_list("rank", "state")) == {(1, "viewed"), (2, "viewed")}
