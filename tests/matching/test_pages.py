"""The pages: who sees which, what they say, and what they never tell."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.engagements.models import Engagement
from apps.matching import requests
from apps.matching.models import MatchRequest, Priority, Proposal, ProposalState, RequestState, Stage
from apps.matching.services import proposal_accept, proposal_decline
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_proposal
from tests.matching.conftest import ENGINE_FIELDS

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
ROLES = ("sme_owner", "colleague", "professor", "stranger", "broker", "reviewer", "administrator")


def list_url(need: Need) -> str:
    return reverse("matching:need_proposals", args=[need.public_id])


def url_of(name: str, proposal: Proposal) -> str:
    return reverse(f"matching:{name}", args=[proposal.public_id])


def text_of(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def waiting(need: Need) -> MatchRequest:
    requests.request_for_needs([need], priority=Priority.INTERACTIVE)
    return MatchRequest.objects.get(need=need)


@pytest.mark.parametrize(
    ("page", "allowed"),
    [
        ("need_proposals", {"sme_owner", "colleague", "broker", "reviewer", "administrator"}),
        ("capability_needs", {"professor", "broker", "reviewer", "administrator"}),
        ("proposal", {"sme_owner", "colleague", "professor", "broker", "reviewer", "administrator"}),
        ("decline", {"sme_owner", "colleague", "professor", "broker", "reviewer", "administrator"}),
        ("inbox", set(ROLES)),
        ("needs_for_me", set(ROLES)),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_each_page_opens_for_its_people_and_is_absent_for_others(
    *, proposal: Proposal, client_of: SignIn, role: str, page: str, allowed: set[str], request: pytest.FixtureRequest
) -> None:
    arguments = {
        "need_proposals": [proposal.need.public_id],
        "capability_needs": [proposal.capability.public_id],
        "proposal": [proposal.public_id],
        "decline": [proposal.public_id],
    }
    client = client_of(request.getfixturevalue(role))
    response = client.get(reverse(f"matching:{page}", args=arguments.get(page)))
    assert response.status_code == (200 if role in allowed else 404)


@pytest.mark.parametrize("page", ["inbox", "needs_for_me"])
def test_a_visitor_is_asked_to_sign_in(db: None, client: Client, page: str) -> None:
    response = client.get(reverse(f"matching:{page}"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:sign_in"))


def test_a_fragment_never_shows_the_sign_in_page_inside_another(proposal: Proposal, client: Client) -> None:
    assert client.get(list_url(proposal.need), headers=HTMX).status_code == 401
    assert client.post(url_of("accept", proposal), headers=HTMX).status_code == 401


@pytest.mark.parametrize("name", ["accept", "withdraw"])
def test_answers_are_only_posted(proposal: Proposal, sme_owner: User, client_of: SignIn, name: str) -> None:
    assert client_of(sme_owner).get(url_of(name, proposal)).status_code == 405


@pytest.mark.parametrize("name", ["accept", "withdraw", "decline"])
@pytest.mark.parametrize(("role", "status"), [("stranger", 404), ("broker", 403), ("reviewer", 403)])
def test_nobody_answers_for_a_side(
    *, proposal: Proposal, client_of: SignIn, name: str, role: str, status: int, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(role))
    assert client.post(url_of(name, proposal), {"reason": "region"}).status_code == status
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED


def test_a_need_that_waits_shows_how_far_its_match_is(
    waiting: MatchRequest, sme_owner: User, client_of: SignIn
) -> None:
    client = client_of(sme_owner)
    fragment = text_of(client, list_url(waiting.need), **HTMX)  # type: ignore[arg-type]
    assert "匹配中" in fragment
    assert f'hx-get="{list_url(waiting.need)}?seen=queued-early"' in fragment  # type: ignore[arg-type]
    assert "<html" not in fragment


def test_a_poll_is_answered_only_when_something_changed(
    waiting: MatchRequest, sme_owner: User, client_of: SignIn
) -> None:
    client, url = client_of(sme_owner), list_url(waiting.need)  # type: ignore[arg-type]
    assert client.get(f"{url}?seen=queued-early", headers=HTMX).status_code == 204
    lease = clock.now() + timedelta(minutes=1)
    MatchRequest.objects.update(state=RequestState.RUNNING, stage=Stage.RANKING, lease_until=lease)
    step = client.get(f"{url}?seen=queued-early", headers=HTMX)
    assert "seen=ranking-early" in step.content.decode()
    assert "HX-Retarget" not in step
    MatchRequest.objects.update(state=RequestState.DONE, stage=Stage.FINISHED, lease_until=None)
    done = client.get(f"{url}?seen=ranking-early", headers=HTMX)
    assert (done["HX-Retarget"], done["HX-Reswap"]) == ("#need-proposals", "outerHTML")
    assert "hx-trigger" not in done.content.decode().partition("match-card")[0]


def test_a_match_that_takes_long_says_that_nothing_is_lost(
    waiting: MatchRequest, sme_owner: User, client_of: SignIn
) -> None:
    client, url = client_of(sme_owner), list_url(waiting.need)  # type: ignore[arg-type]
    assert "不会丢失，完成后" not in text_of(client, url)
    MatchRequest.objects.update(created_at=clock.now() - timedelta(seconds=61))
    assert "不会丢失，完成后" in text_of(client, f"{url}?seen=queued-early", **HTMX)


def test_a_failed_match_can_be_asked_for_again(waiting: MatchRequest, sme_owner: User, client_of: SignIn) -> None:
    MatchRequest.objects.update(state=RequestState.FAILED)
    client, url = client_of(sme_owner), list_url(waiting.need)  # type: ignore[arg-type]
    assert "重新匹配" in text_of(client, url)
    again = client.post(reverse("matching:need_rematch", args=[waiting.need.public_id]))  # type: ignore[union-attr]
    assert again["Location"] == url
    assert MatchRequest.objects.filter(state=RequestState.PENDING).count() == 1


@pytest.mark.parametrize("role", ["professor", "stranger"])
def test_strangers_ask_for_no_match(
    *, need: Need, capability: Capability, client_of: SignIn, role: str, stranger: User, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(role))
    assert client.post(reverse("matching:need_rematch", args=[need.public_id])).status_code == 404
    others = client_of(stranger).post(reverse("matching:capability_rematch", args=[capability.public_id]))
    assert others.status_code == 404
    assert not MatchRequest.objects.exists()


def test_a_draft_is_not_matched(need: Need, sme_owner: User, client_of: SignIn) -> None:
    Need.objects.filter(pk=need.pk).update(state=NeedState.DRAFT)
    client = client_of(sme_owner)
    assert "需求发布后" in text_of(client, list_url(need))
    assert client.post(reverse("matching:need_rematch", args=[need.public_id])).status_code == 403


def test_an_empty_list_says_what_to_add(need: Need, capability: Capability, sme_owner: User, client_of: SignIn) -> None:
    need.indicators.all().delete()
    MatchRequest.objects.create(need=need, input_version=1, due_at=clock.now(), state=RequestState.DONE)
    page = text_of(client_of(sme_owner), list_url(need))
    assert "这次没有找到足够贴近的资源" in page
    assert "写上关键技术指标" in page
    assert "多选几个标签" in page


def test_an_empty_corpus_is_a_sentence(need: Need, sme_owner: User, client_of: SignIn) -> None:
    MatchRequest.objects.create(need=need, input_version=1, due_at=clock.now(), state=RequestState.DONE)
    assert "资源库里暂时还没有可以匹配的资源" in text_of(client_of(sme_owner), list_url(need))


def test_a_card_says_score_parts_reasons_and_indicators(proposal: Proposal, sme_owner: User, client_of: SignIn) -> None:
    page = text_of(client_of(sme_owner), list_url(proposal.need))
    for said in (
        "匹配度 62 分",
        "词语 <strong>15.0</strong>",
        "字串 <strong>30.0</strong>",
        "标签 未参与",
        "指标 <strong>17.5</strong>",
        '<span class="chip">激光熔覆</span>',
        "方向相近",
        "需求为耐磨涂层，资源方为热喷涂",
        "差 50 ℃",
        "<mark>激光熔覆</mark>",
    ):
        assert said in page


def test_texts_of_people_are_escaped_around_the_marks(proposal: Proposal, sme_owner: User, client_of: SignIn) -> None:
    hostile = "<script>alert(1)</script>涂层&<b>激光熔覆</b>"
    Need.objects.filter(pk=proposal.need_id).update(goal=hostile, title="<i>涂层</i>")
    Capability.objects.filter(pk=proposal.capability_id).update(description=hostile, value=hostile)
    for url in (list_url(proposal.need), url_of("proposal", proposal)):
        page = text_of(client_of(sme_owner), url)
        assert "<script>alert" not in page
        assert "<b><mark>" not in page
        assert "&lt;b&gt;<mark>激光熔覆</mark>&lt;/b&gt;" in page
        assert "&amp;" in page


def test_seeing_the_list_is_noted_for_the_side_and_only_once_new(
    proposal: Proposal, sme_owner: User, broker: User, client_of: SignIn
) -> None:
    text_of(client_of(broker), list_url(proposal.need))
    proposal.refresh_from_db()
    assert proposal.need_viewed_at is None
    assert "new-mark" in text_of(client_of(sme_owner), list_url(proposal.need))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.need_viewed_at is not None) == (ProposalState.VIEWED, True)
    assert "new-mark" not in text_of(client_of(sme_owner), list_url(proposal.need))


def test_a_list_asks_a_constant_number_of_questions(
    proposal: Proposal, sme_owner: User, professor: User, client_of: SignIn
) -> None:
    university = proposal.capability.organisation

    def counts() -> list[int]:
        found = []
        for person, url in ((sme_owner, list_url(proposal.need)), (professor, reverse("matching:needs_for_me"))):
            client = client_of(person)
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            found.append(len(queries))
        return found

    few = counts()
    for rank in range(2, 9):
        capability = make_capability(organisation=university)
        make_proposal(need=proposal.need, capability=capability, rank=rank, **ENGINE_FIELDS)
    assert counts() == few
    assert max(few) <= 20


def test_a_long_list_is_cut_into_pages(proposal: Proposal, sme_owner: User, client_of: SignIn) -> None:
    for rank in range(2, 23):
        capability = make_capability(organisation=proposal.capability.organisation)
        make_proposal(need=proposal.need, capability=capability, rank=rank)
    client = client_of(sme_owner)
    assert text_of(client, list_url(proposal.need)).count("match-card ") == 10
    assert text_of(client, f"{list_url(proposal.need)}?page=3").count("match-card ") == 2
    assert text_of(client, f"{list_url(proposal.need)}?page=nonsense").count("match-card ") == 10


def test_a_card_is_replaced_by_its_answer(proposal: Proposal, sme_owner: User, client_of: SignIn) -> None:
    response = client_of(sme_owner).post(url_of("accept", proposal), headers=HTMX)
    card = response.content.decode()
    assert "我方已接受，等对方答复" in card
    assert "撤回接受" in card
    assert f'id="proposal-{proposal.public_id}"' in card
    assert "<html" not in card


def test_without_scripts_an_answer_leads_back_to_the_page(
    interesting: Proposal, professor: User, client_of: SignIn
) -> None:
    client = client_of(professor)
    response = client.post(url_of("accept", interesting), follow=True)
    assert response.redirect_chain == [(url_of("proposal", interesting), 302)]
    assert "双方都已接受" in response.content.decode()
    interesting.refresh_from_db()
    assert interesting.state == ProposalState.ACCEPTED


def test_a_decline_without_reason_is_asked_for_one_and_keeps_the_note(
    proposal: Proposal, sme_owner: User, client_of: SignIn
) -> None:
    client = client_of(sme_owner)
    for headers in (HTMX, {}):
        response = client.post(url_of("decline", proposal), {"reason": "", "note": "价格谈不拢"}, headers=headers)
        page = response.content.decode()
        assert "请选择一个原因" in page
        assert "价格谈不拢" in page
    assert client.post(url_of("decline", proposal), {"reason": "nonsense"}).status_code == 200
    assert client.post(url_of("decline", proposal), {"reason": "region", "note": "a\x00b"}).status_code == 200
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED


def test_a_decline_moves_to_the_declined_and_can_be_undone_there(
    proposal: Proposal, sme_owner: User, client_of: SignIn
) -> None:
    client = client_of(sme_owner)
    card = client.post(url_of("decline", proposal), {"reason": "region", "note": "太远"}, headers=HTMX)
    assert "我方已婉拒" in card.content.decode()
    page = text_of(client, list_url(proposal.need))
    assert "已婉拒的推荐（1）" in page
    assert "撤回婉拒" in page
    client.post(url_of("withdraw", proposal))
    assert "已婉拒的推荐" not in text_of(client, list_url(proposal.need))


def test_the_other_side_reads_the_reason_but_not_the_note(
    *, proposal: Proposal, sme_owner: User, professor: User, broker: User, reason: Term, client_of: SignIn
) -> None:
    proposal_decline(proposal=proposal, by=sme_owner, reason=reason, note="CANARY-NOTE")
    theirs = text_of(client_of(professor), url_of("proposal", proposal))
    assert "对方已婉拒" in theirs
    assert reason.name in theirs
    assert "CANARY-NOTE" not in theirs
    assert "CANARY-NOTE" in text_of(client_of(broker), url_of("proposal", proposal))


def test_an_answer_that_comes_too_late_is_explained_in_the_card(
    proposal: Proposal, sme_owner: User, professor: User, reason: Term, client_of: SignIn
) -> None:
    proposal_decline(proposal=proposal, by=professor, reason=reason)
    card = client_of(sme_owner).post(url_of("accept", proposal), headers=HTMX)
    assert card.status_code == 200
    assert "这条推荐已被婉拒" in card.content.decode()
    page = client_of(sme_owner).post(url_of("accept", proposal), follow=True)
    assert "这条推荐已被婉拒" in page.content.decode()


def test_a_pair_whose_need_expired_says_why_it_cannot_be_accepted(
    proposal: Proposal, professor: User, client_of: SignIn
) -> None:
    Need.objects.filter(pk=proposal.need_id).update(valid_until=clock.today() - timedelta(days=1))
    page = text_of(client_of(professor), url_of("proposal", proposal))
    assert "该需求已不在发布中" in page
    assert url_of("accept", proposal) not in page


def test_contacts_and_the_case_appear_when_both_accepted(
    interesting: Proposal, sme_owner: User, professor: User, client_of: SignIn
) -> None:
    for person in (sme_owner, professor):
        before = text_of(client_of(person), url_of("proposal", interesting))
        assert "13000000001" not in before
        assert "13000000003" not in before
    proposal_accept(proposal=interesting, by=professor)
    case = Engagement.objects.get_or_create(proposal=interesting, defaults={"opened_at": clock.now()})[0]
    for person in (sme_owner, professor):
        page = text_of(client_of(person), url_of("proposal", interesting))
        for shown in ("13000000001", "owner@hailan.example", "青岛海岚精工有限公司", "13000000003", "胶州湾理工大学"):
            assert shown in page
        assert reverse("engagements:detail", args=[case.public_id]) in page


CANARIES = ("海岚精工", "陈立", "13000000001", "owner@hailan.example", "88.88", "周敏")


def test_an_anonymous_need_tells_the_supplier_nothing_of_its_owner(
    proposal: Proposal, sme_owner: User, colleague: User, professor: User, client_of: SignIn
) -> None:
    Need.objects.filter(pk=proposal.need_id).update(
        disclosure=Disclosure.PUBLIC_ANONYMOUS, contact=sme_owner, created_by=colleague, budget_wan="88.88"
    )
    proposal_accept(proposal=proposal, by=sme_owner)
    client = client_of(professor)
    seen = [
        text_of(client, url_of("proposal", proposal)),
        text_of(client, reverse("matching:needs_for_me")),
        text_of(client, reverse("matching:inbox")),
        text_of(client, reverse("matching:capability_needs", args=[proposal.capability.public_id])),
        text_of(client, reverse("matching:capability_needs", args=[proposal.capability.public_id]), **HTMX),
        client.get(url_of("decline", proposal), headers=HTMX).content.decode(),
        client.post(url_of("withdraw", proposal), headers=HTMX).content.decode(),
    ]
    for page in seen:
        assert [canary for canary in CANARIES if canary in page] == []
    assert "某企业（匿名）" in seen[0]


def test_an_anonymous_capability_tells_the_enterprise_nothing_of_its_owner(
    proposal: Proposal, university: Organisation, professor: User, sme_owner: User, client_of: SignIn
) -> None:
    Capability.objects.filter(pk=proposal.capability_id).update(
        disclosure=Disclosure.PUBLIC_ANONYMOUS,
        contact=professor,
        created_by=professor,
        details={"innovation": f"{university.name}自主研发的激光熔覆", "team": "林教授团队", "price": "面议"},
    )
    client = client_of(sme_owner)
    for page in (text_of(client, list_url(proposal.need)), text_of(client, url_of("proposal", proposal))):
        leaks = ("胶州湾理工大学", "湾理工", "林教授", "13000000003", "professor@wan.example")
        assert [canary for canary in leaks if canary in page] == []
        assert "某高校（匿名）" in page


def test_the_inbox_holds_what_waits_for_my_side(
    interesting: Proposal, sme_owner: User, professor: User, client_of: SignIn
) -> None:
    assert url_of("accept", interesting) in text_of(client_of(professor), reverse("matching:inbox"))
    mine = text_of(client_of(sme_owner), reverse("matching:inbox"))
    assert "没有等您答复的推荐" in mine
    assert "1 项推荐" in mine


def test_fitting_needs_come_once_best_first_and_can_be_filtered(
    proposal: Proposal, professor: User, client_of: SignIn
) -> None:
    better = make_capability(organisation=proposal.capability.organisation, title="更合适的资源")
    make_proposal(need=proposal.need, capability=better, rank=2, **(ENGINE_FIELDS | {"score": 80.0}))
    client, url = client_of(professor), reverse("matching:needs_for_me")
    page = text_of(client, url)
    assert page.count("match-card ") == 1
    assert "匹配度 80 分" in page
    assert proposal.capability.title in page.partition("本单位还有资源也适合")[2]
    only = text_of(client, f"{url}?capability={proposal.capability.public_id}")
    assert "匹配度 62 分" in only
    assert "没有符合筛选条件的需求" in text_of(client, f"{url}?need_type=talent")
    assert text_of(client, f"{url}?need_type=nonsense&chain=%00&capability=x").count("match-card ") == 1


def test_a_capability_for_brokers_says_why_nothing_is_proposed(
    capability: Capability, professor: User, client_of: SignIn
) -> None:
    Capability.objects.filter(pk=capability.pk).update(disclosure=Disclosure.BROKERS)
    page = text_of(client_of(professor), reverse("matching:capability_needs", args=[capability.public_id]))
    assert "不参与自动推荐" in page
