"""Who answers, who reads, and what an answer must say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import DomainError, NotAllowed
from apps.core.models import AuditEntry
from apps.engagements.models import Engagement
from apps.followups.models import Answer, Questionnaire
from apps.followups.selectors import questionnaires_of, questionnaires_waiting_for
from apps.followups.services import questionnaire_answer
from apps.followups.services.answering import AnsweredAlready
from apps.matching.models import Side
from tests.followups.conftest import make_questionnaire

pytestmark = pytest.mark.django_db
Columns = Callable[..., dict[str, Any]]
ClientOf = Callable[[User], Client]


@pytest.mark.parametrize("who", ["sme_owner", "colleague"])
def test_any_member_of_the_side_answers(
    asked: Questionnaire, columns: Columns, who: str, request: pytest.FixtureRequest
) -> None:
    answer = questionnaire_answer(questionnaire=asked, by=request.getfixturevalue(who), **columns())
    assert answer.answered_by == request.getfixturevalue(who)
    entry = AuditEntry.objects.get(action="questionnaire.answered")
    assert (entry.actor, entry.changes["usage"], entry.changes["by_link"]) == (answer.answered_by, "in_use", False)


@pytest.mark.parametrize("who", ["professor", "stranger", "broker", "reviewer", "administrator"])
def test_nobody_else_answers(asked: Questionnaire, columns: Columns, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        questionnaire_answer(questionnaire=asked, by=request.getfixturevalue(who), **columns())
    assert not Answer.objects.exists()


def test_only_the_own_side_its_broker_and_staff_read_the_answer(
    asked: Questionnaire, columns: Columns, sme_owner: User, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    questionnaire_answer(questionnaire=asked, by=sme_owner, **columns(note="效果很好，想再做一期"))
    people = ("sme_owner", "colleague", "professor", "stranger", "broker", "reviewer", "administrator")
    readers = {who for who in people if questionnaires_of(request.getfixturevalue(who)).exists()}
    assert readers == {"sme_owner", "colleague", "reviewer", "administrator"}
    Engagement.objects.update(broker=request.getfixturevalue("broker"))
    assert questionnaires_of(request.getfixturevalue("broker")).exists()
    for who in people:
        client = client_of(request.getfixturevalue(who))
        page = client.get(reverse("followups:questionnaire", args=[asked.public_id]))
        assert (page.status_code == 200) == (who in readers | {"broker"})
        case = client.get(reverse("followups:case", args=[asked.engagement.public_id]))
        assert ("效果很好" in case.content.decode()) == (who in readers | {"broker"})


def test_the_other_side_learns_only_that_it_was_answered(
    asked: Questionnaire, columns: Columns, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    questionnaire_answer(questionnaire=asked, by=sme_owner, **columns(partner_rating=1, note="不会再合作"))
    page = client_of(professor).get(reverse("followups:case", args=[asked.engagement.public_id])).content.decode()
    assert "已填写" in page
    assert "不会再合作" not in page
    assert "不满意" not in page


def test_why_it_is_no_longer_used_has_to_be_said(asked: Questionnaire, columns: Columns, sme_owner: User) -> None:
    with pytest.raises(ValidationError) as refused:
        questionnaire_answer(questionnaire=asked, by=sme_owner, **columns(usage="stopped", stop_reason=" "))
    assert set(refused.value.message_dict) == {"stop_reason"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("usage", "often"),
        ("partner_rating", 6),
        ("partner_rating", 0),
        ("cost_saved_yuan", -1),
        ("note", "\x00"),
        ("fit", ""),
    ],
)
def test_what_is_not_on_offer_is_refused(
    asked: Questionnaire, columns: Columns, sme_owner: User, field: str, value: object
) -> None:
    with pytest.raises(ValidationError) as refused:
        questionnaire_answer(questionnaire=asked, by=sme_owner, **columns(**{field: value}))
    assert set(refused.value.message_dict) == {field}


def test_a_correction_names_what_was_read(asked: Questionnaire, columns: Columns, sme_owner: User) -> None:
    first = questionnaire_answer(questionnaire=asked, by=sme_owner, **columns())
    with pytest.raises(AnsweredAlready):
        questionnaire_answer(questionnaire=asked, by=sme_owner, **columns(fit="worse"))
    seen = Answer.objects.get().revision
    questionnaire_answer(questionnaire=asked, by=sme_owner, seen=seen, **columns(fit="better"))
    with pytest.raises(AnsweredAlready):
        questionnaire_answer(questionnaire=asked, by=sme_owner, seen=seen, **columns(fit="worse"))
    assert Answer.objects.get().fit == "better"
    assert Answer.objects.get().pk == first.pk
    assert AuditEntry.objects.filter(action="questionnaire.corrected").count() == 1


def test_nothing_is_answered_after_the_last_day(asked: Questionnaire, columns: Columns, sme_owner: User) -> None:
    with clock.at(asked.closes_at), pytest.raises(NotAllowed):
        questionnaire_answer(questionnaire=asked, by=sme_owner, **columns())


def test_a_questionnaire_is_not_changed_without_end(asked: Questionnaire, columns: Columns, sme_owner: User) -> None:
    for number in range(20):
        seen = Answer.objects.get().revision if number else ""
        questionnaire_answer(questionnaire=asked, by=sme_owner, seen=seen, **columns())
    with pytest.raises(DomainError, match="太多"):
        questionnaire_answer(questionnaire=asked, by=sme_owner, seen=Answer.objects.get().revision, **columns())
    with clock.at(clock.now() + timedelta(hours=2)):
        questionnaire_answer(questionnaire=asked, by=sme_owner, seen=Answer.objects.get().revision, **columns())


def test_what_waits_for_a_side_is_open_and_unanswered(
    asked: Questionnaire, delivered: Engagement, columns: Columns, sme_owner: User, professor: User
) -> None:
    theirs = make_questionnaire(delivered, side=Side.CAPABILITY)
    assert list(questionnaires_waiting_for(sme_owner)) == [asked]
    assert list(questionnaires_waiting_for(professor)) == [theirs]
    questionnaire_answer(questionnaire=asked, by=sme_owner, **columns())
    assert not questionnaires_waiting_for(sme_owner).exists()
    with clock.at(theirs.closes_at):
        assert not questionnaires_waiting_for(professor).exists()


def test_the_home_page_says_that_it_waits(asked: Questionnaire, sme_owner: User, client_of: ClientOf) -> None:
    assert reverse("followups:questionnaire", args=[asked.public_id]) in client_of(sme_owner).get("/").content.decode()


def test_the_page_of_a_case_asks_the_same_number_of_queries_for_many(
    delivered: Engagement, sme_owner: User, client_of: ClientOf, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for months in (3, 6, 12):
        for side in Side:
            make_questionnaire(delivered, side=side, months=months)
    client = client_of(sme_owner)
    with django_assert_num_queries(9):  # 2 for the person, case with 3 lists, 2 × questionnaires, outcomes
        client.get(reverse("followups:case", args=[delivered.public_id]))
