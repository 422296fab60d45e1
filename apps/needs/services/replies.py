"""When a need was first answered by a person of the supply side or by a broker."""

from datetime import datetime

from apps.core import clock
from apps.needs.models import Need


def need_reply_record(*, need: Need, at: datetime) -> bool:
    """Keep the first reply; later ones, and the loser of two at once, change nothing. Whether it was the first.

    Called by the apps above: for a yes, a no or a bid of the supply side, for a call or a pairing by a broker.
    """
    is_first = bool(
        Need.objects.filter(pk=need.pk, first_replied_at__isnull=True).update(
            first_replied_at=at, updated_at=clock.now()
        )
    )
    if is_first:
        need.first_replied_at = at
    return is_first
