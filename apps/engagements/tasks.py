"""Celery tasks: doors to the desk's sweep. Every task may run twice, late, or not at all."""

import logging
from typing import Any

from celery import shared_task

from apps.engagements.desk.sweep import STEPS

logger = logging.getLogger(__name__)


@shared_task(name="engagements.sweep")
def sweep(**_: Any) -> None:
    """Remind of what is due, bring to the brokers' desk what waits too long, take off what is over."""
    for step in STEPS:
        count = step()
        if count:
            logger.info("Desk: %s did %s.", step.__name__, count)
