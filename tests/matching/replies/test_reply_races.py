"""Answers, bids and the clock at the same moment: real threads, real transactions, on either database."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from apps.accounts.models import User
from apps.capabilities.models import CapabilityState
from apps.capabilities.services import capability_archive
from apps.core import clock
from apps.engagements.models import Engagement
from apps.matching.bids.services import bid_place
from apps.matching.models import Ask, AskAnswer, Bid, NeedWait, Proposal, ProposalState, WaitKind, WaitResult
from apps.matching.replies import overdue
from apps.matching.replies.waits import list_waits_begin
from apps.matching.services import proposal_accept, proposal_decline
from apps.needs.models import Need, NeedState
from apps.needs.services import need_expire
from apps.notifications.models import Notification
from apps.taxonomy.models import Term
from tests.matching.conftest import load_few_terms
from tests.matching.test_races import assert_one_story, at_once, renew

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5
PLAN = "先在贵厂取样三批，做激光熔覆工艺窗口试验，再上机验证耐磨寿命。"


@pytest.fixture
def taxonomy(transactional_db: None) -> None:
    if not Term.objects.exists():
        load_few_terms()


@pytest.fixture(autouse=True)
def _unsent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.matching.bids.services.send_for_scoring", lambda proposal: None)


def asked_long_ago(proposal: Proposal, sme_owner: User) -> tuple[Proposal, Ask]:
    """A fresh pair whose other side's time is just over."""
    row = proposal_accept(proposal=renew(proposal), by=sme_owner)
    past = clock.now() - timedelta(days=9)
    Ask.objects.filter(proposal=row).update(asked_at=past, due_at=clock.now() - timedelta(minutes=1))
    return row, Ask.objects.get(proposal=row)


def test_a_yes_while_the_time_runs_out_opens_one_case_either_way(
    proposal: Proposal, sme_owner: User, professor: User
) -> None:
    for _round in range(ROUNDS):
        row, ask = asked_long_ago(proposal, sme_owner)
        yes, ran_out = at_once(
            partial(proposal_accept, proposal=row, by=professor), partial(overdue.ask_time_out, ask.pk)
        )
        assert_one_story(row)
        assert not isinstance(yes, Exception)
        assert row.state == ProposalState.ACCEPTED
        assert Engagement.objects.filter(proposal=row).count() == 1
        ask.refresh_from_db()
        assert ask.answer == (AskAnswer.TIMED_OUT if ran_out else AskAnswer.ACCEPTED)


def test_two_workers_end_a_waiting_once(proposal: Proposal, sme_owner: User, professor: User) -> None:
    for _round in range(ROUNDS):
        row, ask = asked_long_ago(proposal, sme_owner)
        Notification.objects.all().delete()
        results = at_once(*[partial(overdue.ask_time_out, ask.pk)] * 3)
        assert sorted(results) == [False, False, True]
        assert Notification.objects.filter(kind="matching.reply_missed").count() == 1
        assert_one_story(row)


def test_two_workers_hand_a_need_to_the_desk_once(need: Need) -> None:
    for _round in range(ROUNDS):
        NeedWait.objects.all().delete()
        with clock.at(clock.now() - timedelta(days=20)):
            list_waits_begin([need.pk])
        assert sum(at_once(*[partial(overdue.time_out, 10)] * 3)) == 1
        assert NeedWait.objects.get().result == WaitResult.HANDED_OVER


def test_workers_that_match_at_once_begin_one_waiting(need: Need) -> None:
    for _round in range(ROUNDS):
        NeedWait.objects.all().delete()
        assert at_once(*[partial(list_waits_begin, [need.pk])] * 4) == [None] * 4
        assert NeedWait.objects.filter(kind=WaitKind.LIST).count() == 1


def test_two_members_of_the_asked_side_answer_differently(
    proposal: Proposal, sme_owner: User, colleague: User, professor: User, reason: Term
) -> None:
    for _round in range(ROUNDS):
        row = proposal_accept(proposal=renew(proposal), by=professor)
        yes, no = at_once(
            partial(proposal_accept, proposal=row, by=sme_owner),
            partial(proposal_decline, proposal=row, by=colleague, reason=reason),
        )
        assert_one_story(row)
        assert isinstance(yes, Exception) != isinstance(no, Exception)
        expected = AskAnswer.DECLINED if isinstance(yes, Exception) else AskAnswer.ACCEPTED
        assert list(Ask.objects.filter(proposal=row).values_list("answer", flat=True)) == [expected]


def test_a_capability_is_taken_down_while_it_is_accepted(proposal: Proposal, sme_owner: User, professor: User) -> None:
    """Wholly before: no case, nobody late. Wholly after: a case."""
    capability = proposal.capability
    for _round in range(ROUNDS):
        type(capability).objects.filter(pk=capability.pk).update(state=CapabilityState.PUBLISHED)
        capability.refresh_from_db()
        row = proposal_accept(proposal=renew(proposal), by=professor)
        yes, _down = at_once(
            partial(proposal_accept, proposal=row, by=sme_owner),
            partial(capability_archive, capability=capability, by=professor),
        )
        row.refresh_from_db()
        refused = isinstance(yes, Exception)
        assert row.state == (ProposalState.INTERESTED if refused else ProposalState.ACCEPTED)
        assert Ask.objects.get(proposal=row).answer == (AskAnswer.DROPPED if refused else AskAnswer.ACCEPTED)
        assert Engagement.objects.filter(proposal=row).exists() is not refused


def test_a_need_expires_while_a_bid_comes(proposal: Proposal, professor: User) -> None:
    """Nobody is ever waited for over a need that has left the board."""
    need = proposal.need
    last_day = clock.today() - timedelta(days=1)
    for _round in range(ROUNDS):
        row = renew(proposal)
        Need.objects.filter(pk=need.pk).update(state=NeedState.PUBLISHED, valid_until=clock.today())
        need = Need.objects.get(pk=need.pk)
        results = at_once(bid(row, professor), partial(expire, need, last_day))
        assert not isinstance(results[1], Exception)
        assert not Ask.objects.filter(proposal=row, answered_at__isnull=True).exists()
        assert Bid.objects.filter(proposal=row).exists() is not isinstance(results[0], Exception)


def test_two_colleagues_bid_at_once_and_one_bid_stands(proposal: Proposal, professor: User) -> None:
    for _round in range(ROUNDS):
        row = renew(proposal)
        first, second = at_once(bid(row, professor), bid(row, professor))
        assert isinstance(first, Exception) != isinstance(second, Exception)
        assert Bid.objects.filter(proposal=row).count() == Ask.objects.filter(proposal=row).count() == 1


def bid(row: Proposal, by: User) -> Callable[[], Any]:
    return partial(bid_place, need=row.need, capability=row.capability, plan=PLAN, months=3, price_wan=None, by=by)


def expire(need: Need, last_day: Any) -> Need:
    """Its day passes at this moment."""
    need.valid_until = last_day
    return need_expire(need=need)
