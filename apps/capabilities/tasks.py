"""Celery tasks: doors to the services. Every task may run twice, late, or not at all."""

import logging
from typing import Any

from celery import shared_task

from apps.capabilities import notices
from apps.capabilities.selectors import capabilities_past_their_day
from apps.capabilities.services import capability_go_stale
from apps.core.rounds import deal_with_each

logger = logging.getLogger(__name__)
MOST_REMINDED = 2_000


@shared_task(name="capabilities.go_stale")
def go_stale(**_: Any) -> None:
    """Capabilities past their last day leave the catalogue until somebody confirms them."""
    past = capabilities_past_their_day().iterator(chunk_size=500)
    deal_with_each(past, lambda capability: capability_go_stale(capability=capability))


@shared_task(name="capabilities.remind")
def remind(**_: Any) -> None:
    """Ask the contacts of capabilities that are about to expire whether they are still valid."""
    count = notices.remind_of_last_days(MOST_REMINDED)
    if count:
        logger.info("Asked for the renewal of %s capabilities.", count)
