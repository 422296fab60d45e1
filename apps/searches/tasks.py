"""Celery tasks: a door to the services. May run twice, late, or not at all."""

import logging
from typing import Any

from celery import shared_task

from apps.core.switches import is_on
from apps.searches.services import look_for_news
from apps.searches.switches import SEARCHES

logger = logging.getLogger(__name__)


@shared_task(name="searches.look")
def look(**_: Any) -> None:
    """Tell the owners of saved searches what is new; who waited longest comes first, the rest at the next run."""
    if is_on(SEARCHES) and (told := look_for_news()):
        logger.info("Told of news in %s saved searches.", told)
