"""Celery tasks: doors to the outbox. Every task may run twice, late, or not at all."""

import logging
from typing import Any

from celery import shared_task

from apps.notifications import outbox
from apps.notifications.sending import carry_out
from apps.notifications.services import notifications_prune

logger = logging.getLogger(__name__)


@shared_task(name="notifications.send")
def send(letter: str, **_: Any) -> None:
    """Send one letter. What is sent, claimed or gone is none of this worker's business."""
    carry_out(letter)


@shared_task(name="notifications.reconcile")
def reconcile(**_: Any) -> None:
    """Send a hint for every letter that is due: digests, what was put off, and what a lost message left behind."""
    failed = outbox.give_up_on_poison()
    if failed:
        logger.error("%s deliveries failed for good.", failed)
    outbox.hint_what_is_due()


@shared_task(name="notifications.prune")
def prune(**_: Any) -> None:
    """Forget what was read long ago."""
    deleted = notifications_prune(most=5_000)
    if deleted:
        logger.info("Deleted %s notifications that were read long ago.", deleted)
