"""What both sides read of the time that is left, and how one tap answers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.core import clock
from apps.matching.models import Ask, Bid, Proposal, ProposalState
from apps.matching.replies import overdue
from apps.matching.selectors import late_for, waiting_for
from apps.matching.services import proposal_accept
from tests.factories import make_capability, make_need, make_proposal
from tests.matching.pages import HTMX, SignIn, list_url, text_of, url_of

INBOX = "matching:inbox"


@pytest.fixture
def late(interesting: Proposal, professor: User) -> Proposal:
    """The university has let the time run out."""
    Ask.objects.update(asked_at=clock.now() - timedelta(days=9), due_at=clock.now() - timedelta(minutes=1))
    assert overdue.time_out(10) == 1
    interesting.refresh_from_db()
    return interesting


def test_both_sides_read_how_long_yet(
    interesting: Proposal, sme_owner: User, professor: User, client_of: SignIn
) -> None:
    Ask.objects.update(due_at=clock.now() + timedelta(days=12))
    for person, label in ((sme_owner, "等对方答复"), (professor, "等您答复")):
        page = text_of(client_of(person), url_of("proposal", interesting))
        assert label in page
        assert "个工作日" in page
        assert "答复时限：" in page
    assert "个工作日" in text_of(client_of(professor), reverse(INBOX))
    assert "个工作日" in text_of(client_of(sme_owner), list_url(interesting.need))


def test_one_tap_declines_and_another_takes_it_back(interesting: Proposal, professor: User, client_of: SignIn) -> None:
    client = client_of(professor)
    page = text_of(client, reverse(INBOX))
    assert 'name="reason" value="budget_mismatch"' in page
    card = client.post(url_of("decline", interesting), {"reason": "budget_mismatch"}, headers=HTMX)
    interesting.refresh_from_db()
    assert interesting.state == ProposalState.DECLINED
    assert "撤回婉拒" in card.content.decode()
    client.post(url_of("withdraw", interesting), headers=HTMX)
    interesting.refresh_from_db()
    assert interesting.state == ProposalState.INTERESTED


def test_whoever_said_yes_is_offered_to_take_it_back_not_to_decline(
    interesting: Proposal, sme_owner: User, client_of: SignIn
) -> None:
    page = text_of(client_of(sme_owner), url_of("proposal", interesting))
    assert "撤回接受" in page
    assert "一键婉拒" not in page


def test_a_late_pair_leaves_the_list_and_may_still_be_answered(
    late: Proposal, sme_owner: User, professor: User, stranger: User, client_of: SignIn
) -> None:
    assert "已婉拒或超时的推荐（1）" in text_of(client_of(sme_owner), list_url(late.need))
    assert list(late_for(professor)) == [late]
    assert not late_for(sme_owner).exists()
    assert not late_for(stranger).exists()
    assert "已过时限，仍可答复" in text_of(client_of(professor), reverse(INBOX))
    assert "已过答复时限，仍可答复" in text_of(client_of(professor), url_of("proposal", late))
    assert "对方没有按时答复" in text_of(client_of(sme_owner), url_of("proposal", late))
    client_of(professor).post(url_of("accept", late))
    late.refresh_from_db()
    assert late.state == ProposalState.ACCEPTED


def test_what_is_due_first_waits_first(interesting: Proposal, sme_owner: User, professor: User) -> None:
    other = make_proposal(
        need=interesting.need, capability=make_capability(organisation=interesting.capability.organisation)
    )
    proposal_accept(proposal=other, by=sme_owner)
    Ask.objects.filter(proposal=other).update(
        due_at=Ask.objects.get(proposal=interesting).due_at - timedelta(seconds=9)
    )
    assert list(waiting_for(professor)) == [other, interesting]


def test_ones_bids_cost_the_same_queries_however_many(
    interesting: Proposal, professor: User, client_of: SignIn
) -> None:
    def bid(pair: Proposal) -> None:
        Bid.objects.create(proposal=pair, plan="方案" * 12, months=3, placed_by=professor, placed_at=clock.now())

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("matching:my_bids"))
        return len(queries)

    bid(interesting)
    client = client_of(professor)
    count()
    few = count()
    for number in range(5):
        need = make_need(title=f"另一条需求 {number}")
        bid(make_proposal(need=need, capability=interesting.capability))
    assert count() == few
    assert few <= 16
