"""Writing announcements, ending them, and closing them for oneself."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.administration.models import Announcement, Dismissal
from apps.administration.permissions import can_administer
from apps.administration.shown import forget_announcements
from apps.core import audit, clock
from apps.core.errors import StateConflict

COLUMNS = ("text", "text_en", "level", "audience", "district", "starts_at", "ends_at")


@transaction.atomic
def announcement_save(
    *, by: User, values: dict[str, Any], announcement: Announcement | None = None, seen: str = ""
) -> Announcement:
    """Write a new one, or change one: who had closed it does not see it again. ValidationError by field.

    StateConflict where it is not the `Announcement.revision` any more that the person had before them (`seen`).
    """
    can_administer(by).require()
    is_new = announcement is None
    row = Announcement(written_by=by) if announcement is None else _held(announcement)
    _require_seen(row, seen)
    changes = {name: [getattr(row, name, None), values[name]] for name in COLUMNS if name in values}
    for name in changes:
        setattr(row, name, values[name])
    row.full_clean()
    row.save()
    told = {name: after for name, (before, after) in changes.items() if is_new or before != after}
    audit.record(row, "announcement.written" if is_new else "announcement.changed", by=by, changes=told)
    _tell_pages()
    return row


def _held(announcement: Announcement) -> Announcement:
    """As it is now, until the transaction ends: of two changes at once the second sees the first."""
    return Announcement.objects.select_for_update(no_key=True).get(pk=announcement.pk)


def _require_seen(row: Announcement, seen: str) -> None:
    if seen and seen != row.revision:
        raise StateConflict(_("这条公告刚刚被他人修改，请看过现在的内容后再改。"))


@transaction.atomic
def announcement_end(*, announcement: Announcement, by: User, seen: str = "") -> None:
    """Take it down now. StateConflict where it is over already, or is not what the person had before them (`seen`)."""
    can_administer(by).require()
    row, now = _held(announcement), clock.now()
    if row.is_over:
        raise StateConflict
    _require_seen(row, seen)
    row.ends_at, row.starts_at = now, min(row.starts_at, now)
    row.save(update_fields=["ends_at", "starts_at", "updated_at"])
    audit.record(row, "announcement.ended", by=by)
    _tell_pages()


def announcement_dismiss(*, announcement: Announcement, user: User) -> None:
    """Not to be shown to this person again; doing it twice does nothing."""
    Dismissal.objects.bulk_create([Dismissal(user=user, announcement=announcement)], ignore_conflicts=True)


def _tell_pages() -> None:
    forget_announcements()
    transaction.on_commit(forget_announcements)
