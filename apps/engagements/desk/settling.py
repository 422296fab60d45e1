"""A message that was read and asks for nothing: the side that got it says so, and its clock stops."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.errors import NotAllowed
from apps.engagements.desk.lapses import waits_over
from apps.engagements.models import Engagement, Wait, WaitKind
from apps.engagements.permissions import engagement_side
from apps.engagements.services.locking import locked_case
from apps.engagements.services.waits import waits_end


@transaction.atomic
def message_settle(*, engagement: Engagement, by: User) -> None:
    """The side of `by` is waited for no more; where it was not, nothing changes."""
    engagement = locked_case(engagement)
    side = engagement_side(by, engagement)
    if side is None:
        raise NotAllowed(_("只有对接双方的成员可以标记消息无需回复。"))
    if Wait.objects.open().filter(engagement=engagement, kind=WaitKind.MESSAGE, side=side).exists():
        waits_over(waits_end(engagement=engagement, kind=WaitKind.MESSAGE, side=side))
        audit.record(engagement, "message.settled", by=by)
