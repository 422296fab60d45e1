"""What to tell somebody whose form about a case was overtaken: who saved meanwhile, and what is stored now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import localize
from django.utils.timezone import localtime

from apps.core.models import AuditEntry
from apps.core.overtaken import Overtaken
from apps.engagements.models import Contract, Engagement, Meeting, Outcome

Row = Contract | Meeting | Outcome


def overtaken(row: Row, values: Mapping[str, Any]) -> Overtaken:
    """Who saved `row`, as stored now, and where it differs from `values`, the columns that the form would write."""
    last = _history(row).select_related("actor").first()
    return Overtaken(
        by_name=str(last.actor) if last and last.actor else "",
        at=last.at if last else None,
        differences=[(_label(row, name), _stored_text(row, name)) for name in values if _differs(row, name, values)],
    )


def _history(row: Row) -> QuerySet[AuditEntry]:
    """An outcome has its own; what is kept about a contract itself (shares of brokers) is not for the two sides."""
    if isinstance(row, Outcome):
        return AuditEntry.objects.filter(object_type=row._meta.label_lower, object_id=row.pk)
    case = {"object_type": Engagement._meta.label_lower, "object_id": row.engagement_id}
    return AuditEntry.objects.filter(**case, changes__about=row.public_id)


def _differs(row: Row, name: str, values: Mapping[str, Any]) -> bool:
    return bool(getattr(row, name) != values[name])


def _label(row: Row, name: str) -> str:
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def _stored_text(row: Row, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, datetime):
        value = localtime(value)
    return "" if value is None else str(localize(value))
