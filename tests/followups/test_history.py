"""What follows a delivery stands in the history of its case, for both sides, and quotes nobody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core import clock
from apps.core.models import AuditEntry
from apps.engagements import chapters
from apps.engagements.chapters import Chapter, register_chapter
from apps.engagements.models import Engagement
from apps.engagements.timeline import timeline_of
from apps.followups import history
from apps.followups.models import Questionnaire, Story
from apps.followups.services import (
    questionnaire_answer,
    questionnaires_ask,
    story_agree,
    story_edit,
    story_publish,
    story_return,
    story_withdraw,
)
from tests.followups.conftest import THREE_MONTHS_LATER

pytestmark = pytest.mark.django_db
Columns = Callable[..., dict[str, Any]]


def told(engagement: Engagement, viewer: User) -> list[str]:
    """The oldest first."""
    return [event.text for event in reversed(timeline_of(engagement, [], viewer))]


def test_a_questionnaire_that_goes_out_is_told_for_each_side(
    delivered: Engagement, sme_owner: User, professor: User
) -> None:
    with clock.at(THREE_MONTHS_LATER):
        assert questionnaires_ask(most=10) == 2
    sent = {"向需求方发出了验收后 3 个月的回访问卷", "向供给方发出了验收后 3 个月的回访问卷"}
    assert set(told(delivered, sme_owner)) == set(told(delivered, professor)) == sent


def test_an_answer_and_its_correction_are_told_without_what_was_answered(
    asked: Questionnaire, sme_owner: User, professor: User, columns: Columns
) -> None:
    stopped = columns(usage="stopped", stop_reason="涂层剥落", note="价格太高")
    answer = questionnaire_answer(questionnaire=asked, by=sme_owner, **stopped)
    questionnaire_answer(questionnaire=asked, by=sme_owner, seen=answer.revision, partner_rating=1)
    case = asked.engagement
    assert told(case, professor) == ["需求方提交了验收后 3 个月的回访问卷", "需求方修改了验收后 3 个月的回访问卷"]
    assert [event.note for event in timeline_of(case, [], professor)] == ["", ""]


def test_each_step_of_a_story_is_told_with_who_took_it(
    story: Story, delivered: Engagement, sme_owner: User, professor: User, reviewer: User
) -> None:
    for person in (sme_owner, professor):
        story_agree(story=story, by=person, seen=1)
    story_return(story=story, by=reviewer, reason="请补充指标")
    story = story_edit(story=story, by=professor, seen=1, summary="轧辊寿命由三个月延长到八个月，停机少一半。")
    for person in (professor, sme_owner):
        story_agree(story=story, by=person, seen=2)
    story = story_publish(story=story, by=reviewer, seen=2)
    story_withdraw(story=story, by=sme_owner)
    owner, teacher = f"需求方{sme_owner.name}", f"供给方{professor.name}"
    office = f"平台{reviewer.name}"
    both = "双方都已同意案例文字，案例送平台审核"
    assert told(delivered, professor) == [
        f"{owner}起草了案例",
        f"{owner}同意了案例文字",
        f"{teacher}同意了案例文字",
        both,
        f"{office}把案例退回修改",
        f"{teacher}修改了案例文字，需双方重新同意",
        f"{teacher}同意了案例文字",
        f"{owner}同意了案例文字",
        both,
        f"{office}发布了案例",
        f"{owner}撤回了对案例的同意",
    ]
    notes = [event.note for event in timeline_of(delivered, [], professor) if event.note]
    assert notes == ["请补充指标"]


def test_every_entry_of_the_follow_up_has_a_sentence(
    story: Story, asked: Questionnaire, sme_owner: User, columns: Columns
) -> None:
    """A new kind of entry is either told or named here as one that is not."""
    questionnaire_answer(questionnaire=asked, by=sme_owner, **columns())
    written = AuditEntry.objects.filter(object_type__startswith="followups.").values_list("action", flat=True)
    assert set(written) <= set(history.SENTENCES)


def test_the_page_of_the_case_shows_it_and_that_of_another_does_not(
    asked: Questionnaire, sme_owner: User, columns: Columns, client_of: Callable[[User], Client]
) -> None:
    questionnaire_answer(questionnaire=asked, by=sme_owner, **columns())
    page = client_of(sme_owner).get(reverse("engagements:detail", args=[asked.engagement.public_id]))
    assert "需求方提交了验收后 3 个月的回访问卷" in page.content.decode()
    other = Engagement(pk=asked.engagement.pk + 1, proposal=asked.engagement.proposal)
    assert told(other, sme_owner) == []


@pytest.fixture
def _registry() -> Iterator[None]:
    before = chapters.chapters()
    yield
    chapters._chapters[:] = before


@pytest.mark.usefixtures("_registry")
def test_no_action_is_told_twice() -> None:
    with pytest.raises(ValueError, match="two chapters"):
        register_chapter(Chapter({"story.published": "x"}, lambda _engagement: Q()))
