"""Stories: drafted, edited, agreed to by both sides, and taken back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.lifecycle import move
from apps.engagements.models import Outcome
from apps.engagements.permissions import engagement_side
from apps.followups import notices
from apps.followups.anonymity import hidden_names_told
from apps.followups.lifecycle import STORY_LIFECYCLE
from apps.followups.models import TEXTS, Story, StoryState
from apps.followups.permissions import can_agree, can_draft, can_edit, can_withdraw
from apps.followups.picture import redrawn
from apps.matching.models import Side

OUTCOME_PAIR = ("outcome_type", *(f"engagement__proposal__{row}__organisation" for row in ("need", "capability")))
AGREED_COLUMN = {Side.NEED: "need_agreed_version", Side.CAPABILITY: "capability_agreed_version"}
NAMED_COLUMN = {Side.NEED: "names_need", Side.CAPABILITY: "names_capability"}
PREFILLED = ("indicator_name", "indicator_unit", "before_value", "after_value")


@transaction.atomic
def story_draft(*, outcome: Outcome, by: User, shows_own_name: bool = False, **fields: Any) -> Story:
    """Begin the story of a confirmed outcome; its numbers are the outcome's where `fields` say nothing else.

    `fields` are TEXTS and `picture` (an upload). `shows_own_name` speaks for the side of `by` only. NotAllowed,
    ValidationError by field.
    """
    outcome = Outcome.objects.select_for_update(of=("self",)).select_related(*OUTCOME_PAIR).get(pk=outcome.pk)
    can_draft(by, outcome).require()
    story = Story(outcome=outcome, drafted_by=by, **{name: getattr(outcome, name) for name in PREFILLED})
    _fill(story, by, fields, shows_own_name=shows_own_name)
    story.save()
    audit.record(story, "story.drafted", by=by, changes=_told(story))
    notices.tell(story, "drafted", by=by)
    return story


@transaction.atomic
def story_edit(*, story: Story, by: User, seen: int, shows_own_name: bool | None = None, **fields: Any) -> Story:
    """Change the text: both sides have to agree anew. `seen` is the version that the person had before them.

    As `story_draft`; `remove_picture=True` takes the picture away. What changes nothing leaves the agreements alone.
    """
    story = locked_story(story)
    can_edit(by, story).require()
    require_version(story, seen)
    before, old_picture = _told(story), str(story.picture)
    _fill(story, by, fields, shows_own_name=shows_own_name)
    if _told(story) == before:
        return story
    moved_from = story.state
    story.version += 1
    story.state, story.return_reason, story.submitted_at = StoryState.DRAFT, "", None
    story.need_agreed_version = story.capability_agreed_version = None
    story.save()
    if old_picture and old_picture != str(story.picture):
        storage = story.picture.storage
        transaction.on_commit(lambda: storage.delete(old_picture))
    changes = {"version": story.version, "from": moved_from, "before": before, "after": _told(story)}
    audit.record(story, "story.edited", by=by, changes=changes)
    notices.tell(story, "edited", by=by)
    return story


@transaction.atomic
def story_agree(*, story: Story, by: User, seen: int) -> Story:
    """One side agrees to exactly the version it read; when both have, the story goes to a reviewer."""
    story = locked_story(story)
    can_agree(by, story).require()
    require_version(story, seen)
    require_anonymity(story)
    side = own_side(by, story)
    setattr(story, AGREED_COLUMN[side], story.version)
    story.save(update_fields=[AGREED_COLUMN[side], "updated_at"])
    audit.record(story, "story.agreed", by=by, changes={"side": side, "version": story.version})
    if story.need_agreed_version == story.capability_agreed_version == story.version:
        _move(story, StoryState.SUBMITTED, "story.submitted", by, submitted_at=clock.now())
    else:
        notices.tell(story, "agreed", by=by)
    return story


@transaction.atomic
def story_withdraw(*, story: Story, by: User) -> Story:
    """One side takes its agreement back: from this moment nobody else reads the story."""
    story = locked_story(story)
    can_withdraw(by, story).require()
    side = own_side(by, story)
    was_published = story.state == StoryState.PUBLISHED
    fields: dict[str, Any] = {AGREED_COLUMN[side]: None, "submitted_at": None, "published_at": None}
    if story.state == StoryState.DRAFT:
        setattr(story, AGREED_COLUMN[side], None)
        story.save(update_fields=[AGREED_COLUMN[side], "updated_at"])
        audit.record(story, "story.withdrawn", by=by, changes={"side": side})
    else:
        _move(story, StoryState.DRAFT, "story.withdrawn", by, **fields)
    notices.tell(story, "unpublished" if was_published else "withdrawn", by=by)
    return story


def locked_story(story: Story) -> Story:
    """The row as it is now, held until the transaction ends. StateConflict when it is gone."""
    pair = [f"outcome__engagement__proposal__{row}__organisation" for row in ("need", "capability")]
    contacts = [f"outcome__engagement__proposal__{row}__contact" for row in ("need", "capability")]
    rows = Story.objects.select_for_update(of=("self",)).select_related(*pair, *contacts, "outcome__outcome_type")
    found = rows.filter(pk=story.pk).first()
    if found is None:
        raise StateConflict
    return found


def require_version(story: Story, seen: int) -> None:
    if seen != story.version:
        raise StateConflict(_("案例文字刚刚有了修改，请看过最新的一版再操作。"))


def require_anonymity(story: Story) -> None:
    """Names may have changed since the text was written."""
    if hidden_names_told(story):
        raise DomainError(_("文中写出了不公开名称的一方，请先修改文字，再请双方同意。"))


def as_stored(text: str) -> str:
    """Browsers end lines in their own way."""
    return text.replace("\r\n", "\n").strip()


def own_side(by: User, story: Story) -> Side:
    side = engagement_side(by, story.outcome.engagement)
    if side is None:
        raise NotAllowed
    return side


def _fill(story: Story, by: User, fields: dict[str, Any], *, shows_own_name: bool | None) -> None:
    """Write what was sent. A side's name is its own affair: nobody else switches it on."""
    for name in TEXTS:
        if name in fields:
            setattr(story, name, as_stored(fields[name]))
    side = engagement_side(by, story.outcome.engagement)
    if side is not None and shows_own_name is not None:
        setattr(story, NAMED_COLUMN[side], shows_own_name)
    story.full_clean(exclude=("picture",))
    if problems := hidden_names_told(story):
        raise ValidationError(dict(problems))
    upload = fields.get("picture")
    if isinstance(upload, UploadedFile):
        story.picture.save("picture.jpg", redrawn(upload), save=False)
    elif fields.get("remove_picture"):
        story.picture = ""


def _told(story: Story) -> dict[str, Any]:
    names = (*TEXTS, "names_need", "names_capability")
    return {name: getattr(story, name) for name in names} | {"picture": str(story.picture)}


def _move(story: Story, target: StoryState, action: str, by: User, **fields: Any) -> None:
    move(story, target, lifecycle=STORY_LIFECYCLE, action=action, by=by, **fields)
