"""The reply clock of a case: one side waits for the other until it answers, or the matter is over."""

from datetime import datetime
from typing import Any

from apps.core import clock
from apps.core.working_days import reply_due_at
from apps.engagements.models import Engagement, Outcome, Wait, WaitKind
from apps.matching.models import Side

OTHER = {Side.NEED: Side.CAPABILITY, Side.CAPABILITY: Side.NEED}


def wait_begin(
    *,
    engagement: Engagement,
    kind: WaitKind,
    side: Side,
    outcome: Outcome | None = None,
    at: datetime | None = None,
    by_broker: bool = False,
) -> Wait:
    """From now on `side` is to answer, by the city's reply time. Callers hold the case or the outcome.

    Asked again while it has not answered, the first question's time goes on.
    """
    asked_at = at or clock.now()
    about = {"outcome": outcome} if outcome is not None else {"engagement": engagement, "kind": kind, "side": side}
    values = {"engagement": engagement, "kind": kind, "side": side, "outcome": outcome, "asked_at": asked_at}
    values["asked_by_broker"] = by_broker
    open_one = Wait.objects.open().filter(**about).first()
    return open_one or Wait.objects.create(**values, due_at=reply_due_at(asked_at))


def waits_end(**which: Any) -> list[Wait]:
    """Nobody is waited for any more; what had come to the desk for it is given back, for it to be taken off."""
    rows = list(Wait.objects.open().filter(**which))
    Wait.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=clock.now())
    return [row for row in rows if row.handed_at is not None]
