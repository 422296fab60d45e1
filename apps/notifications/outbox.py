"""Letters on their way out: found when due, claimed by one worker at a time, tried again with patience, finished once.

The rows are the jobs; the Celery message is a hint that may be lost, doubled or late (as in matching.requests).
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from apps.core import clock
from apps.core.models import new_public_id
from apps.notifications.models import Channel, Delivery, DeliveryState, Recipient
from apps.notifications.models.preferences import ReadingTerms
from apps.notifications.planning import schedule
from apps.notifications.topics import Frequency

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=120)
"""Longer than a task may run (CELERY_TASK_TIME_LIMIT), so that nobody takes over what is still being sent."""

PATIENCE = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
"""Between one attempt and the next. After the last there is one more attempt, and then the rows have failed."""

MOST_ATTEMPTS = len(PATIENCE) + 1
MOST_HINTS = 500


def due() -> QuerySet[Delivery]:
    """Due, or claimed by a worker whose lease ran out; by the database's clock, for workers' clocks differ."""
    come_up = Q(state=DeliveryState.DUE, due_at__lt=clock.just_past())
    run_out = Q(state=DeliveryState.SENDING, lease_until__lt=Now())
    return Delivery.objects.filter(come_up | run_out)


def send_hints(letters: Iterable[str], *, queue: str = "interactive") -> None:
    """Tell the workers. A broker that does not answer only delays: the reconciler tells them again."""
    for letter in letters:
        try:
            current_app.send_task("notifications.send", args=[letter], queue=queue)
        except OperationalError as error:
            logger.warning("The broker does not answer (%s); the reconciler will send the letters.", error)
            return


def hint_what_is_due() -> int:
    """Send a hint for each letter that is due; the number of hints. What people wait for goes before digests."""
    waiting = due().order_by().values_list("letter", "frequency").distinct()
    urgent = list(waiting.filter(frequency=Frequency.AT_ONCE)[:MOST_HINTS])
    digests = list(waiting.exclude(frequency=Frequency.AT_ONCE)[: MOST_HINTS - len(urgent)])
    send_hints(letter for letter, _frequency in urgent)
    send_hints((letter for letter, _frequency in digests), queue="bulk")
    return len(urgent) + len(digests)


def claim(letter: str) -> list[Delivery]:
    """Take what is due of a letter: the rows, or none where another worker has them. `attempts` counts the claims."""
    _part_from_what_has_left(letter)
    token = uuid4().hex
    due().filter(letter=letter, attempts__lt=MOST_ATTEMPTS).update(
        state=DeliveryState.SENDING, claim=token, attempts=F("attempts") + 1, lease_until=Now() + LEASE
    )
    rows = Delivery.objects.filter(claim=token).select_related(
        "notification__recipient__membership__organisation", "notification__organisation", "robot__organisation"
    )
    return list(rows.order_by("notification__told_at", "pk"))


def _part_from_what_has_left(letter: str) -> None:
    """Rows that were written too late for a letter that was tried already wait for the next one.

    A letter that is sent again must be the same letter: its Message-ID is, and mail servers may drop the second.
    """
    rows = Delivery.objects.filter(letter=letter)
    if not rows.filter(attempts__gt=0).exists():
        return
    late = rows.filter(attempts=0, state=DeliveryState.DUE)
    for row in late.select_related("notification__recipient__recipient", "robot"):
        terms: ReadingTerms = row.robot or getattr(row.notification.recipient, "recipient", None) or Recipient()
        planned = schedule(row, terms, clock.now())
        if planned.letter == letter:
            planned.letter = new_public_id()
        late.filter(pk=row.pk).update(letter=planned.letter, due_at=planned.due_at)


def _held(rows: Iterable[Delivery]) -> QuerySet[Delivery]:
    """Those of the rows that their claim still holds."""
    rows = list(rows)
    claims = {row.claim for row in rows}
    return Delivery.objects.filter(pk__in=[row.pk for row in rows], state=DeliveryState.SENDING, claim__in=claims)


def finish(rows: Iterable[Delivery], state: DeliveryState, *, error: str = "") -> int:
    """End the rows that this worker still holds; their number."""
    return _held(rows).update(state=state, finished_at=clock.now(), lease_until=None, error=error[:300])


def put_off(rows: Iterable[Delivery], until: datetime, *, letter: str | None = None) -> None:
    """Give rows back that nobody tried to send: the attempt does not count."""
    changes = {"letter": letter} if letter else {}
    _held(rows).update(
        state=DeliveryState.DUE, due_at=until, lease_until=None, attempts=F("attempts") - 1, claim="", **changes
    )


def try_again(rows: Iterable[Delivery], error: str, *, is_final: bool = False) -> None:
    """Give rows back after an error, later each time; those that were tried often enough have failed."""
    rows = list(rows)
    spent = [row for row in rows if is_final or row.attempts >= MOST_ATTEMPTS]
    finish(spent, DeliveryState.FAILED, error=error)
    for row in rows:
        if row not in spent:
            _held([row]).update(
                state=DeliveryState.DUE,
                due_at=clock.now() + PATIENCE[row.attempts - 1],
                lease_until=None,
                error=error[:300],
            )


def hold(channel: Channel, until: datetime) -> int:
    """Let a channel rest whose server does not answer: what is due waits without an attempt being counted."""
    return Delivery.objects.filter(channel=channel, state=DeliveryState.DUE, due_at__lt=until).update(due_at=until)


def give_up_on_poison() -> int:
    """Rows whose every attempt ended without a word (a crash, a kill) have failed; the others go on."""
    return (
        due()
        .filter(attempts__gte=MOST_ATTEMPTS)
        .update(
            state=DeliveryState.FAILED, finished_at=clock.now(), lease_until=None, error="no attempt came to an end"
        )
    )


def is_resting(robot_id: int) -> bool:
    """Whether a group got as many posts within a minute as its provider takes."""
    just_now = Delivery.objects.filter(
        robot=robot_id, state=DeliveryState.SENT, finished_at__gt=clock.now() - timedelta(minutes=1)
    )
    return just_now.values("letter").distinct().count() >= settings.ROBOT_POSTS_PER_MINUTE
