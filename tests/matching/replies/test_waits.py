"""Needs that wait: for their own side to look at its list, and for anybody to answer them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.matching.models import MatchRequest, NeedWait, Proposal, WaitKind, WaitResult
from apps.matching.replies import overdue
from apps.matching.replies.waits import list_waits_begin, reply_waits_begin
from apps.matching.services import proposal_accept, proposal_decline
from apps.matching.signals import need_list_unanswered, need_without_reply
from apps.needs.models import Need
from apps.needs.services import need_close, need_renew
from apps.notifications.models import Notification
from apps.taxonomy.models import Term
from tests.factories import make_need

MONDAY = datetime(2026, 11, 16, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
LATE = MONDAY + timedelta(days=8)


@pytest.fixture
def need(taxonomy: None, enterprise: Organisation) -> Need:
    return make_need(organisation=enterprise, published_at=MONDAY, valid_until=MONDAY.date() + timedelta(days=90))


@pytest.fixture
def heard() -> Iterator[list[tuple[str, int]]]:
    """What the desk would hear: the kind of wait, and the need."""
    found: list[tuple[str, int]] = []

    def hear(sender: object, *, need: Need, wait: NeedWait, **_: object) -> None:
        found.append((wait.kind, need.pk))

    for signal in (need_list_unanswered, need_without_reply):
        signal.connect(hear)
    yield found
    for signal in (need_list_unanswered, need_without_reply):
        signal.disconnect(hear)


def results(kind: WaitKind) -> list[str]:
    return list(NeedWait.objects.filter(kind=kind).order_by("pk").values_list("result", flat=True))


def test_a_match_that_lists_something_begins_the_needs_own_time(
    need: Need, capability: Capability, match: Callable[..., MatchRequest]
) -> None:
    match(need=need)
    match(need=need)
    assert results(WaitKind.LIST) == [""]


def test_the_owner_is_reminded_once_and_then_the_desk_hears_once(
    need: Need, proposal: Proposal, sme_owner: User, heard: list[tuple[str, int]]
) -> None:
    with clock.at(MONDAY):
        list_waits_begin([need.pk])
    with clock.at(MONDAY + timedelta(days=2)):
        assert [overdue.remind(10), overdue.remind(10)] == [1, 0]
    assert Notification.objects.filter(recipient=sme_owner, kind="matching.list_reminder").count() == 1
    with clock.at(LATE):
        assert [overdue.time_out(10), overdue.time_out(10)] == [1, 0]
        list_waits_begin([need.pk])  # the list grew: the desk has it already
    assert heard == [(WaitKind.LIST, need.pk)]
    assert results(WaitKind.LIST) == [WaitResult.HANDED_OVER]


def test_an_answer_of_the_needs_side_ends_it_late_or_not(
    need: Need, proposal: Proposal, sme_owner: User, reason: Term, heard: list[tuple[str, int]]
) -> None:
    with clock.at(MONDAY):
        list_waits_begin([need.pk])
        proposal_decline(proposal=proposal, by=sme_owner, reason=reason)
        list_waits_begin([need.pk])
    assert results(WaitKind.LIST) == [WaitResult.ANSWERED, ""]
    with clock.at(LATE):
        overdue.time_out(10)
        proposal_withdrawn = Proposal.objects.get(pk=proposal.pk)
        Proposal.objects.filter(pk=proposal.pk).update(
            state="viewed", declined_side="", decline_reason=None, declined_at=None
        )
        proposal_accept(proposal=proposal_withdrawn, by=sme_owner)
    assert results(WaitKind.LIST) == [WaitResult.ANSWERED, WaitResult.ANSWERED_LATE]


def test_who_has_said_yes_to_one_is_not_asked_about_the_rest(need: Need, proposal: Proposal, sme_owner: User) -> None:
    proposal_accept(proposal=proposal, by=sme_owner)
    list_waits_begin([need.pk])
    assert results(WaitKind.LIST) == []


def test_a_need_that_nobody_answers_reaches_the_desk_once(need: Need, heard: list[tuple[str, int]]) -> None:
    with clock.at(MONDAY):
        reply_waits_begin([need])
        reply_waits_begin([need])
    with clock.at(MONDAY + timedelta(days=6)):
        assert overdue.time_out(10) == 0
    with clock.at(LATE):
        assert [overdue.time_out(10), overdue.time_out(10)] == [1, 0]
        reply_waits_begin([need])  # edited while on the board
    assert heard == [(WaitKind.REPLY, need.pk)]
    assert results(WaitKind.REPLY) == [WaitResult.HANDED_OVER]


def test_a_broker_who_answered_for_the_supply_side_keeps_it_from_the_desk(
    need: Need, heard: list[tuple[str, int]]
) -> None:
    with clock.at(MONDAY):
        reply_waits_begin([need])
    Need.objects.filter(pk=need.pk).update(first_replied_at=MONDAY)
    with clock.at(LATE):
        overdue.time_out(10)
    assert (heard, results(WaitKind.REPLY)) == ([], [WaitResult.ANSWERED])


def test_the_suppliers_answer_ends_the_needs_wait(need: Need, proposal: Proposal, professor: User) -> None:
    reply_waits_begin([need])
    proposal_accept(proposal=proposal, by=professor)
    assert results(WaitKind.REPLY) == [WaitResult.ANSWERED]


def test_a_need_off_the_board_waits_for_nothing_and_waits_again_when_it_returns(need: Need, sme_owner: User) -> None:
    with clock.at(MONDAY):
        reply_waits_begin([need])
        need_close(need=need, by=sme_owner)
        assert results(WaitKind.REPLY) == [WaitResult.DROPPED]
    Need.objects.filter(pk=need.pk).update(state="expired")
    need.refresh_from_db()
    need_renew(need=need, by=sme_owner)
    assert results(WaitKind.REPLY) == [WaitResult.DROPPED, ""]
