"""Who looks at an item: a soft lock, told to colleagues, that keeps nobody out."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.core import clock
from apps.review.models import Handling, Row
from apps.review.models.subjects import kind_of
from apps.review.permissions import can_handle

HELD_FOR = timedelta(minutes=15)


def handling_of(row: Row) -> Handling:
    """The desk's note about a row, made where there is none yet."""
    owner: dict[str, Any] = {str(kind_of(row)): row}
    return Handling.objects.get_or_create(**owner)[0]


def looker(handling: Handling | None, user: User) -> User | None:
    """The colleague who looks at it now."""
    if handling is None or handling.taken_by is None or handling.taken_at is None or handling.taken_by == user:
        return None
    return handling.taken_by if handling.taken_at > clock.now() - HELD_FOR else None


@transaction.atomic
def item_take(*, row: Row, by: User) -> Handling:
    """Say that one looks at it, unless a colleague does; again renews it."""
    can_handle(by, row).require()
    handling = Handling.objects.select_for_update(of=("self",)).select_related("taken_by").get(pk=handling_of(row).pk)
    if looker(handling, by) is None:
        handling.taken_by, handling.taken_at = by, clock.now()
        handling.save(update_fields=["taken_by", "taken_at"])
    return handling


def item_release(*, row: Row, by: User) -> None:
    """Leave it to others."""
    Handling.objects.filter(**{str(kind_of(row)): row}, taken_by=by).update(taken_by=None, taken_at=None)
