"""Celery tasks: doors to the services. Every task may run twice, late, or not at all."""

import logging
from typing import Any

from celery import shared_task

from apps.core.switches import is_on
from apps.followups.services import questionnaires_ask, questionnaires_hold, questionnaires_remind
from apps.followups.switches import QUESTIONNAIRES

logger = logging.getLogger(__name__)
MOST_CASES = 500
MOST_REMINDED = 1_000


@shared_task(name="followups.ask")
def ask(**_: Any) -> None:
    """Send the questionnaires that are due. What a run leaves, the next one sends."""
    if not is_on(QUESTIONNAIRES):
        questionnaires_hold()
        return
    count = questionnaires_ask(most=MOST_CASES)
    if count:
        logger.info("Sent %s questionnaires.", count)


@shared_task(name="followups.remind")
def remind(**_: Any) -> None:
    """Remind once of those that nobody answered for a week."""
    if not is_on(QUESTIONNAIRES):
        return
    count = questionnaires_remind(most=MOST_REMINDED)
    if count:
        logger.info("Reminded of %s questionnaires.", count)
