"""Writing and reading through the API: the same rules as on the pages, with errors beside their fields."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.engagements.models import Outcome
from apps.matching.models import MatchRequest, Proposal
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_proposal

type Api = Callable[..., APIClient]
NEED: dict[str, Any] = {
    "title": "轧辊表面耐磨涂层",
    "need_type": "process_change",
    "background": "轧辊现在用热喷涂，三个月就磨损报废，停机换辊一次要八小时。",
    "goal": "希望找到更耐磨的激光熔覆涂层工艺，硬度达到 60 HRC 以上，寿命提高一倍。",
    "industry_chain": "chain_new_it",
    "tags": ["laser_cladding"],
    "cooperation_modes": ["entrusted", "joint"],
    "budget_band": "10_50",
    "indicators": [
        {"name": "硬度", "comparison": "ge", "low": 60, "unit": "HRC", "current": "45 HRC", "is_hard": True},
        {"name": "涂层厚度", "comparison": "between", "low": 0.5, "high": 1.2, "unit": "mm", "is_hard": False},
    ],
}
CAPABILITY: dict[str, Any] = {
    "kind": "result",
    "title": "激光熔覆耐磨涂层",
    "value": "轧辊寿命提高一倍",
    "industries": ["chain_new_it"],
    "cooperation_modes": ["transfer"],
    "trl": 8,
    "details": {"ip_status": "granted", "transfer_modes": ["transfer", "licence"], "try_first": True},
    "indicators": [{"name": "硬度", "comparison": "ge", "low": 62, "unit": "HRC"}],
}


def url(endpoint: str, row: Any = None) -> str:
    name = getattr(row, "public_id", row)
    return reverse(f"api:{endpoint}", kwargs={"public_id": name} if name else {})


def codes(terms: list[dict[str, str]]) -> list[str]:
    return sorted(term["code"] for term in terms)


def test_a_need_goes_from_a_draft_to_the_board(api: Api, sme_owner: User) -> None:
    client = api(sme_owner)
    draft = client.post(url("need-list"), NEED, format="json")
    assert draft.status_code == 201, draft.content.decode()
    shown = draft.json()
    assert (shown["state"], shown["version"], shown["is_own"]) == ("draft", 1, True)
    assert (shown["need_type"]["code"], shown["industry_chain"]["code"]) == ("process_change", "chain_new_it")
    assert (codes(shown["tags"]), codes(shown["cooperation_modes"])) == (["laser_cladding"], ["entrusted", "joint"])
    assert [(row["name"], row["low"], row["high"], row["is_hard"]) for row in shown["indicators"]] == [
        ("硬度", 60.0, None, True),
        ("涂层厚度", 0.5, 1.2, False),
    ]
    published = client.post(url("need-publish", shown["id"])).json()
    assert published["state"] == "published"
    assert MatchRequest.objects.filter(need__public_id=shown["id"]).exists()


def test_publishing_tells_by_field_what_is_missing(api: Api, sme_owner: User) -> None:
    client = api(sme_owner)
    draft = client.post(url("need-list"), {"title": "轧辊", "background": "太短"}, format="json").json()
    answer = client.post(url("need-publish", draft["id"]))
    assert answer.status_code == 400
    assert {"need_type", "background", "goal", "industry_chain", "cooperation_modes", "indicators"} <= set(
        answer.json()
    )
    assert answer.json()["goal"] == ["请说明拟解决的技术问题。"]
    assert Need.objects.get().state == NeedState.DRAFT


def test_the_same_form_sent_twice_makes_one_draft(api: Api, sme_owner: User) -> None:
    body = {"title": "轧辊", "form_key": str(uuid.uuid4())}
    first, second = (api(sme_owner).post(url("need-list"), body, format="json").json() for _ in range(2))
    assert first["id"] == second["id"]
    assert Need.objects.count() == 1


def test_a_form_key_opens_no_draft_of_others(api: Api, sme_owner: User, stranger: User) -> None:
    body = {"title": "轧辊", "form_key": str(uuid.uuid4())}
    api(sme_owner).post(url("need-list"), body, format="json")
    answer = api(stranger).post(url("need-list"), {**body, "title": "别人的"}, format="json")
    assert answer.status_code == 403
    assert Need.objects.get().title == "轧辊"


def test_a_change_names_the_version_it_was_made_from(api: Api, sme_owner: User, colleague: User) -> None:
    draft = api(sme_owner).post(url("need-list"), NEED, format="json").json()
    detail = url("need-detail", draft["id"])
    assert "version" in api(sme_owner).patch(detail, {"title": "新名称"}, format="json").json()
    first = api(sme_owner).patch(detail, {"version": 1, "title": "新名称"}, format="json")
    assert (first.status_code, first.json()["version"]) == (200, 2)
    late = api(colleague).patch(detail, {"version": 1, "title": "另一个名称"}, format="json")
    assert late.status_code == 409
    assert "保存为新的版本" in late.json()["detail"]
    assert Need.objects.get().title == "新名称"


def test_a_change_leaves_alone_what_it_does_not_name(api: Api, sme_owner: User) -> None:
    client = api(sme_owner)
    draft = client.post(url("need-list"), NEED, format="json").json()
    after = client.patch(url("need-detail", draft["id"]), {"version": 1, "expected_months": 6}, format="json").json()
    changed = {name for name in after if after[name] != draft[name]}
    assert changed == {"version", "expected_months"}
    emptied = client.patch(
        url("need-detail", draft["id"]), {"version": 2, "tags": [], "indicators": [], "need_type": None}, format="json"
    ).json()
    assert (emptied["tags"], emptied["indicators"], emptied["need_type"]) == ([], [], None)


def test_a_published_need_must_stay_fit_for_the_board_and_is_matched_again(
    api: Api, sme_owner: User, enterprise: Organisation, taxonomy: None
) -> None:
    need = make_need(organisation=enterprise, contact=sme_owner)
    client = api(sme_owner)
    refused = client.patch(url("need-detail", need), {"version": 1, "goal": "太短"}, format="json")
    assert (refused.status_code, list(refused.json())) == (400, ["goal"])
    assert not MatchRequest.objects.exists()
    assert client.patch(url("need-detail", need), {"version": 1, "title": "新名称"}, format="json").status_code == 200
    assert MatchRequest.objects.get().need == need


def test_a_state_that_does_not_allow_a_move_is_a_409(
    api: Api, sme_owner: User, enterprise: Organisation, taxonomy: None
) -> None:
    need = make_need(organisation=enterprise, contact=sme_owner, state=NeedState.SOLVED)
    for move in ("need-close", "need-renew", "need-reopen"):
        assert api(sme_owner).post(url(move, need)).status_code == 409
    assert Need.objects.get().state == NeedState.SOLVED


def test_the_contact_is_a_colleague_named_by_address(
    api: Api, sme_owner: User, colleague: User, stranger: User
) -> None:
    client = api(sme_owner)
    own = client.post(url("need-list"), {"title": "轧辊", "contact": colleague.email.upper()}, format="json").json()
    assert own["private"]["contact"]["email"] == colleague.email
    foreign = client.post(url("need-list"), {"title": "轧辊", "contact": stranger.email}, format="json")
    assert foreign.json() == {"contact": ["联系人须是本单位的成员。"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"need_type": "no_such_type"}, "need_type"),
        ({"need_type": "laser_cladding"}, "need_type"),
        ({"tags": ["no_such_tag"]}, "tags"),
        ({"title": "长" * 61}, "title"),
        ({"title": ""}, "title"),
        ({"goal": "长" * 2_001}, "goal"),
        ({"goal": "a\x07"}, "goal"),
        ({"trl_now": 10}, "trl_now"),
        ({"disclosure": "everybody"}, "disclosure"),
        ({"valid_until": "明天"}, "valid_until"),
        ({"budget_wan": "-1"}, "budget_wan"),
        ({"indicators": [{"name": "硬度", "comparison": "ge"}]}, "indicators"),
    ],
)
def test_a_wrong_field_is_told_beside_it_in_chinese(
    api: Api, sme_owner: User, body: dict[str, Any], field: str
) -> None:
    answer = api(sme_owner).post(url("need-list"), {"title": "轧辊", **body}, format="json")
    assert (answer.status_code, list(answer.json())) == (400, [field])
    text = answer.content.decode()
    assert any("\u4e00" <= sign <= "\u9fff" for sign in text), text
    assert not Need.objects.exists()


def test_retired_terms_are_offered_no_more(api: Api, sme_owner: User) -> None:
    Term.objects.filter(vocabulary="tag", code="laser_cladding").update(is_active=False)
    answer = api(sme_owner).post(url("need-list"), {"title": "轧辊", "tags": ["laser_cladding"]}, format="json")
    assert answer.json() == {"tags": ["词表中没有“laser_cladding”。"]}
    assert api().get(url("term-list"), {"q": "激光熔覆"}).json()["count"] == 0


def test_nobody_sets_what_is_not_theirs_to_set(api: Api, sme_owner: User, stranger: User) -> None:
    forbidden = {
        "state": "published",
        "organisation": stranger.membership.organisation.pk,
        "created_by": stranger.pk,
        "published_at": "2026-01-01T00:00:00Z",
        "source": "import",
        "external_id": "x",
        "public_id": "2" * 12,
        "id": 999,
    }
    shown = api(sme_owner).post(url("need-list"), {"title": "轧辊", **forbidden}, format="json").json()
    need = Need.objects.get()
    assert (need.state, need.organisation, need.created_by) == ("draft", sme_owner.membership.organisation, sme_owner)
    assert (need.source, need.external_id, need.published_at) == ("form", "", None)
    assert need.public_id == shown["id"] != "2" * 12


def test_a_capability_goes_from_a_draft_to_the_catalogue(api: Api, professor: User) -> None:
    client = api(professor)
    draft = client.post(url("capability-list"), CAPABILITY, format="json")
    assert draft.status_code == 201, draft.content.decode()
    assert draft.json()["details"] == CAPABILITY["details"]
    shown = client.post(url("capability-publish", draft.json()["id"])).json()
    assert (shown["state"], shown["owner"]["name"]) == ("published", professor.membership.organisation.name)
    body = {"version": shown["version"], "details": {**CAPABILITY["details"], "price": "面议"}}
    changed = client.patch(url("capability-detail", shown["id"]), body, format="json").json()
    assert (changed["details"]["price"], changed["version"]) == ("面议", shown["version"] + 1)
    late = client.patch(url("capability-detail", shown["id"]), body | {"trl": 9}, format="json")
    assert late.status_code == 409


def test_details_are_checked_by_kind(api: Api, professor: User) -> None:
    client = api(professor)
    wrong = client.post(url("capability-list"), {**CAPABILITY, "details": {"level": "national"}}, format="json")
    assert wrong.json() == {"level": ["该类别没有这一项。"]}
    bad = client.post(url("capability-list"), {**CAPABILITY, "details": {"ip_status": "stolen"}}, format="json")
    assert list(bad.json()) == ["ip_status"]
    draft = client.post(url("capability-list"), {"kind": "expert", "title": "焊接专家"}, format="json").json()
    gaps = client.post(url("capability-publish", draft["id"])).json()
    assert {"job_title", "directions", "confirmed", "value"} <= set(gaps)
    assert Capability.objects.filter(state=CapabilityState.PUBLISHED).count() == 0


def test_both_sides_answer_report_and_confirm(api: Api, sme_owner: User, professor: User, taxonomy: None) -> None:
    need = make_need(organisation=sme_owner.membership.organisation, contact=sme_owner)
    capability = make_capability(organisation=professor.membership.organisation, contact=professor)
    proposal = make_proposal(need=need, capability=capability)
    buyer, supplier = api(sme_owner), api(professor)
    assert buyer.post(url("proposal-accept", proposal)).json()["state"] == "interested"
    [waiting] = supplier.get(url("proposal-list"), {"waiting": "true"}).json()["results"]
    assert (waiting["id"], waiting["is_our_turn"], waiting["side"]) == (proposal.public_id, True, "capability")
    engagement = supplier.post(url("proposal-accept", proposal)).json()["engagement"]
    report = {"outcome_type": "process_change", "description": "寿命提高一倍。", "occurred_on": str(clock.today())}
    outcome = buyer.post(url("engagement-report", engagement), report, format="json").json()
    assert (outcome["state"], outcome["reported_side"]) == ("reported", "need")
    assert buyer.post(url("outcome-confirm", outcome["id"]), {}, format="json").status_code == 403
    corrected = buyer.patch(url("outcome-detail", outcome["id"]), {"new_sales_yuan": "1200000"}, format="json").json()
    stale = supplier.post(url("outcome-confirm", outcome["id"]), {"revision": outcome["revision"]}, format="json")
    assert stale.status_code == 409
    confirmed = supplier.post(url("outcome-confirm", outcome["id"]), {"revision": corrected["revision"]}, format="json")
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "confirmed")
    assert buyer.get(url("engagement-detail", engagement)).json()["outcomes"][0]["new_sales_yuan"] == "1200000.00"
    assert buyer.get(url("need-detail", need)).json()["state"] == "solved"


def test_a_decline_takes_a_reason_of_the_list_and_can_be_taken_back(
    api: Api, professor: User, university: Organisation, taxonomy: None
) -> None:
    proposal = make_proposal(capability=make_capability(organisation=university))
    client = api(professor)
    assert list(client.post(url("proposal-decline", proposal), {}, format="json").json()) == ["reason"]
    bad = client.post(url("proposal-decline", proposal), {"reason": "boring"}, format="json")
    assert (bad.status_code, list(bad.json())) == (400, ["reason"])
    assert client.post(url("proposal-decline", proposal), {"reason": "region"}, format="json").status_code == 200
    assert Proposal.objects.get().decline_reason == Term.objects.get(vocabulary="decline_reason", code="region")
    assert client.post(url("proposal-withdraw", proposal)).json()["state"] == "viewed"


def test_reading_a_proposal_notes_that_its_people_saw_it(
    api: Api, professor: User, reviewer: User, university: Organisation, taxonomy: None
) -> None:
    proposal = make_proposal(capability=make_capability(organisation=university))
    api(reviewer).get(url("proposal-detail", proposal))
    api(professor).get(url("proposal-list"))
    assert Proposal.objects.get().capability_viewed_at is None
    api(professor).get(url("proposal-detail", proposal))
    assert Proposal.objects.get().capability_viewed_at is not None


def test_evidence_comes_as_a_file_that_is_what_its_name_says(
    api: Api, sme_owner: User, enterprise: Organisation, taxonomy: None
) -> None:
    engagement = make_engagement(proposal=make_proposal(need=make_need(organisation=enterprise)))
    told = {"outcome_type": "process_change", "description": "寿命提高一倍。", "occurred_on": str(clock.today())}
    wrong = SimpleUploadedFile("验收单.pdf", b"PK\x03\x04 no document")
    answer = api(sme_owner).post(url("engagement-report", engagement), {**told, "evidence": wrong}, format="multipart")
    assert (answer.status_code, list(answer.json())) == (400, ["evidence"])
    right = SimpleUploadedFile("验收单.pdf", b"%PDF-1.4\n%%EOF")
    answer = api(sme_owner).post(url("engagement-report", engagement), {**told, "evidence": right}, format="multipart")
    assert answer.json()["evidence_name"] == "验收单.pdf"
    Outcome.objects.get().evidence.delete()


def test_an_owner_changes_what_the_organisation_says_but_not_what_was_verified(
    api: Api, sme_owner: User, enterprise: Organisation
) -> None:
    client = api(sme_owner)
    body = {"description": "精密加工。", "district": "licang", "tiers": ["high_tech_enterprise"], "revision": 1}
    shown = client.patch(url("organisation-own"), body, format="json").json()
    assert (shown["description"], shown["district"]["code"]) == ("精密加工。", "licang")
    assert codes(shown["tiers"]) == ["high_tech_enterprise"]
    late = client.patch(url("organisation-own"), {"description": "另一版。", "revision": 1}, format="json")
    assert late.status_code == 409
    assert "revision" in client.patch(url("organisation-own"), {"description": "另一版。"}, format="json").json()
    renamed = client.patch(url("organisation-own"), {"name": "另一个名字", "revision": 2}, format="json")
    assert renamed.status_code == 403
    assert "已通过核验" in renamed.json()["detail"]


@pytest.mark.parametrize(
    ("endpoint", "make"),
    [
        ("need-list", make_need),
        ("capability-list", make_capability),
        ("proposal-list", make_proposal),
        ("engagement-list", make_engagement),
        ("organisation-list", make_need),
    ],
)
def test_a_list_costs_the_same_however_long_it_is(
    api: Api, reviewer: User, endpoint: str, make: Callable[[], Any]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert api(reviewer).get(url(endpoint)).status_code == 200
        return len(captured)

    make()
    queries()
    before = queries()
    for _ in range(3):
        make()
    assert queries() == before


def test_lists_come_in_pages(api: Api, reviewer: User, taxonomy: None) -> None:
    for _ in range(3):
        make_need()
    first = api(reviewer).get(url("need-list"), {"page_size": 2}).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (3, 2, None)
    second = api(reviewer).get(first["next"]).json()
    assert len({row["id"] for row in first["results"] + second["results"]}) == 3
    assert api(reviewer).get(url("need-list"), {"page_size": 100_000}).json()["count"] == 3
    assert api(reviewer).get(url("need-list"), {"page": 9}).status_code == 404


@pytest.mark.parametrize(
    ("endpoint", "query", "count"),
    [
        ("need-list", {"q": "轧辊 耐磨"}, 1),
        ("need-list", {"q": "废水"}, 0),
        ("need-list", {"state": "draft"}, 1),
        ("need-list", {"need_type": "process_change"}, 2),
        ("need-list", {"tag": "no_such"}, 0),
        ("need-list", {"mine": "true"}, 1),
        ("need-list", {"mine": "false"}, 1),
        ("capability-list", {"kind": "result"}, 1),
        ("capability-list", {"kind": "expert"}, 0),
        ("capability-list", {"trl_at_least": "9"}, 0),
        ("proposal-list", {"listed": "true"}, 1),
        ("proposal-list", {"listed": "false"}, 0),
        ("proposal-list", {"score_at_least": "90"}, 0),
        ("term-list", {"vocabulary": "ip_terms"}, 4),
    ],
)
def test_lists_are_narrowed(api: Api, sme_owner: User, endpoint: str, query: dict[str, str], count: int) -> None:
    """One proposal between strangers' rows, and a draft of one's own; the pair's need is one's own where it matters."""
    own = sme_owner.membership.organisation
    make_need(organisation=own, state=NeedState.DRAFT, title="烘干", goal="", background="")
    make_proposal(need=make_need(organisation=own) if endpoint == "proposal-list" else None)
    assert api(sme_owner).get(url(endpoint), query).json()["count"] == count
