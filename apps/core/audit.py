"""Writing the audit trail. Call inside the transaction of the change it describes."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from apps.core import clock
from apps.core.models import AuditEntry
from apps.core.origin import current_origin


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


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return getattr(value, "public_id", None) or str(value)
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    if isinstance(value, (date, datetime, Decimal)):
        return str(value)
    return value if isinstance(value, (str, int, float, bool, dict)) or value is None else str(value)
