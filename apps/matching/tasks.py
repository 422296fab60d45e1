"""Celery tasks: doors to `runs`, `requests` and `rematches`. Every task may run twice, late, or not at all."""

import logging
from contextlib import suppress
from typing import Any

from celery import current_app, shared_task
from django.db import DatabaseError
from kombu.exceptions import OperationalError

from apps.matching import fingerprints, requests, vectors
from apps.matching.bids import scoring
from apps.matching.index import building, tokens, upkeep
from apps.matching.index.live import IndexNotReady
from apps.matching.lookup.asking import lookup_carry_out
from apps.matching.models import Priority
from apps.matching.preview import preview_count
from apps.matching.rematches import chunks
from apps.matching.replies import overdue
from apps.matching.runs import carry_out

logger = logging.getLogger(__name__)
MOST_HINTS = 500
MOST_COMPARED = 1_000
"""Rows of a kind that one run compares: some seconds. The next run goes on."""

MOST_ENCODED = 1_000
"""Rows of a kind that one run encodes: some seconds too."""

MOST_CUT = 2_000
MOST_REMINDED = 500
MOST_TIMED_OUT = 500
MOST_SCORED = 100
LONGEST_BUILD_SECONDS = 3_600
ASKED_AGAIN_SECONDS = 600
"""A build that waits so long behind other bulk work is asked for anew."""


@shared_task(name="matching.match")
def match(public_id: str, **_: Any) -> None:
    """Carry out one request. Finished, foreign or vanished requests are none of this worker's business."""
    request = requests.claim(public_id)
    if request is None:
        return
    try:
        carry_out(request)
    except IndexNotReady as reason:
        logger.info("Request %s waits: %s.", public_id, reason)
        requests.wait_for_index(request)
    except Exception as error:
        logger.exception("Request %s failed at attempt %s.", public_id, request.attempt)
        requests.retry_later(request, error)


@shared_task(name="matching.rematch")
def rematch(public_id: str, **_: Any) -> None:
    """Carry out one chunk of a rematch, and ask for the next.

    Where it breaks off (the database is away, the time is up) the reconciler goes on, at the latest after the lease.
    """
    claimed = chunks.claim(public_id)
    if claimed is None:
        return
    try:
        goes_on = chunks.carry_out(claimed)
    except IndexNotReady as reason:
        logger.info("Rematch %s waits: %s.", public_id, reason)
        chunks.wait_for_index(claimed)
        return
    except Exception:
        logger.exception("A chunk of rematch %s broke off.", public_id)
        with suppress(DatabaseError):
            chunks.give_back(claimed)
        return
    if goes_on:
        chunks.send_hint(public_id)


@shared_task(name="matching.reconcile")
def reconcile(**_: Any) -> None:
    """Send a new hint for every request and rematch that is due: lost messages and dead workers only delay."""
    failed = requests.give_up_on_poison()
    if failed:
        logger.error("%s requests to match failed for good.", failed)
    waiting = requests.due().order_by("-priority", "due_at").values_list("public_id", "priority")[:MOST_HINTS]
    for public_id, priority in waiting:
        requests.send_hints([public_id], priority)
    for public_id in chunks.due().values_list("public_id", flat=True):
        chunks.send_hint(public_id)


@shared_task(name="matching.compare")
def compare(**_: Any) -> None:
    """Find the near-duplicates of rows that no match has compared, and part those whose link left the board."""
    fingerprints.catch_up(MOST_COMPARED)


@shared_task(name="matching.encode")
def encode(**_: Any) -> None:
    """Make the vectors of rows that no match has encoded: after a large import, or with a new encoder.

    And cut the texts that nobody has cut.
    """
    count = vectors.catch_up(MOST_ENCODED)
    if count:
        logger.info("Encoded %s texts.", count)
    if count := tokens.catch_up(MOST_CUT):
        logger.info("Cut %s texts.", count)


@shared_task(name="matching.index_due")
def index_due(**_: Any) -> None:
    """Ask for a build of the index where one is due. Cheap; nothing is lost where the broker does not answer."""
    if upkeep.is_being_built() or (reason := upkeep.due_because()) is None:
        return
    logger.info("A build of the index is due: %s.", reason.value)
    try:
        current_app.send_task("matching.index", queue=Priority.BULK, expires=ASKED_AGAIN_SECONDS)
    except OperationalError as error:
        logger.warning("The broker does not answer (%s); the next tick asks again.", error)


@shared_task(
    name="matching.index",
    soft_time_limit=LONGEST_BUILD_SECONDS,
    time_limit=LONGEST_BUILD_SECONDS + 60,
    acks_late=False,  # a build outlives the broker's patience; the row is the job, and index_due asks again
)
def index(**_: Any) -> None:
    """Build the index if that is still due and nobody does."""
    building.build()


@shared_task(name="matching.replies")
def replies(**_: Any) -> None:
    """Remind whoever is waited for, end the waiting whose time is over, and score bids whose message was lost.

    What is left the next run does.
    """
    if reminded := overdue.remind(MOST_REMINDED):
        logger.info("Reminded %s who are waited for.", reminded)
    if ended := overdue.time_out(MOST_TIMED_OUT):
        logger.info("Ended the waiting of %s pairs and needs.", ended)
    if scored := scoring.score_missed(MOST_SCORED):
        logger.info("Scored %s bids.", scored)


@shared_task(name="matching.score")
def score(public_id: str, **_: Any) -> None:
    """Score the pair of a bid. A vanished or scored one is none of this worker's business."""
    scoring.pair_score(public_id)


@shared_task(name="matching.preview")
def preview(need_id: int, user_id: int, **_: Any) -> None:
    """Count what may suit a draft, for the person who writes it. What fails is not tried again: the page asks anew."""
    preview_count(need_id, user_id)


@shared_task(name="matching.lookup")
def lookup(need_id: int, version: int, levels: list[str], conditions: dict[str, list[str]], **_: Any) -> None:
    """Rank a need under conditions, for all who may see these levels. What fails is not tried again: they ask anew."""
    lookup_carry_out(need_id, version, levels, conditions)
