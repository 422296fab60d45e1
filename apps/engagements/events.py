"""What happens in a case, told to whoever listens: one signal for each event.

Each is sent inside the transaction of its change, with `event` (its name, the same as the audit entry's action),
`engagement`, `by` (None: the platform itself) and `about` (the row that the event is about, or the engagement).
While `engagement.awaits_agreement`, listeners tell neither side the name of anybody on the other.
A listener connects with `EVENTS["message.sent"].connect(listener)`.
"""

from collections.abc import Mapping

from django.db import models
from django.dispatch import Signal

from apps.accounts.models import User
from apps.engagements.models import Engagement

NAMES = (
    "engagement.opened",
    "engagement.advanced",
    "engagement.stepped_back",
    "engagement.planned",
    "engagement.owner_left",
    "engagement.broker_assigned",
    "engagement.ended",
    "engagement.contracted",
    "agreement.confirmed",
    "agreement.signed",
    "contract.recorded",
    "contract.corrected",
    "contract.amended",
    "contract.file_added",
    "contract.file_removed",
    "instalment.planned",
    "instalment.dropped",
    "instalment.received",
    "instalment.taken_back",
    "milestone.set",
    "milestone.dropped",
    "milestone.accepted",
    "milestone.withdrawn",
    "milestone.reached",
    "message.sent",
    "meeting.planned",
    "meeting.changed",
    "meeting.cancelled",
    "outcome.reported",
    "outcome.corrected",
    "outcome.reported_again",
    "outcome.confirmed",
    "outcome.rejected",
)
EVENTS: Mapping[str, Signal] = {name: Signal() for name in NAMES}


def tell(event: str, *, engagement: Engagement, by: User | None, about: models.Model | None = None) -> None:
    EVENTS[event].send(Engagement, event=event, engagement=engagement, by=by, about=about or engagement)
