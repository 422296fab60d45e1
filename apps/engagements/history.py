"""Writing the history of a case: an audit entry about the engagement, and the event told to whoever listens."""

from typing import Any

from django.db import models

from apps.accounts.models import User
from apps.core import audit
from apps.engagements import events
from apps.engagements.models import Engagement


def record(
    engagement: Engagement,
    event: str,
    *,
    by: User | None,
    about: models.Model | None = None,
    changes: dict[str, Any] | None = None,
) -> None:
    """Call inside the transaction of the change. `event` is one of `events.NAMES`; `about` the row it is about."""
    named = {"about": about} if about is not None else {}
    audit.record(engagement, event, by=by, changes=named | (changes or {}))
    events.tell(event, engagement=engagement, by=by, about=about)
