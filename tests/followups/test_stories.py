"""A story: each word agreed to by both sides, then reviewed, then public until one of them takes it back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from apps.accounts.models import Organisation, User
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.engagements.models import Engagement, Outcome, OutcomeState
from apps.followups.models import Story, StoryState
from apps.followups.picture import MOST_PIXELS
from apps.followups.selectors import published_stories, stories_of, stories_to_review, stories_waiting_for
from apps.followups.services import story_agree, story_draft, story_edit, story_publish, story_return, story_withdraw
from apps.notifications.models import Notification
from apps.taxonomy.models import Term
from tests.followups.conftest import TEXTS, publish

pytestmark = pytest.mark.django_db
Photo = Callable[..., SimpleUploadedFile]


def told(user: User) -> list[str]:
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def test_the_numbers_come_from_the_outcome(story: Story) -> None:
    assert (story.indicator_name, story.before_value, story.after_value) == ("轧辊寿命", "3", "8")


@pytest.mark.parametrize("who", ["sme_owner", "colleague", "professor"])
def test_either_side_may_draft(confirmed: Outcome, who: str, request: pytest.FixtureRequest) -> None:
    assert story_draft(outcome=confirmed, by=request.getfixturevalue(who), **TEXTS).state == StoryState.DRAFT


def test_the_broker_of_the_case_may_draft_and_no_other(confirmed: Outcome, broker: User) -> None:
    with pytest.raises(NotAllowed):
        story_draft(outcome=confirmed, by=broker, **TEXTS)
    Engagement.objects.update(broker=broker)
    assert story_draft(outcome=Outcome.objects.get(), by=broker, shows_own_name=True, **TEXTS).names_need is False


@pytest.mark.parametrize("who", ["stranger", "reviewer", "administrator"])
def test_nobody_else_drafts(confirmed: Outcome, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        story_draft(outcome=confirmed, by=request.getfixturevalue(who), **TEXTS)


def test_only_a_confirmed_success_becomes_a_story_and_one(confirmed: Outcome, sme_owner: User) -> None:
    for fields in ({"state": OutcomeState.REPORTED}, {"outcome_type": _term("not_achieved")}):
        Outcome.objects.update(state=OutcomeState.CONFIRMED, outcome_type=_term("process_change"))
        Outcome.objects.update(**fields)
        with pytest.raises(NotAllowed):
            story_draft(outcome=confirmed, by=sme_owner, **TEXTS)
    Outcome.objects.update(state=OutcomeState.CONFIRMED, outcome_type=_term("process_change"))
    story_draft(outcome=confirmed, by=sme_owner, **TEXTS)
    with pytest.raises(NotAllowed):
        story_draft(outcome=confirmed, by=sme_owner, **TEXTS)


def _term(code: str) -> Term:
    return Term.objects.get(vocabulary="outcome_type", code=code)


def test_it_goes_to_a_reviewer_when_both_have_agreed(
    story: Story, sme_owner: User, professor: User, reviewer: User
) -> None:
    assert list(stories_waiting_for(professor)) == [story]
    assert story_agree(story=story, by=sme_owner, seen=1).state == StoryState.DRAFT
    assert not stories_to_review(reviewer).exists()
    assert story_agree(story=story, by=professor, seen=1).state == StoryState.SUBMITTED
    assert list(stories_to_review(reviewer)) == [story]
    assert not stories_to_review(professor).exists()
    assert not published_stories().exists()
    assert story_publish(story=story, by=reviewer, seen=1).published_at
    assert list(published_stories()) == [story]
    assert told(professor) == ["followups.story_drafted", "followups.story_agreed", "followups.story_published"]
    assert told(sme_owner) == ["followups.story_published"]


def test_the_broker_is_told_which_step_it_is_and_asked_for_no_agreement(
    story: Story, sme_owner: User, professor: User, broker: User
) -> None:
    Engagement.objects.update(broker=broker)
    story_agree(story=story, by=sme_owner, seen=1)
    story_withdraw(story=story, by=sme_owner)
    assert told(broker) == ["followups.story_side_agreed", "followups.story_side_withdrew"]
    assert told(professor) == ["followups.story_drafted", "followups.story_agreed", "followups.story_withdrawn"]
    agreed, withdrew = (row.text for row in Notification.objects.filter(recipient=broker).order_by("pk"))
    assert agreed == (f"有一方已同意案例文字：“{story.title}”", "双方都同意后就会送平台审核。")
    assert "对方" not in withdrew.title


def test_a_broker_among_the_people_of_a_side_is_told_once(
    story: Story, sme_owner: User, professor: User, university: Organisation
) -> None:
    Engagement.objects.update(broker=professor)
    story_agree(story=story, by=sme_owner, seen=1)
    assert told(professor) == ["followups.story_drafted", "followups.story_agreed"]


def test_an_edit_resets_both_agreements(story: Story, sme_owner: User, professor: User, reviewer: User) -> None:
    story_agree(story=story, by=sme_owner, seen=1)
    story_agree(story=story, by=professor, seen=1)
    edited = story_edit(story=story, by=sme_owner, seen=1, result="寿命由三个月提高到九个月。")
    assert (edited.state, edited.version) == (StoryState.DRAFT, 2)
    assert (edited.need_agreed_version, edited.capability_agreed_version) == (None, None)
    with pytest.raises(NotAllowed):
        story_publish(story=story, by=reviewer, seen=2)
    entry = AuditEntry.objects.get(action="story.edited")
    assert entry.changes["before"]["result"] == "寿命由三个月提高到八个月。"


def test_an_edit_that_changes_nothing_leaves_the_agreements_alone(story: Story, sme_owner: User) -> None:
    story_agree(story=story, by=sme_owner, seen=1)
    same = story_edit(story=story, by=sme_owner, seen=1, shows_own_name=False, **TEXTS)
    assert (same.version, same.need_agreed_version) == (1, 1)


def test_nobody_agrees_to_or_edits_a_version_they_have_not_read(story: Story, sme_owner: User, professor: User) -> None:
    story_edit(story=story, by=sme_owner, seen=1, title="轧辊寿命提高一倍多")
    with pytest.raises(StateConflict):
        story_agree(story=story, by=professor, seen=1)
    with pytest.raises(StateConflict):
        story_edit(story=story, by=professor, seen=1, title="别的题目")


def test_one_side_cannot_agree_for_the_other_or_twice(
    story: Story, sme_owner: User, colleague: User, broker: User, stranger: User, administrator: User
) -> None:
    Engagement.objects.update(broker=broker)
    story_agree(story=story, by=sme_owner, seen=1)
    for person in (sme_owner, colleague, broker, stranger, administrator):
        with pytest.raises(NotAllowed):
            story_agree(story=story, by=person, seen=1)


def test_a_side_names_itself_and_nobody_else(
    story: Story, sme_owner: User, professor: User, broker: User, enterprise: Organisation
) -> None:
    Engagement.objects.update(broker=broker)
    by_supplier = story_edit(story=story, by=professor, seen=1, shows_own_name=True)
    assert (by_supplier.names_need, by_supplier.names_capability) == (False, True)
    by_broker = story_edit(story=story, by=broker, seen=2, shows_own_name=False, title="新的题目")
    assert (by_broker.names_need, by_broker.names_capability) == (False, True)


@pytest.mark.parametrize("word", ["海岚精工", "青岛海岚精工有限公司", "陈立", "13000000001", "owner@hailan.example"])
@pytest.mark.parametrize("field", ["title", "summary", "problem", "approach", "result", "quote", "quote_by"])
def test_a_side_that_is_not_named_is_not_named_in_the_words_either(
    story: Story, professor: User, field: str, word: str
) -> None:
    texts: dict[str, Any] = {field: f"据{word}说"}
    with pytest.raises(ValidationError) as refused:
        story_edit(story=story, by=professor, seen=1, **texts)
    assert set(refused.value.message_dict) == {field}
    assert Story.objects.get().version == 1


def test_who_shows_the_own_name_may_be_named_in_the_words(story: Story, sme_owner: User) -> None:
    edited = story_edit(story=story, by=sme_owner, seen=1, shows_own_name=True, quote_by="海岚精工 陈立")
    assert edited.quote_by == "海岚精工 陈立"
    with pytest.raises(ValidationError):
        story_edit(story=story, by=sme_owner, seen=2, shows_own_name=False)


def test_a_name_that_is_new_since_the_text_was_written_stops_it(
    story: Story, sme_owner: User, professor: User, reviewer: User, enterprise: Organisation
) -> None:
    story_agree(story=story, by=sme_owner, seen=1)
    Organisation.objects.filter(pk=enterprise.pk).update(short_name="轧辊")
    with pytest.raises(DomainError, match="不公开名称"):
        story_agree(story=story, by=professor, seen=1)


def test_either_side_takes_it_back_at_any_time(
    published: Story, sme_owner: User, professor: User, reviewer: User
) -> None:
    withdrawn = story_withdraw(story=published, by=professor)
    assert (withdrawn.state, withdrawn.published_at) == (StoryState.DRAFT, None)
    assert not published_stories().exists()
    assert told(sme_owner)[-1] == "followups.story_unpublished"
    story_agree(story=published, by=professor, seen=1)
    assert story_publish(story=published, by=reviewer, seen=1).state == StoryState.PUBLISHED
    assert story_withdraw(story=published, by=sme_owner).state == StoryState.DRAFT


def test_who_has_not_agreed_has_nothing_to_take_back(story: Story, professor: User, stranger: User) -> None:
    for person in (professor, stranger):
        with pytest.raises(NotAllowed):
            story_withdraw(story=story, by=person)


def test_what_is_public_is_not_edited(published: Story, sme_owner: User) -> None:
    with pytest.raises(NotAllowed):
        story_edit(story=published, by=sme_owner, seen=1, title="偷偷改掉的题目")


@pytest.mark.parametrize("who", ["sme_owner", "professor", "stranger", "broker"])
def test_only_reviewers_publish_and_return(
    story: Story, sme_owner: User, professor: User, who: str, request: pytest.FixtureRequest
) -> None:
    story_agree(story=story, by=sme_owner, seen=1)
    story_agree(story=story, by=professor, seen=1)
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        story_publish(story=story, by=person, seen=1)
    with pytest.raises(NotAllowed):
        story_return(story=story, by=person, reason="不合适")


def test_a_returned_story_is_mended_and_agreed_to_anew(
    story: Story, sme_owner: User, professor: User, reviewer: User
) -> None:
    for person in (sme_owner, professor):
        story_agree(story=story, by=person, seen=1)
    with pytest.raises(ValidationError):
        story_return(story=story, by=reviewer, reason="  ")
    returned = story_return(story=story, by=reviewer, reason="请写明测试条件。")
    assert (returned.state, returned.need_agreed_version) == (StoryState.RETURNED, None)
    assert list(stories_waiting_for(sme_owner)) == list(stories_waiting_for(professor)) == [story]
    with pytest.raises(NotAllowed):
        story_agree(story=story, by=sme_owner, seen=1)
    mended = story_edit(story=story, by=professor, seen=1, result="同一机组三次实测，寿命由三个月提高到八个月。")
    assert (mended.state, mended.return_reason) == (StoryState.DRAFT, "")
    assert publish(mended, sme_owner, professor, reviewer).state == StoryState.PUBLISHED


def test_a_reviewer_takes_a_published_story_down(published: Story, reviewer: User, sme_owner: User) -> None:
    assert story_return(story=published, by=reviewer, reason="有人举报数据不实。").state == StoryState.RETURNED
    assert not published_stories().exists()
    assert told(sme_owner)[-1] == "followups.story_returned"


def test_a_reviewer_publishes_what_was_read(story: Story, sme_owner: User, professor: User, reviewer: User) -> None:
    for person in (sme_owner, professor):
        story_agree(story=story, by=person, seen=1)
    with pytest.raises(StateConflict):
        story_publish(story=story, by=reviewer, seen=2)


@pytest.mark.parametrize("state", ["submitted", "published"])
def test_no_row_is_public_without_both_agreements(story: Story, state: str) -> None:
    for agreed in ({}, {"need_agreed_version": 1}, {"need_agreed_version": 1, "capability_agreed_version": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Story.objects.update(state=state, published_at="2026-11-01T00:00Z", **agreed)


def test_drafts_are_seen_by_their_parties_only(
    story: Story, sme_owner: User, professor: User, stranger: User, broker: User
) -> None:
    assert list(stories_of(sme_owner)) == list(stories_of(professor)) == [story]
    for person in (stranger, broker):
        assert not stories_of(person).exists()
        assert not Story.objects.visible_to(person).exists()


@pytest.mark.parametrize("name", ["现场.jpg", "现场.png", "现场.JPEG"])
def test_a_picture_is_drawn_anew_without_what_the_camera_wrote(
    story: Story, sme_owner: User, photo: Photo, name: str
) -> None:
    upload = photo(name)
    assert b"SECRET" in upload.read()
    edited = story_edit(story=story, by=sme_owner, seen=1, picture=upload)
    assert edited.version == 2
    stored = edited.picture.open().read()
    assert b"SECRET" not in stored
    assert b"Exif" not in stored
    with Image.open(edited.picture.open()) as shown:
        assert (shown.format, shown.size) == ("JPEG", (60, 40))
    assert "现场" not in str(edited.picture)


def test_a_large_picture_is_made_smaller(story: Story, sme_owner: User, photo: Photo) -> None:
    edited = story_edit(story=story, by=sme_owner, seen=1, picture=photo(size=(4000, 1000)))
    with Image.open(edited.picture.open()) as shown:
        assert shown.size == (1600, 400)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"<svg onload='alert(1)'/>"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ("a.jpg", b""),
        ("a.gif", b"GIF89a" + bytes(64)),
        ("a.pdf", b"%PDF-1.4"),
    ],
)
def test_what_is_no_picture_is_refused_beside_its_field(
    story: Story, sme_owner: User, name: str, content: bytes
) -> None:
    with pytest.raises(ValidationError) as refused:
        story_edit(story=story, by=sme_owner, seen=1, picture=SimpleUploadedFile(name, content))
    assert set(refused.value.message_dict) == {"picture"}


def test_a_picture_too_large_to_open_is_refused(
    story: Story, sme_owner: User, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST_PIXELS, "JPEG", 100)
    with pytest.raises(ValidationError) as refused:
        story_edit(story=story, by=sme_owner, seen=1, picture=photo())
    assert set(refused.value.message_dict) == {"picture"}


def test_a_picture_that_is_replaced_or_removed_is_gone(
    story: Story, sme_owner: User, photo: Photo, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    first = story_edit(story=story, by=sme_owner, seen=1, picture=photo())
    storage, name = first.picture.storage, str(first.picture)
    with django_capture_on_commit_callbacks(execute=True):
        second = story_edit(story=first, by=sme_owner, seen=2, remove_picture=True)
    assert (second.version, bool(second.picture)) == (3, False)
    assert not storage.exists(name)
