"""Reading people for the office."""

from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.models import NOBODYS_DOMAIN, User
from apps.administration.models import ErasureRequest, ErasureState
from apps.core import clock
from apps.core.models import AuditEntry, CitySetting

LONGEST_HISTORY = 20


def people(chosen: dict[str, Any]) -> QuerySet[User]:
    """Those who fit the filter, the latest first."""
    rows = User.objects.select_related("membership__organisation").prefetch_related("districts").order_by("-id")
    if words := chosen.get("q"):
        named = Q(name__icontains=words) | Q(email__icontains=words) | Q(phone__icontains=words)
        rows = rows.filter(named | Q(membership__organisation__name__icontains=words))
    role = chosen.get("role")
    if role == "staff":
        rows = rows.exclude(platform_role="")
    elif role:
        rows = rows.filter(platform_role="" if role == "none" else role)
    if state := chosen.get("state"):
        rows = rows.filter(is_active=state == "open")
    return rows


def history_of(row: Any) -> list[AuditEntry]:
    """What was done to a row, the latest first."""
    entries = AuditEntry.objects.filter(object_type=row._meta.label_lower, object_id=row.pk).select_related("actor")
    return list(entries.order_by("-id")[:LONGEST_HISTORY])


def setting_rows() -> dict[str, CitySetting]:
    return {row.key: row for row in CitySetting.objects.select_related("changed_by")}


def erasures_waiting() -> QuerySet[ErasureRequest]:
    """The one that is due first, first."""
    waiting = ErasureRequest.objects.filter(state=ErasureState.WAITING)
    return waiting.select_related("person").order_by("due_at", "id")


def erasures_due() -> int:
    return erasures_waiting().filter(due_at__lte=clock.now()).count()


def people_at_work() -> QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(platform_role="").exclude(email__endswith=NOBODYS_DOMAIN)
