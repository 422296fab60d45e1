"""Two people at the same moment: real threads, real transactions, on either database."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from apps.accounts.models import User
from apps.core import clock
from apps.core.models import AuditEntry
from apps.engagements.models import Engagement
from apps.followups.models import Answer, Questionnaire, Story, StoryState
from apps.followups.selectors import published_stories
from apps.followups.services import (
    questionnaire_answer,
    questionnaires_ask,
    questionnaires_remind,
    story_agree,
    story_draft,
    story_edit,
    story_publish,
    story_withdraw,
)
from apps.followups.services.answering import AnsweredAlready
from apps.notifications.models import Notification
from apps.taxonomy.models import Term
from tests.followups.conftest import TEXTS, THREE_MONTHS_LATER, make_outcome
from tests.matching.conftest import load_few_terms
from tests.matching.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.fixture(autouse=True)
def taxonomy(transactional_db: None) -> None:
    """A few terms: each of these tests empties the tables, and loading all takes seconds."""
    if not Term.objects.exists():
        load_few_terms()
    for code in ("process_change", "not_achieved"):
        Term.objects.get_or_create(vocabulary="outcome_type", code=code, defaults={"name": code})


def test_two_members_submit_at_once_and_one_answer_stands(
    taxonomy: None, asked: Questionnaire, sme_owner: User, colleague: User, columns: Callable[..., dict[str, Any]]
) -> None:
    for _round in range(ROUNDS):
        Answer.objects.all().delete()
        results = at_once(
            partial(questionnaire_answer, questionnaire=asked, by=sme_owner, **columns(fit="better")),
            partial(questionnaire_answer, questionnaire=asked, by=colleague, **columns(fit="worse")),
        )
        refused = [result for result in results if isinstance(result, Exception)]
        assert [type(error) for error in refused] == [AnsweredAlready]
        winner = next(result for result in results if isinstance(result, Answer))
        assert Answer.objects.get().fit == winner.fit
        assert AuditEntry.objects.filter(action="questionnaire.answered").count() == _round + 1


def test_two_workers_ask_at_once_and_nobody_is_asked_twice(taxonomy: None, delivered: Engagement) -> None:
    def run() -> int:
        with clock.at(THREE_MONTHS_LATER):
            return questionnaires_ask(most=10)

    assert sorted(at_once(run, run)) == [0, 2]
    assert Questionnaire.objects.count() == 2
    assert Notification.objects.count() == 2


def test_two_workers_remind_at_once_and_once(taxonomy: None, asked: Questionnaire) -> None:
    def run() -> int:
        with clock.at(asked.opened_at + (asked.closes_at - asked.opened_at) / 2):
            return questionnaires_remind(most=10)

    assert sorted(at_once(run, run)) == [0, 1]


@pytest.fixture
def told(taxonomy: None, delivered: Engagement, sme_owner: User, professor: User) -> Story:
    outcome = make_outcome(delivered, sme_owner, professor)
    return story_draft(outcome=outcome, by=sme_owner, **TEXTS)


def test_nobody_agrees_to_a_text_that_is_edited_at_that_moment(told: Story, sme_owner: User, professor: User) -> None:
    for number in range(1, ROUNDS + 1):
        version = Story.objects.get().version
        at_once(
            partial(story_edit, story=told, by=sme_owner, seen=version, result=f"第{number}次修改。"),
            partial(story_agree, story=told, by=professor, seen=version),
        )
        row = Story.objects.get()
        assert row.version == version + 1
        assert row.capability_agreed_version is None


def test_two_edits_of_one_version_do_not_overwrite_each_other(told: Story, sme_owner: User, professor: User) -> None:
    for _round in range(ROUNDS):
        version = Story.objects.get().version
        results = at_once(
            partial(story_edit, story=told, by=sme_owner, seen=version, result=f"需求方的话{version}。"),
            partial(story_edit, story=told, by=professor, seen=version, approach=f"供给方的话{version}。"),
        )
        assert sum(isinstance(result, Exception) for result in results) == 1
        assert Story.objects.get().version == version + 1


def test_both_sides_agree_at_once_and_it_is_submitted_once(told: Story, sme_owner: User, professor: User) -> None:
    at_once(
        partial(story_agree, story=told, by=sme_owner, seen=1),
        partial(story_agree, story=told, by=professor, seen=1),
    )
    assert Story.objects.get().state == StoryState.SUBMITTED
    assert AuditEntry.objects.filter(action="story.submitted").count() == 1


def test_what_is_withdrawn_while_it_is_published_is_not_public(
    told: Story, sme_owner: User, professor: User, reviewer: User
) -> None:
    for person in (sme_owner, professor):
        story_agree(story=told, by=person, seen=1)
    at_once(
        partial(story_publish, story=told, by=reviewer, seen=1),
        partial(story_withdraw, story=told, by=professor),
    )
    assert not published_stories().exists()
    assert Story.objects.get().state == StoryState.DRAFT


def test_both_sides_draft_at_once_and_there_is_one_story(
    taxonomy: None, delivered: Engagement, sme_owner: User, professor: User
) -> None:
    outcome = make_outcome(delivered, sme_owner, professor)
    results = at_once(
        partial(story_draft, outcome=outcome, by=sme_owner, **TEXTS),
        partial(story_draft, outcome=outcome, by=professor, **TEXTS),
    )
    assert sum(isinstance(result, Exception) for result in results) == 1
    assert Story.objects.count() == 1
