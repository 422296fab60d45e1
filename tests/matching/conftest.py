"""What the tests of matching share: an index of this test's rows only, pairs, and a match carried out at once."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.matching import requests
from apps.matching.index import live
from apps.matching.models import MatchRequest, Priority, Proposal
from apps.matching.rematches import chunks
from apps.matching.runs import carry_out
from apps.matching.services import proposal_accept
from apps.needs.models import Need
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need, make_proposal


@pytest.fixture(autouse=True)
def own_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index of a process outlives its rows only in tests."""
    monkeypatch.setattr(live, "_live", None)


@pytest.fixture(autouse=True)
def hints(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the requests and rematches that workers were told of; no broker is asked."""
    sent: list[str] = []
    monkeypatch.setattr(requests, "send_hints", lambda ids, priority: sent.extend(ids))
    monkeypatch.setattr(chunks, "send_hint", sent.append)
    return sent


@pytest.fixture
def need(taxonomy: None, enterprise: Organisation) -> Need:
    return make_need(organisation=enterprise)


@pytest.fixture
def capability(taxonomy: None, university: Organisation) -> Capability:
    return make_capability(organisation=university)


@pytest.fixture
def proposal(need: Need, capability: Capability) -> Proposal:
    """A pair that nobody has looked at, with everything the engine writes."""
    return make_proposal(need=need, capability=capability, **ENGINE_FIELDS)


@pytest.fixture
def interesting(proposal: Proposal, sme_owner: User) -> Proposal:
    """The enterprise has said yes."""
    return proposal_accept(proposal=proposal, by=sme_owner)


@pytest.fixture
def reason(taxonomy: None) -> Term:
    return Term.objects.get(vocabulary="decline_reason", code="budget_mismatch")


@pytest.fixture
def match() -> Callable[..., MatchRequest]:
    """Ask for a row to be matched and carry it out in this process, as a worker would."""

    def run(*, need: Need | None = None, capability: Capability | None = None) -> MatchRequest:
        if need is not None:
            requests.request_for_needs([need], priority=Priority.INTERACTIVE)
        if capability is not None:
            requests.request_for_capability(capability)
        waiting = MatchRequest.objects.filter(state="pending", need=need, capability=capability).get()
        claimed = requests.claim(waiting.public_id)
        assert claimed is not None
        carry_out(claimed)
        claimed.refresh_from_db()
        return claimed

    return run


ENGINE_FIELDS: dict[str, Any] = {
    "score": 62.5,
    "parts": [
        {"name": "words", "value": 0.5, "weight": 0.3, "contribution": 15.0},
        {"name": "bigrams", "value": 0.75, "weight": 0.4, "contribution": 30.0},
        {"name": "tags", "value": 0.0, "weight": 0.0, "contribution": 0.0},
        {"name": "indicators", "value": 0.5833333, "weight": 0.3, "contribution": 17.5},
    ],
    "reasons": [
        {"kind": "for_need", "text": "这项成果做的就是激光熔覆，与您的需求对口。", "terms": []},
        {"kind": "for_capability", "text": "有企业提出“轧辊修复”，其中的激光熔覆正好对上您的成果。", "terms": []},
        {"kind": "shared_terms", "text": "双方都涉及：激光熔覆、涂层", "terms": ["激光熔覆", "涂层"]},
        {"kind": "shared_tags", "text": "方向相近：需求为耐磨涂层，对方为热喷涂", "terms": ["耐磨涂层", "热喷涂"]},
        {"kind": "indicator_met", "text": "硬度要求 ≥ 60 HRC，对方为 62 HRC，满足", "terms": ["硬度"]},
    ],
    "shared_terms": ["激光熔覆", "涂层"],
    "indicator_verdicts": [
        {
            "status": "met",
            "name": "硬度",
            "text": "硬度要求 ≥ 60 HRC，对方为 62 HRC，满足",
            "asked": "≥ 60 HRC",
            "offered": "62 HRC",
            "finding": "满足",
            "is_hard": True,
        },
        {
            "status": "missed",
            "name": "耐温",
            "text": "耐温要求 ≥ 300 ℃，对方为 250 ℃，差 50 ℃",
            "asked": "≥ 300 ℃",
            "offered": "250 ℃",
            "finding": "差 50 ℃",
            "is_hard": True,
        },
        {
            "status": "unknown",
            "name": "寿命",
            "text": "寿命要求 ≥ 2 年，对方未写明",
            "asked": "≥ 2 年",
            "offered": "",
            "finding": "对方未写明",
            "is_hard": False,
        },
    ],
}

FEW_TERMS = (
    ("need_type", "process_change"),
    ("industry_chain", "chain_equipment"),
    ("cooperation_mode", "entrusted"),
    ("cooperation_mode", "transfer"),
    ("tag", "laser_cladding"),
    ("decline_reason", "budget_mismatch"),
    ("decline_reason", "region"),
)


def load_few_terms() -> None:
    """The terms that the factories' rows are made of, where loading all of them would take longer than the test."""
    Term.objects.bulk_create(Term(vocabulary=kind, code=code, name=code) for kind, code in FEW_TERMS)
