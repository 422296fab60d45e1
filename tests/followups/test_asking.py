"""Questionnaires go out when their day has come: once, to both sides, and with one reminder."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.models import Organisation, User
from apps.administration.trail.phrases import PHRASES
from apps.core import clock
from apps.core.city_settings import city_setting_change
from apps.core.models import AuditEntry
from apps.engagements.models import Engagement, EngagementState
from apps.followups import tasks
from apps.followups.models import Answer, Questionnaire
from apps.followups.months import months_after, months_before
from apps.followups.selectors import response_rate
from apps.followups.services import (
    questionnaire_answer,
    questionnaires_ask,
    questionnaires_hold,
    questionnaires_remind,
)
from apps.matching.models import Side
from apps.notifications.models import Notification
from tests.factories import make_capability, make_engagement, make_need, make_organisation, make_proposal
from tests.followups.conftest import DELIVERED, THREE_MONTHS_LATER

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)
Columns = Callable[..., dict[str, Any]]


def asked_sides() -> list[tuple[str, int]]:
    return sorted(Questionnaire.objects.values_list("side", "months"))


def test_both_sides_are_asked_three_months_after_the_delivery(
    delivered: Engagement, sme_owner: User, professor: User
) -> None:
    with clock.at(THREE_MONTHS_LATER - ONE_DAY):
        assert questionnaires_ask(most=100) == 0
    with clock.at(THREE_MONTHS_LATER):
        assert questionnaires_ask(most=100) == 2
    assert asked_sides() == [(Side.CAPABILITY, 3), (Side.NEED, 3)]
    row = Questionnaire.objects.first()
    assert row is not None
    assert (row.due_on, row.closes_at - row.opened_at) == (date(2026, 9, 30), timedelta(days=30))
    assert set(Notification.objects.values_list("recipient", "kind", "is_by_name")) == {
        (sme_owner.pk, "followups.asked", True),
        (professor.pk, "followups.asked", True),
    }
    assert AuditEntry.objects.filter(action="questionnaire.sent").count() == 2


def test_a_task_that_runs_twice_asks_once(delivered: Engagement) -> None:
    with clock.at(THREE_MONTHS_LATER):
        tasks.ask()
        tasks.ask()
    assert Questionnaire.objects.count() == 2
    assert Notification.objects.count() == 2


def test_they_are_asked_again_after_six_and_twelve_months(delivered: Engagement) -> None:
    for months in (3, 6, 12):
        with clock.at(THREE_MONTHS_LATER + timedelta(days=31 * (months - 3))):
            questionnaires_ask(most=100)
    assert [months for _side, months in asked_sides()] == [3, 6, 12, 3, 6, 12]


def test_days_on_which_nothing_ran_are_made_up_for_but_not_for_ever(delivered: Engagement) -> None:
    with clock.at(THREE_MONTHS_LATER + timedelta(days=31)):
        assert questionnaires_ask(most=100) == 0
    with clock.at(THREE_MONTHS_LATER + timedelta(days=29)):
        assert questionnaires_ask(most=100) == 2


@pytest.mark.parametrize("state", [EngagementState.IN_PROGRESS, EngagementState.CONTRACTED])
def test_a_case_that_is_not_delivered_is_not_asked(delivered: Engagement, state: str) -> None:
    Engagement.objects.update(state=state)
    with clock.at(THREE_MONTHS_LATER):
        assert questionnaires_ask(most=100) == 0


def test_a_case_delivered_anew_counts_from_the_later_day_and_is_not_asked_twice(delivered: Engagement) -> None:
    with clock.at(THREE_MONTHS_LATER):
        questionnaires_ask(most=100)
    Engagement.objects.update(state_since=DELIVERED + timedelta(days=60))
    with clock.at(THREE_MONTHS_LATER + timedelta(days=61)):
        assert questionnaires_ask(most=100) == 0


def test_a_side_without_people_is_not_asked(taxonomy: None, university: Organisation, professor: User) -> None:
    need = make_need(organisation=make_organisation("青岛无人工厂有限公司"))
    capability = make_capability(organisation=university, contact=professor)
    proposal = make_proposal(need=need, capability=capability)
    make_engagement(proposal=proposal, state=EngagementState.DELIVERED, state_since=DELIVERED)
    with clock.at(THREE_MONTHS_LATER):
        assert questionnaires_ask(most=100) == 1
    assert asked_sides() == [(Side.CAPABILITY, 3)]


def test_one_run_asks_a_bounded_number_of_cases(delivered: Engagement, sme_owner: User, professor: User) -> None:
    proposal = delivered.proposal
    other = make_proposal(
        need=make_need(organisation=proposal.need.organisation, contact=sme_owner),
        capability=make_capability(organisation=proposal.capability.organisation, contact=professor),
    )
    make_engagement(proposal=other, state=EngagementState.DELIVERED, state_since=DELIVERED)
    with clock.at(THREE_MONTHS_LATER):
        assert questionnaires_ask(most=1) == 2
        assert questionnaires_ask(most=1) == 2
        assert questionnaires_ask(most=1) == 0


def test_the_city_sets_the_months_and_the_days(delivered: Engagement, administrator: User) -> None:
    city_setting_change(key="followups.months", value="2，1", by=administrator)
    city_setting_change(key="followups.open_days", value="14", by=administrator)
    with clock.at(DELIVERED + timedelta(days=31)):
        assert questionnaires_ask(most=100) == 2
    row = Questionnaire.objects.first()
    assert row is not None
    assert (row.months, row.closes_at - row.opened_at) == (1, timedelta(days=14))


@pytest.mark.parametrize("value", ["", "0,3", "3,六", "1,2,3,4,5,6,7", "61", "-3", "3.5"])
def test_months_that_make_no_sense_are_refused(administrator: User, value: str) -> None:
    with pytest.raises(ValidationError):
        city_setting_change(key="followups.months", value=value, by=administrator)


def test_they_are_reminded_once_after_a_week(asked: Questionnaire, sme_owner: User) -> None:
    with clock.at(asked.opened_at + timedelta(days=6)):
        assert questionnaires_remind(most=100) == 0
    for day in (7, 8, 20):
        with clock.at(asked.opened_at + timedelta(days=day)):
            tasks.remind()
    assert list(Notification.objects.values_list("recipient", "kind")) == [(sme_owner.pk, "followups.reminded")]


def test_who_has_answered_is_not_reminded(asked: Questionnaire, sme_owner: User, columns: Columns) -> None:
    questionnaire_answer(questionnaire=asked, by=sme_owner, **columns())
    with clock.at(asked.opened_at + timedelta(days=8)):
        assert questionnaires_remind(most=100) == 0


def test_what_is_closed_is_not_reminded_of(asked: Questionnaire) -> None:
    with clock.at(asked.closes_at):
        assert questionnaires_remind(most=100) == 0


def test_what_is_put_off_is_written_into_the_trail_once_a_week_and_no_oftener(
    asked: Questionnaire, delivered: Engagement, professor: User, columns: Columns
) -> None:
    theirs = Questionnaire.objects.create(
        engagement=delivered,
        side=Side.CAPABILITY,
        months=3,
        due_on=asked.due_on,
        opened_at=asked.opened_at,
        closes_at=asked.closes_at,
    )
    questionnaire_answer(questionnaire=theirs, by=professor, **columns())
    for hours in range(0, 24 * 9, 6):
        with clock.at(asked.closes_at - ONE_DAY + timedelta(hours=hours)):
            questionnaires_hold()
            assert Questionnaire.objects.get(pk=asked.pk).closes_at >= clock.now() + timedelta(days=7)
    entries = AuditEntry.objects.filter(action="questionnaire.held")
    assert {(entry.object_id, entry.actor_id) for entry in entries} == {(asked.pk, None)}
    assert entries.count() == 2
    asked.refresh_from_db()
    assert str(asked.closes_at) in {entry.changes["closes_at"] for entry in entries}
    assert "questionnaire.held" in PHRASES


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_months_end_where_their_month_ends(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later
    assert months_before(later, months) <= day


def test_a_case_delivered_on_the_last_of_a_long_month_is_asked_on_the_last_of_a_short_one(
    delivered: Engagement,
) -> None:
    Engagement.objects.update(state_since=DELIVERED.replace(month=11))
    short = THREE_MONTHS_LATER.replace(year=2027, month=2, day=28)
    with clock.at(short - ONE_DAY):
        assert questionnaires_ask(most=100) == 0
    with clock.at(short):
        assert questionnaires_ask(most=100) == 2


def test_the_response_rate_counts_what_was_sent_within_the_time(
    delivered: Engagement, sme_owner: User, columns: Columns
) -> None:
    with clock.at(THREE_MONTHS_LATER):
        questionnaires_ask(most=100)
        row = Questionnaire.objects.get(side=Side.NEED)
        questionnaire_answer(questionnaire=row, by=sme_owner, **columns())
    assert Answer.objects.count() == 1
    whole = response_rate(THREE_MONTHS_LATER, THREE_MONTHS_LATER + ONE_DAY)
    assert (whole.asked, whole.answered, whole.share) == (2, 1, 0.5)
    assert response_rate(THREE_MONTHS_LATER, THREE_MONTHS_LATER + ONE_DAY, side=Side.NEED).share == 1
    assert response_rate(THREE_MONTHS_LATER + ONE_DAY, THREE_MONTHS_LATER + 2 * ONE_DAY).share is None
