"""Celery tasks: doors to the nightly cleaning and to what a merge of terms leaves over. Each may run twice or late."""

import logging
from typing import Any

from celery import shared_task

from apps.administration.retention import retain_what_is_due
from apps.administration.services.merging import merged_terms_settle

logger = logging.getLogger(__name__)


@shared_task(name="administration.retain")
def retain(**_: Any) -> None:
    """Forget what is old enough, by the city's rules."""
    for rule, count in retain_what_is_due().items():
        if count:
            logger.info("Retention: %s rows of %s were deleted.", count, rule)


@shared_task(name="administration.settle_terms")
def settle_terms(**_: Any) -> None:
    """Move rows that were saved with an old term while it was being merged."""
    moved = merged_terms_settle()
    if moved:
        logger.info("%s references to merged terms were moved.", moved)
