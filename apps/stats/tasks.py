"""Celery tasks: doors to the upkeep of the figures. Every task may run twice, late, or not at all."""

import logging
from typing import Any

from celery import shared_task

from apps.stats.refreshing import FiguresBusyError, refresh_figures
from apps.stats.report.services import due_reports, report_make, reports_send, send_hint

logger = logging.getLogger(__name__)
MOST_HINTS = 50


@shared_task(name="stats.refresh")
def refresh(**_: Any) -> None:
    """Let the figures follow what changed."""
    try:
        if not refresh_figures():
            logger.info("More changed than one run can count; the next goes on.")
    except FiguresBusyError:
        logger.debug("Another run is at the figures.")


@shared_task(name="stats.report", soft_time_limit=120, time_limit=150)
def make_report(public_id: str, **_: Any) -> None:
    """Make one monthly report; where it breaks off, the clockwork tries again after the lease."""
    if not report_make(public_id):
        logger.info("Report %s was not to be made.", public_id)


@shared_task(name="stats.reports")
def reports(**_: Any) -> None:
    """Have reports made that wait, and tell those who want them."""
    if told := reports_send():
        logger.info("Told %d officials of their reports.", told)
    for public_id in due_reports().values_list("public_id", flat=True)[:MOST_HINTS]:
        send_hint(public_id)
