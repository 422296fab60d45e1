"""Readiness: whether this installation can do its work at this moment, and if not, what is missing."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError as BrokerError

from apps.core import clock
from apps.matching.encoders import SWITCHED_OFF, encoder_problem
from apps.matching.index import upkeep
from apps.matching.models import Priority
from apps.matching.rematches.chunks import due as due_rematches
from apps.matching.selectors import oldest_due_request
from matchsvc.celery import app as celery_app

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=2)  # the reconciler sends a new hint every 30 s; four missed ones are a fault
LONGEST_BULK_WAIT = timedelta(days=1)


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503. The body names each check with "ok" or what is wrong; it tells no secrets.

    Notes say in the same way what is amiss but keeps nothing from working.
    """
    checks = {name: check() for name, check in CHECKS.items()}
    is_ready = all(answer == "ok" for answer in checks.values())
    notes = {name: note() for name, note in NOTES.items()}
    return JsonResponse({"ready": is_ready, "checks": checks, "notes": notes}, status=200 if is_ready else 503)


def database_answers() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer.")
        return "does not answer"
    return "ok"


def broker_answers() -> str:
    try:
        with celery_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
            broker.channel()  # asks the server; a connection alone may be lazy
    except (BrokerError, OSError):
        logger.exception("The broker does not answer.")
        return "does not answer"
    return "ok"


def work_is_done() -> str:
    """Requests that people wait for are taken up: the one due longest is not older than LONGEST_WAIT."""
    return _waiting(Priority.INTERACTIVE, LONGEST_WAIT)


def bulk_work_is_done() -> str:
    """Bulk work may wait for hours behind an import; where nothing moves for a day, its workers are missing."""
    return _waiting(Priority.BULK, LONGEST_BULK_WAIT)


def rematches_go_on() -> str:
    """Of a running rematch a worker holds the next chunk, or takes it up within LONGEST_WAIT."""
    try:
        stuck = due_rematches().filter(updated_at__lt=clock.now() - LONGEST_WAIT).first()
    except DatabaseError:
        return "unknown"
    return f"rematch {stuck.public_id} does not move at {stuck.counted} of {stuck.total}" if stuck else "ok"


def _waiting(priority: Priority, patience: timedelta) -> str:
    try:
        oldest = oldest_due_request(priority)
    except DatabaseError:
        return "unknown"
    if oldest is None or clock.now() - oldest.due_at <= patience:
        return "ok"
    return f"oldest request has been due for {int((clock.now() - oldest.due_at).total_seconds())} s"


def encoder_is_there() -> str:
    """Without its encoder the matcher works, but compares no meanings."""
    if settings.MATCHING_ENCODER == SWITCHED_OFF:
        return "switched off"
    return "missing: meanings are not compared" if encoder_problem() else "ok"


def index_is_whole() -> str:
    """A damaged or outdated index is built anew, and the one before serves meanwhile."""
    try:
        return upkeep.condition()
    except DatabaseError:
        return "unknown"


NOTES: dict[str, Callable[[], str]] = {
    "encoder": encoder_is_there,
    "bulk": bulk_work_is_done,
    "rematch": rematches_go_on,
    "index": index_is_whole,
}
CHECKS: dict[str, Callable[[], str]] = {
    "database": database_answers,
    "broker": broker_answers,
    "matching": work_is_done,
}
