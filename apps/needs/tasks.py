"""Celery tasks: doors to the services. Every task may run twice, late, or not at all."""

from typing import Any

from celery import shared_task

from apps.core.errors import StateConflict
from apps.needs.selectors import needs_past_their_day
from apps.needs.services import need_expire


@shared_task(name="needs.expire")
def expire(**_: Any) -> None:
    """Take needs past their last day off the board."""
    for need in needs_past_their_day().iterator(chunk_size=500):
        try:
            need_expire(need=need)
        except StateConflict:  # renewed or closed at this very moment
            continue
