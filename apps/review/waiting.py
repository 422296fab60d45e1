"""Since when a row waits for a reviewer."""

from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import Organisation
from apps.capabilities.models import CapabilityState
from apps.core.models import AuditEntry
from apps.needs.models import Need, NeedState
from apps.review.models import Row

_RESUBMITTED = "organisation.resubmitted"


def with_waiting(rows: QuerySet[Organisation]) -> QuerySet[Any]:
    """Organisations with `waiting_since`: registered, or mended after a refusal."""
    again = AuditEntry.objects.filter(
        object_type=Organisation._meta.label_lower, object_id=OuterRef("pk"), action=_RESUBMITTED
    )
    latest = Subquery(again.order_by("-at").values("at")[:1], output_field=DateTimeField())
    return rows.annotate(waiting_since=Coalesce(latest, F("created_at")))


def waiting_since(row: Row) -> datetime:
    """Of what is public already: since somebody submitted what nobody has looked at."""
    if isinstance(row, Organisation):
        again = AuditEntry.objects.filter(object_type=row._meta.label_lower, object_id=row.pk, action=_RESUBMITTED)
        return again.order_by("-at").values_list("at", flat=True).first() or row.created_at
    if not is_public(row):
        return row.submitted_at or row.created_at
    unseen = row.snapshots.filter(checked_at=None).order_by("id").first()
    return unseen.taken_at if unseen else row.published_at or row.created_at


def is_submitted(row: Row) -> bool:
    if isinstance(row, Organisation):
        return row.state == "pending"
    return row.state == (NeedState.SUBMITTED if isinstance(row, Need) else CapabilityState.SUBMITTED)


def is_public(row: Row) -> bool:
    if isinstance(row, Organisation):
        return row.is_verified
    return row.state == (NeedState.PUBLISHED if isinstance(row, Need) else CapabilityState.PUBLISHED)
