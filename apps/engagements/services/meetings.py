"""Meetings of a case."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import StateConflict
from apps.engagements import history
from apps.engagements.models import Engagement, Meeting
from apps.engagements.permissions import can_talk
from apps.engagements.services.locking import locked_case, require_unchanged


@transaction.atomic
def meeting_plan(*, engagement: Engagement, by: User, **fields: Any) -> Meeting:
    """`fields`: title, starts_at, ends_at (aware), place, agenda. ValidationError by field."""
    engagement = locked_case(engagement)
    can_talk(by, engagement).require()
    meeting = Meeting(engagement=engagement, planned_by=by, **fields)
    _check(meeting)
    meeting.save()
    _record(meeting, "meeting.planned", by)
    return meeting


@transaction.atomic
def meeting_change(*, meeting: Meeting, by: User, seen: str = "", **fields: Any) -> Meeting:
    """Calendars that hold it take the change from the next download.

    `seen` is the `Meeting.revision` the person had before them: what the other side moved is not moved back unseen.
    """
    meeting = _fresh(meeting, by)
    require_unchanged(meeting, seen, _("这次会议刚刚被修改过，请看过最新内容后再操作。"))
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.sequence += 1
    _check(meeting)
    meeting.save()
    _record(meeting, "meeting.changed", by)
    return meeting


@transaction.atomic
def meeting_cancel(*, meeting: Meeting, by: User) -> Meeting:
    meeting = _fresh(meeting, by)
    meeting.cancelled_at = clock.now()
    meeting.sequence += 1
    meeting.save()
    _record(meeting, "meeting.cancelled", by)
    return meeting


def _fresh(meeting: Meeting, by: User) -> Meeting:
    engagement = locked_case(meeting.engagement)
    can_talk(by, engagement).require()
    fresh = Meeting.objects.get(pk=meeting.pk)
    if fresh.cancelled_at is not None:
        raise StateConflict(_("这次会议已经取消。"))
    fresh.engagement = engagement
    return fresh


def _check(meeting: Meeting) -> None:
    if meeting.starts_at < clock.now():
        raise ValidationError({"starts_at": _("开始时间不能早于现在。")})
    if meeting.ends_at <= meeting.starts_at:  # the constraint says it too, but asks a database that keeps no year 1
        raise ValidationError({"ends_at": _("结束时间应晚于开始时间。")})
    meeting.full_clean()


def _record(meeting: Meeting, event: str, by: User) -> None:
    history.record(meeting.engagement, event, by=by, about=meeting)  # what it is about stays among the parties
