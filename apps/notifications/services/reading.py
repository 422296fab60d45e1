"""Reading one's inbox. What a person has read is their own affair: no audit entries."""

from django.db.models import Q

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.notifications.models import Notification
from apps.notifications.permissions import can_mark_read
from apps.notifications.selectors import inbox_of, narrowed


def notification_mark_read(*, notification: Notification, by: User) -> None:
    """Remember that its recipient saw it; a second time changes nothing. NotAllowed for anybody else."""
    can_mark_read(by, notification).require()
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=clock.now())


def notifications_mark_all_read(*, user: User, topic: str = "", until: Notification | None = None) -> int:
    """Everything of the inbox that is unread now, or all about a topic; the number of rows.

    `until` is the newest row the person had before them: what came after it nobody has seen, and its letter still goes.
    """
    if not user.is_active:
        raise NotAllowed
    rows = narrowed(inbox_of(user), unread=True, topic=topic)
    if until is not None:
        rows = rows.filter(Q(told_at__lt=until.told_at) | Q(told_at=until.told_at, pk__lte=until.pk))
    return rows.update(read_at=clock.now())
