"""Celery tasks: doors to `work`. Every task may run twice, late, or not at all."""

import logging
from contextlib import suppress
from typing import Any

from celery import shared_task
from django.db import DatabaseError

from apps.core.switches import is_on
from apps.imports import work
from apps.imports.switches import IMPORTS

logger = logging.getLogger(__name__)
MOST_HINTS = 100


@shared_task(name="imports.work", soft_time_limit=300, time_limit=330)
def carry_out(public_id: str, **_: Any) -> None:
    """Carry out one piece of an import, and ask for the next.

    Where it breaks off, the reconciler goes on, at the latest after the lease.
    """
    job = work.claim(public_id) if is_on(IMPORTS) else None
    if job is None:
        return
    try:
        goes_on = work.carry_out(job)
    except Exception as error:
        logger.exception("A piece of import %s broke off.", public_id)
        with suppress(DatabaseError):
            work.give_up_for_now(job, error)
        return
    if goes_on:
        work.send_hint(public_id)


@shared_task(name="imports.reconcile")
def reconcile(**_: Any) -> None:
    """Send a new hint for every import that is due: lost messages and dead workers only delay."""
    if not is_on(IMPORTS):
        return  # what is under way stays where it is, and goes on when imports are on again
    for public_id in work.due().values_list("public_id", flat=True)[:MOST_HINTS]:
        work.send_hint(public_id)
