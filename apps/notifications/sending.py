"""Carrying a letter out: what a worker does with a claim."""

import logging
from collections.abc import Sequence
from datetime import datetime

from apps.core import clock
from apps.notifications import outbox
from apps.notifications.models import Channel, Delivery, DeliveryState
from apps.notifications.planning import shared_letter
from apps.notifications.senders import SENDERS
from apps.notifications.senders.protocol import ChannelIsDown, NotSent, Sender
from apps.notifications.timing import undisturbing

logger = logging.getLogger(__name__)


def carry_out(letter: str) -> None:
    """Send a letter, unless another worker has it or nobody wants it any more.

    A worker that dies between the sending and the note of it leaves the letter to be sent again: at least once, never
    silently lost. E-mail bears the same Message-ID again.
    """
    rows = outbox.claim(letter)
    if not rows:
        return
    sender = SENDERS[rows[0].channel]
    wanted = sender.wanted(rows)
    outbox.finish([row for row in rows if row not in wanted], DeliveryState.DROPPED)
    if wanted and not _is_put_off(wanted, sender):
        # The first row too: of two workers that share the rows of a letter between them, each sends one of its own.
        _send(wanted, sender, f"{letter}/{min(row.pk for row in rows)}")


def _is_put_off(rows: Sequence[Delivery], sender: Sender) -> bool:
    """Whether it must wait: quiet hours may have begun since it was planned, and groups have limits."""
    now, terms = clock.now(), sender.terms(rows[0])
    later = undisturbing(now, terms.quiet_from, terms.quiet_until)
    if later > now:
        _put_off_together(rows, later)
        return True
    pause = sender.pause_before(rows[0])
    if pause:
        outbox.put_off(rows, now + pause)
    return bool(pause)


def _put_off_together(rows: Sequence[Delivery], until: datetime) -> None:
    """A letter that was tried keeps its name; others share one, and come as one letter in the morning."""
    is_new = all(row.attempts == 1 for row in rows)
    rows[0].due_at = until
    outbox.put_off(rows, until, letter=shared_letter(rows[0]) if is_new else None)


def _send(rows: Sequence[Delivery], sender: Sender, letter: str) -> None:
    try:
        sender.send(rows, letter=letter)
    except ChannelIsDown as error:
        until = clock.now() + error.pause
        logger.warning("%s is down (%s): its letters wait until %s.", rows[0].channel, error.reason, until)
        outbox.put_off(rows, until)
        outbox.hold(Channel(rows[0].channel), until)
    except NotSent as error:
        logger.warning("Letter %s did not go out: %s", letter, error.reason)
        outbox.try_again(rows, error.reason, is_final=error.is_final)
    except Exception as error:  # a fault of ours must not end the letters behind this one
        logger.exception("Letter %s cannot be made.", letter)
        outbox.try_again(rows, repr(error))
    else:
        outbox.finish(rows, DeliveryState.SENT)
