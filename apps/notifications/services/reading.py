"""Reading one's inbox. What a person has read is their own affair: no audit entries."""

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.notifications.models import Notification
from apps.notifications.permissions import can_mark_read
from apps.notifications.selectors import inbox_of


def notification_mark_read(*, notification: Notification, by: User) -> None:
    """Remember that its recipient saw it; a second time changes nothing. NotAllowed for anybody else."""
    can_mark_read(by, notification).require()
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=clock.now())


def notifications_mark_all_read(*, user: User, topic: str = "") -> int:
    """Everything of the inbox that is unread now, or all about a topic; the number of rows."""
    if not user.is_active:
        raise NotAllowed
    rows = inbox_of(user).unread()
    return (rows.filter(topic=topic) if topic else rows).update(read_at=clock.now())
