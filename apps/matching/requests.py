"""Requests to match: written with the change that causes them, claimed by one worker at a time, finished once.

The row is the job. The Celery message is a hint that it is due: it may be lost, doubled or late.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from apps.capabilities.models import Capability
from apps.core import clock
from apps.matching.models import MatchRequest, Priority, RequestState, Stage
from apps.needs.models import Need

logger = logging.getLogger(__name__)
BACKOFF = timedelta(seconds=5)
_hints_are_sent: ContextVar[bool] = ContextVar("hints_are_sent", default=True)


@contextmanager
def without_hints() -> Iterator[None]:
    """For commands that write many requests where no worker need run yet: its reconciler will find them."""
    token = _hints_are_sent.set(False)
    try:
        yield
    finally:
        _hints_are_sent.reset(token)


def hints_are_sent() -> bool:
    """Whether workers are told of what is written, or left to find it (`without_hints`)."""
    return _hints_are_sent.get()


def request_for_needs(needs: Iterable[Need], *, priority: Priority) -> None:
    """Ask for each need to be matched. Call inside the transaction of the change."""
    rows = [
        MatchRequest(need=need, input_version=need.version, priority=priority, due_at=clock.now()) for need in needs
    ]
    _write(rows, priority)


def request_for_capability(capability: Capability, *, priority: Priority = Priority.INTERACTIVE) -> None:
    """Ask which open needs a capability fits. Call inside the transaction of the change."""
    row = MatchRequest(capability=capability, input_version=capability.version, priority=priority, due_at=clock.now())
    _write([row], priority)


def _write(rows: list[MatchRequest], priority: Priority) -> None:
    """Where the same thing waits already, the row that waits will do: it reads the newest version when it runs."""
    MatchRequest.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    ids = [row.public_id for row in rows]
    if hints_are_sent():
        transaction.on_commit(lambda: send_hints(ids, priority))


def send_hints(public_ids: Iterable[str], priority: str) -> None:
    """Tell the workers. A broker that does not answer only delays: the reconciler tells them again."""
    for public_id in public_ids:
        try:
            current_app.send_task("matching.match", args=[public_id], queue=priority)
        except OperationalError as error:
            logger.warning("The broker does not answer (%s); the reconciler will send the requests.", error)
            return


def due() -> QuerySet[MatchRequest]:
    """Unclaimed and due, or claimed with a lease that ran out; by the database's clock, for workers' clocks differ."""
    come_up = Q(state=RequestState.PENDING, due_at__lt=clock.just_past())
    run_out = Q(state=RequestState.RUNNING, lease_until__lt=Now())
    return MatchRequest.objects.filter(come_up | run_out)


def claim(public_id: str) -> MatchRequest | None:
    """Take a due request, or None where another worker has it or it is finished. `attempt` counts the claims."""
    lease = timedelta(seconds=settings.MATCHING_LEASE_SECONDS)
    claimed = (
        due()
        .filter(public_id=public_id, attempt__lt=settings.MATCHING_MAX_ATTEMPTS)
        .update(
            state=RequestState.RUNNING,
            attempt=F("attempt") + 1,
            lease_until=Now() + lease,
            started_at=Now(),
            stage=Stage.READING,
            error="",
        )
    )
    return MatchRequest.objects.get(public_id=public_id) if claimed else None


def _held(request: MatchRequest) -> QuerySet[MatchRequest]:
    """The request, as long as this attempt still holds it."""
    return MatchRequest.objects.filter(pk=request.pk, state=RequestState.RUNNING, attempt=request.attempt)


def report_stage(request: MatchRequest, stage: Stage) -> None:
    _held(request).update(stage=stage)


def finish(request: MatchRequest, state: RequestState, *, proposals_count: int = 0, engine_version: str = "") -> bool:
    """End the request; False where another attempt took it over, whose results count instead."""
    return bool(
        _held(request).update(
            state=state,
            stage=Stage.FINISHED,
            finished_at=clock.now(),
            lease_until=None,
            proposals_count=proposals_count,
            engine_version=engine_version,
        )
    )


def retry_later(request: MatchRequest, error: Exception) -> None:
    """Give a request back after an error; after the last attempt it has failed."""
    if request.attempt >= settings.MATCHING_MAX_ATTEMPTS:
        ended = {"state": RequestState.FAILED, "finished_at": clock.now()}
        _held(request).update(**ended, lease_until=None, stage=Stage.QUEUED, error=repr(error)[:500])
    else:
        _give_back(request, due_at=clock.now() + BACKOFF * request.attempt, error=repr(error)[:500])


def wait_for_index(request: MatchRequest) -> None:
    """Give a request back that cannot be carried out yet; it does not count as an attempt."""
    _give_back(request, due_at=clock.now() + BACKOFF, attempt=F("attempt") - 1)


def _give_back(request: MatchRequest, **changes: Any) -> None:
    """Let it be claimed again, unless the same thing waits already."""
    with transaction.atomic():
        if _another_waits(request):
            changes |= {"state": RequestState.SUPERSEDED, "finished_at": clock.now()}
        else:
            changes |= {"state": RequestState.PENDING}
        _held(request).update(**changes, lease_until=None, stage=Stage.QUEUED)


def _another_waits(request: MatchRequest) -> bool:
    waiting = MatchRequest.objects.filter(state=RequestState.PENDING)
    return waiting.filter(need=request.need_id, capability=request.capability_id).exists()


def give_up_on_poison() -> int:
    """Requests whose every attempt ended without a word (a crash, a kill) have failed; the queue goes on."""
    return (
        due()
        .filter(attempt__gte=settings.MATCHING_MAX_ATTEMPTS)
        .update(state=RequestState.FAILED, finished_at=clock.now(), lease_until=None, error="no attempt came to an end")
    )
