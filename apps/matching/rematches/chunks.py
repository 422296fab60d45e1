"""The work of a rematch: chunk after chunk, each claimed by one worker, none longer than some seconds.

A chunk ends early for a person who waits: where one worker serves both queues, it then takes the person's request.
Every row that is dealt with moves the cursor in the transaction of its results. So a worker may be killed, the broker
emptied, the rematch paused at any moment: the next chunk begins right behind the last row that counts.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from apps.capabilities.models import Capability
from apps.core import audit, clock
from apps.matching import requests, runs
from apps.matching.index.live import LiveIndex, current_index
from apps.matching.models import Priority, Rematch, RematchScope, RematchState, RequestState, Stage
from apps.matching.rematches.targets import Target
from apps.matching.runs import LeaseLost, Superseded

logger = logging.getLogger(__name__)
SECONDS_TO_WAIT = 5
MOST_FAILURES_IN_ROW = 10
"""So many rows one after the other that cannot be matched: it is not the rows. The rematch stops and says why."""


def send_hint(public_id: str) -> None:
    """Tell the workers that a chunk is due. A broker that does not answer only delays, as for single requests."""
    try:
        current_app.send_task("matching.rematch", args=[public_id], queue=Priority.BULK)
    except OperationalError as error:
        logger.warning("The broker does not answer (%s); the reconciler will send the rematch.", error)


def due() -> QuerySet[Rematch]:
    """Running, and in no worker's hands, or in those of one whose lease ran out."""
    return Rematch.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=Now()), state=RematchState.RUNNING)


def claim(public_id: str) -> Rematch | None:
    """Take the next chunk, or None where another worker has it or the rematch does not run.

    `stalled` counts the claims since a row was last dealt with.
    """
    claimed = due().filter(public_id=public_id)
    if not claimed.update(attempt=F("attempt") + 1, stalled=F("stalled") + 1, lease_until=_lease()):
        return None
    return Rematch.objects.select_related("chain", "district").get(public_id=public_id)


def carry_out(rematch: Rematch) -> bool:
    """Match the next rows of a claimed rematch; whether it is to go on with another chunk."""
    keys = _next_keys(rematch)
    index, started = current_index(), monotonic()
    is_poison = bool(keys) and rematch.stalled > settings.MATCHING_MAX_ATTEMPTS
    if is_poison and not _hand_over(rematch, keys.pop(0), "no attempt came to an end"):
        return False
    for number, pk in enumerate(keys):
        if number and (monotonic() - started > settings.MATCHING_REMATCH_SECONDS or somebody_waits()):
            return give_back(rematch)
        if not _match(rematch, pk, index):
            return False
    return give_back(rematch) if _next_keys(rematch) else _finish(rematch)


def give_back(rematch: Rematch) -> bool:
    """Let another worker take the next chunk; whether it was still this one's to give."""
    return bool(_held(rematch).update(lease_until=None))


def wait_for_index(rematch: Rematch) -> None:
    """Try the same rows again soon; it was not their fault."""
    pause = Now() + timedelta(seconds=SECONDS_TO_WAIT)
    _held(rematch).update(lease_until=pause, stalled=F("stalled") - 1)


def somebody_waits() -> bool:
    """Whether a person's request is due that no worker has taken up."""
    return requests.due().filter(state=RequestState.PENDING, priority=Priority.INTERACTIVE).exists()


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a rematch, as the run that matches it holds it (`runs.Hold`)."""

    rematch: Rematch
    pk: int

    def report(self, stage: Stage) -> None:
        """Nobody waits for a single row."""

    def finish(self, proposals_count: int) -> bool:
        return _advance(self.rematch, self.pk, done=F("done") + 1, failures_in_row=0)


def _match(rematch: Rematch, pk: int, index: LiveIndex) -> bool:
    """Deal with one row; False where the rematch is no longer this worker's."""
    match_row = runs.match_capability if rematch.scope == RematchScope.CAPABILITIES else runs.match_need
    try:
        match_row(pk, Step(rematch, pk), index)
    except LeaseLost:
        return False
    except Superseded:  # it left the board, or changed and waits with a request of its own
        return _advance(rematch, pk, passed=F("passed") + 1)
    except (SoftTimeLimitExceeded, DatabaseError):
        raise  # not the row's fault; if it is, `stalled` tells
    except Exception as error:
        logger.exception("Row %s of rematch %s cannot be matched.", pk, rematch.public_id)
        return _hand_over(rematch, pk, repr(error))
    return True


def _hand_over(rematch: Rematch, pk: int, error: str) -> bool:
    """Give a row that cannot be matched to a request of its own, which is tried again and shows up where it fails."""
    target = Target.of(rematch)
    with transaction.atomic():
        changes = {"handed_over": F("handed_over") + 1, "failures_in_row": F("failures_in_row") + 1}
        if not _advance(rematch, pk, **changes, error=error[:500]):
            return False
        row = target.model.objects.open().filter(pk=pk).first()
        if isinstance(row, Capability):
            requests.request_for_capability(row, priority=Priority.BULK)
        elif row is not None:
            requests.request_for_needs([row], priority=Priority.BULK)
        return not _break_off(rematch)


def _break_off(rematch: Rematch) -> bool:
    hopeless = _held(rematch).filter(failures_in_row__gte=MOST_FAILURES_IN_ROW)
    if not hopeless.update(state=RematchState.FAILED, finished_at=clock.now(), lease_until=None):
        return False
    audit.record(rematch, "rematch.failed", by=None, changes={"from": RematchState.RUNNING})
    return True


def _next_keys(rematch: Rematch) -> list[int]:
    """The rows behind the cursor, as many as a chunk has."""
    cursor = Rematch.objects.values_list("cursor", flat=True).get(pk=rematch.pk)
    rows = Target.of(rematch).rows().filter(pk__gt=cursor, pk__lte=rematch.last_row)
    return list(rows.values_list("pk", flat=True)[: rematch.chunk_size])


def _held(rematch: Rematch) -> QuerySet[Rematch]:
    """The rematch, as long as it runs and this attempt still holds it."""
    return Rematch.objects.filter(pk=rematch.pk, state=RematchState.RUNNING, attempt=rematch.attempt)


def _advance(rematch: Rematch, pk: int, **changes: object) -> bool:
    """Count a row and move behind it; the lease begins anew."""
    changes |= {"cursor": pk, "stalled": 0, "lease_until": _lease(), "updated_at": clock.now()}
    return bool(_held(rematch).filter(cursor__lt=pk).update(**changes))


@transaction.atomic
def _finish(rematch: Rematch) -> bool:
    """The end of the last chunk; there is none after it."""
    if _held(rematch).update(state=RematchState.DONE, finished_at=clock.now(), lease_until=None):
        audit.record(rematch, "rematch.finished", by=None, changes={"from": RematchState.RUNNING})
    return False


def _lease() -> object:
    return Now() + timedelta(seconds=settings.MATCHING_LEASE_SECONDS)
