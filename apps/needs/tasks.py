"""Celery tasks: doors to the services. Every task may run twice, late, or not at all."""

import logging
from typing import Any

from celery import shared_task

from apps.core.rounds import deal_with_each
from apps.needs import notices
from apps.needs.selectors import needs_past_their_day, needs_to_read
from apps.needs.services import need_analyse, need_expire

logger = logging.getLogger(__name__)
MOST_READ_AT_ONCE = 200
MOST_REMINDED = 2_000


@shared_task(name="needs.expire")
def expire(**_: Any) -> None:
    """Take needs past their last day off the board."""
    deal_with_each(needs_past_their_day().iterator(chunk_size=500), lambda need: need_expire(need=need))


@shared_task(name="needs.analyse")
def analyse(**_: Any) -> None:
    """Read the needs that were not read when they were written: imported ones, and those whose reading failed."""
    for need in needs_to_read(MOST_READ_AT_ONCE):
        try:
            need_analyse(need=need)
        except Exception:  # the others are read all the same
            logger.exception("Need %s cannot be read.", need.public_id)


@shared_task(name="needs.remind")
def remind(**_: Any) -> None:
    """Ask the contacts of needs that are about to expire whether they are still valid."""
    count = notices.remind_of_last_days(MOST_REMINDED)
    if count:
        logger.info("Asked for the renewal of %s needs.", count)
