"""Searching the trail: by person, action, object, period and address; a page at a time, however long the trail is.

Pages go on from the last entry (keyset), never from a number of entries to skip, and no page counts them all.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from apps.core.models import AccessEntry, AuditEntry, Trace
from apps.core.validators import validate_moment

PAGE_SIZE = 50
ORDER = ("-at", "-id")


@dataclass(frozen=True, slots=True)
class TrailPage[Entry: Trace]:
    """`older` continues the list; empty on its last page."""

    entries: list[Entry]
    older: str


def trail(chosen: dict[str, Any]) -> QuerySet[Any]:
    """Changes, or what was seen; the latest first."""
    model: type[Trace] = AccessEntry if chosen.get("what") == "views" else AuditEntry
    rows = model._default_manager.filter(_conditions(chosen)).select_related("actor")
    return rows.order_by(*ORDER)


def _conditions(chosen: dict[str, Any]) -> Q:
    found = Q()
    if chosen.get("person") is not None:
        found &= Q(actor__in=chosen["person"])
    if action := chosen.get("action"):
        found &= Q(action=action)
    if kind := chosen.get("kind"):
        found &= Q(object_type=kind)
    if number := chosen.get("number"):
        found &= Q(object_public_id=number)
    if key := chosen.get("key"):
        found &= Q(object_id=key)
    if since := chosen.get("since"):
        found &= Q(at__gte=_midnight(since))
    if until := chosen.get("until"):
        found &= Q(at__lt=_midnight(until + timedelta(days=1)))
    if address := chosen.get("address"):
        found &= Q(address=address)
    return found


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def trail_page(rows: QuerySet[Any], cursor: str) -> TrailPage[Any]:
    """The entries after `cursor`, which another page gave; from the start where it is nonsense."""
    at, key = _read(cursor)
    if at is not None:
        rows = rows.filter(Q(at__lte=at) & (Q(at__lt=at) | Q(id__lt=key)))
    entries = list(rows[: PAGE_SIZE + 1])
    shown = entries[:PAGE_SIZE]
    return TrailPage(shown, f"{shown[-1].at.isoformat()}_{shown[-1].pk}" if len(entries) > PAGE_SIZE else "")


def _read(cursor: str) -> tuple[datetime | None, int]:
    moment, _sep, key = cursor.partition("_")
    try:
        at = parse_datetime(moment)
        if at is not None:
            validate_moment(at)
    except (ValueError, ValidationError):
        at = None
    if at is None or timezone.is_naive(at) or not (key.isascii() and key.isdigit() and len(key) < 19):
        return None, 0
    return at, int(key)
