"""Who is waited for: from the first yes to an answer, a reminder, or the end of the time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.accounts.models import Organisation, User
from apps.capabilities.services import capability_archive
from apps.core import clock
from apps.core.city_settings import city_setting_change
from apps.core.working_days import REPLY_DAYS
from apps.matching import notices, tasks
from apps.matching.models import Ask, AskAnswer, MatchRequest, Proposal, ProposalState, Side
from apps.matching.replies import overdue
from apps.matching.services import proposal_accept, proposal_decline, proposal_withdraw
from apps.matching.signals import proposal_timed_out
from apps.needs.models import Need
from apps.needs.services import need_close, need_reopen
from apps.notifications.models import Notification
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_proposal

MONDAY = datetime(2026, 11, 16, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 3))
LATE = THURSDAY + timedelta(minutes=1)


@pytest.fixture
def asked(proposal: Proposal, sme_owner: User, professor: User) -> Proposal:
    """The enterprise said yes on a Monday: the university has until Thursday."""
    Need.objects.filter(pk=proposal.need_id).update(valid_until=MONDAY.date() + timedelta(days=90))
    with clock.at(MONDAY):
        return proposal_accept(proposal=proposal, by=sme_owner)


def kinds(user: User) -> list[str]:
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def test_the_first_yes_begins_the_others_time(asked: Proposal, professor: User) -> None:
    ask = Ask.objects.get()
    assert (ask.side, ask.organisation, ask.answer) == (Side.CAPABILITY, professor.membership.organisation, "")
    assert (ask.asked_at, ask.remind_at, ask.due_at) == (MONDAY, TUESDAY, THURSDAY)


def test_the_time_is_the_citys_and_what_has_begun_stays(asked: Proposal, sme_owner: User, administrator: User) -> None:
    city_setting_change(key=REPLY_DAYS, value="1", by=administrator)
    assert Ask.objects.get().due_at == THURSDAY
    with clock.at(MONDAY):
        proposal_withdraw(proposal=asked, by=sme_owner)
        proposal_accept(proposal=asked, by=sme_owner)
    fresh = Ask.objects.get(answer="")
    assert (fresh.due_at, fresh.remind_at) == (TUESDAY, None)


def test_an_answer_ends_it(asked: Proposal, professor: User) -> None:
    with clock.at(TUESDAY):
        proposal_accept(proposal=asked, by=professor)
    assert Ask.objects.values_list("answer", "answered_at").get() == (AskAnswer.ACCEPTED, TUESDAY)


def test_a_no_ends_it_and_the_no_taken_back_begins_it_anew(asked: Proposal, professor: User, reason: Term) -> None:
    with clock.at(TUESDAY):
        proposal_decline(proposal=asked, by=professor, reason=reason)
        assert Ask.objects.get().answer == AskAnswer.DECLINED
        proposal_withdraw(proposal=asked, by=professor)
    fresh = Ask.objects.get(answer="")
    assert (fresh.side, fresh.asked_at) == (Side.CAPABILITY, TUESDAY)


def test_a_yes_taken_back_waits_for_nobody(asked: Proposal, sme_owner: User) -> None:
    proposal_withdraw(proposal=asked, by=sme_owner)
    assert Ask.objects.get().answer == AskAnswer.TAKEN_BACK


def test_the_asker_who_declines_takes_back(asked: Proposal, sme_owner: User, reason: Term) -> None:
    proposal_decline(proposal=asked, by=sme_owner, reason=reason)
    assert Ask.objects.get().answer == AskAnswer.TAKEN_BACK


def test_reminders_come_at_half_time_and_a_working_day_before_each_once(asked: Proposal, professor: User) -> None:
    with clock.at(MONDAY + timedelta(hours=1)):
        assert overdue.remind(10) == 0
    for moment in (TUESDAY, WEDNESDAY):
        with clock.at(moment):
            assert [overdue.remind(10), overdue.remind(10)] == [1, 0]
    assert kinds(professor) == ["matching.asked_by_need", "matching.reply_reminder", "matching.reply_reminder"]
    assert Notification.objects.filter(recipient=professor, topic="replies", is_by_name=True).count() == 3


def test_reminders_that_were_missed_are_made_up_for_by_one(asked: Proposal) -> None:
    with clock.at(WEDNESDAY + timedelta(hours=1)):
        assert [overdue.remind(10), overdue.remind(10)] == [1, 0]


def test_past_the_time_the_pair_is_timed_out_and_the_need_listed_anew(
    asked: Proposal, sme_owner: User, professor: User
) -> None:
    heard: list[tuple[int, int]] = []

    def hear(sender: object, *, proposal: Proposal, ask: Ask, **_: object) -> None:
        heard.append((proposal.pk, ask.pk))

    MatchRequest.objects.all().delete()
    proposal_timed_out.connect(hear)
    try:
        with clock.at(LATE):
            tasks.replies()
            tasks.replies()
    finally:
        proposal_timed_out.disconnect(hear)
    asked.refresh_from_db()
    ask = Ask.objects.get()
    assert (asked.state, asked.rank, ask.answer) == (ProposalState.TIMED_OUT, None, AskAnswer.TIMED_OUT)
    assert heard == [(asked.pk, ask.pk)]
    assert MatchRequest.objects.filter(need=asked.need).count() == 1
    assert kinds(sme_owner)[-1] == "matching.timed_out_for_need"
    assert kinds(professor)[-1] == "matching.reply_missed"


def test_before_the_time_nothing_runs_out(asked: Proposal) -> None:
    with clock.at(THURSDAY - timedelta(minutes=1)):
        assert overdue.time_out(10) == 0


def test_a_late_yes_opens_the_case_and_stays_late_in_the_figures(asked: Proposal, professor: User) -> None:
    with clock.at(LATE):
        overdue.time_out(10)
        assert proposal_accept(proposal=asked, by=professor).state == ProposalState.ACCEPTED
    assert Ask.objects.get().answer == AskAnswer.TIMED_OUT


def test_what_leaves_the_board_makes_nobody_late_and_waits_again_when_it_returns(
    asked: Proposal, sme_owner: User
) -> None:
    Need.objects.filter(pk=asked.need_id).update(contact=sme_owner)
    with clock.at(TUESDAY):
        need = Need.objects.get(pk=asked.need_id)
        need_close(need=need, by=sme_owner)
        assert Ask.objects.get().answer == AskAnswer.DROPPED
        need_reopen(need=need, by=sme_owner)
    assert Ask.objects.get(answer="").asked_at == TUESDAY


def test_a_capability_taken_down_makes_nobody_late(asked: Proposal, professor: User) -> None:
    capability_archive(capability=asked.capability, by=professor)
    assert Ask.objects.get().answer == AskAnswer.DROPPED
    with clock.at(LATE):
        assert overdue.time_out(10) == 0
    asked.refresh_from_db()
    assert asked.state == ProposalState.INTERESTED


def test_an_ask_of_a_need_past_its_last_day_is_dropped(asked: Proposal) -> None:
    Need.objects.filter(pk=asked.need_id).update(valid_until=TUESDAY.date())
    with clock.at(LATE):
        assert overdue.time_out(10) == 0
    assert Ask.objects.get().answer == AskAnswer.DROPPED


def test_the_supply_sides_first_answer_is_kept_with_the_need(asked: Proposal, professor: User, reason: Term) -> None:
    assert Need.objects.get().first_replied_at is None
    with clock.at(TUESDAY):
        proposal_decline(proposal=asked, by=professor, reason=reason)
    with clock.at(WEDNESDAY):
        proposal_withdraw(proposal=asked, by=professor)
        proposal_accept(proposal=asked, by=professor)
    assert Need.objects.get().first_replied_at == TUESDAY


def test_a_pair_that_cannot_be_ended_does_not_hold_up_the_others(
    asked: Proposal, sme_owner: User, university: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_proposal(need=asked.need, capability=make_capability(organisation=university, title="堆焊修复"))
    with clock.at(MONDAY):
        proposal_accept(proposal=other, by=sme_owner)
    told = notices.tell_of_time_out

    def fails_for_the_first(proposal: Proposal, ask: Ask) -> None:
        if proposal.pk == asked.pk:
            raise RuntimeError("a fault of ours")
        told(proposal, ask)

    monkeypatch.setattr(notices, "tell_of_time_out", fails_for_the_first)
    with clock.at(LATE):
        assert overdue.time_out(10) == 1
    assert Proposal.objects.get(pk=other.pk).state == ProposalState.TIMED_OUT
    assert Proposal.objects.get(pk=asked.pk).state == ProposalState.INTERESTED
