"""Answers given on the pages, and what either side then reads."""

from datetime import timedelta

from apps.accounts.models import User
from apps.core import clock
from apps.matching.models import Proposal, ProposalState
from apps.matching.services import proposal_decline
from apps.needs.models import Need
from apps.taxonomy.models import Term
from tests.matching.pages import HTMX, SignIn, list_url, text_of, url_of


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
    assert "已婉拒或超时的推荐（1）" in page
    assert "撤回婉拒" in page
    client.post(url_of("withdraw", proposal))
    assert "已婉拒或超时的推荐" not in text_of(client, list_url(proposal.need))


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
