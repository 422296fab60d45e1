"""Writing the audit trail: changes, inside the transaction they belong to; and views, which fail no page."""

import logging
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, models, transaction

from apps.core import clock
from apps.core.models import AccessEntry, AuditEntry
from apps.core.origin import current_origin
from apps.core.validators import clean_text

logger = logging.getLogger(__name__)


def _entry(
    obj: models.Model, action: str, *, by: models.Model | None, changes: dict[str, Any] | None = None
) -> AuditEntry:
    origin = current_origin.get()
    return AuditEntry(
        at=clock.now(),
        actor_id=by.pk if by is not None else None,
        action=action,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        object_public_id=getattr(obj, "public_id", ""),
        changes={name: _plain(value) for name, value in (changes or {}).items()},
        address=origin.address if origin else None,
        request_id=origin.request_id if origin else "",
    )


def record(obj: models.Model, action: str, *, by: models.Model | None, changes: dict[str, Any] | None = None) -> None:
    """Write one entry. `action` is `<noun>.<past participle>`, `by` None means the platform itself."""
    _entry(obj, action, by=by, changes=changes).save()


def record_all(
    objects: Iterable[models.Model], action: str, *, by: models.Model | None, changes: dict[str, Any] | None = None
) -> None:
    """Write the same entry for many objects in one statement."""
    AuditEntry.objects.bulk_create([_entry(obj, action, by=by, changes=changes) for obj in objects], batch_size=500)


def record_view(
    obj: models.Model | None,
    action: str,
    *,
    by: models.Model | None,
    detail: dict[str, Any] | None = None,
    once_a_day: bool = False,
) -> None:
    """Keep that `by` saw or took out what not everybody may see: `contacts.seen`, `file.downloaded`, `export.made`.

    With `once_a_day`, of one person, object and day only the first look is written: for pages, which are opened again
    and again. A trail that cannot be written is logged; whoever may see the page sees it all the same.
    """
    record_views([obj], action, by=by, detail=detail, once_a_day=once_a_day)


def record_views(
    objects: Iterable[models.Model | None],
    action: str,
    *,
    by: models.Model | None,
    detail: dict[str, Any] | None = None,
    once_a_day: bool = False,
) -> None:
    """`record_view` for many objects in one statement; two where all may have been seen today."""
    entries = [_view(obj, action, by, detail or {}, once_a_day=once_a_day) for obj in objects]
    try:
        if not entries or (once_a_day and _were_seen_today(entries)):
            return
        with transaction.atomic():
            AccessEntry.objects.bulk_create(entries, batch_size=500, ignore_conflicts=once_a_day)
    except DatabaseError:
        logger.exception("That %s %s could not be kept.", by.pk if by else "a visitor", action)


def _view(
    obj: models.Model | None, action: str, by: models.Model | None, detail: dict[str, Any], *, once_a_day: bool
) -> AccessEntry:
    origin = current_origin.get()
    return AccessEntry(
        at=clock.now(),
        day=clock.today() if once_a_day else None,
        actor_id=by.pk if by is not None else None,
        action=action,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=obj.pk if obj is not None else None,
        object_public_id=getattr(obj, "public_id", ""),
        detail={name: _plain(value) for name, value in detail.items()},
        address=origin.address if origin else None,
        request_id=origin.request_id if origin else "",
    )


def _were_seen_today(entries: list[AccessEntry]) -> bool:
    """Asked first: reading waits for nobody, where a database lets one writer in at a time."""
    first = entries[0]
    seen = AccessEntry.objects.filter(
        actor=first.actor_id,
        action=first.action,
        object_type=first.object_type,
        object_id__in=[entry.object_id for entry in entries],
        day=first.day,
    )
    return seen.count() == len(entries)


def views_prune(*, before: datetime, most: int) -> int:
    """Delete views older than `before`, at most so many; how many. The one deletion there is: retention."""
    ids = list(AccessEntry.objects.filter(at__lt=before).order_by("at", "id").values_list("pk", flat=True)[:most])
    models.QuerySet(AccessEntry).filter(pk__in=ids).delete()
    return len(ids)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, models.Model):
        return getattr(value, "public_id", None) or str(value)
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    if isinstance(value, (date, datetime, Decimal)):
        return str(value)
    return value if isinstance(value, (int, float, bool, dict)) or value is None else str(value)
