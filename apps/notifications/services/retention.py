"""Forgetting what was read long ago, and what nobody ever read."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.retention import RetentionRule, register_retention
from apps.notifications.models import Delivery, Notification

BATCH = 500


def notifications_prune(*, most: int = 50_000) -> int:
    """Delete notifications that were read more than NOTIFICATIONS_KEPT_DAYS ago, with their deliveries; how many.

    In small transactions: people read their inboxes meanwhile. The next run goes on where this one stopped.
    """
    day = clock.now() - timedelta(days=settings.NOTIFICATIONS_KEPT_DAYS)
    deleted = 0
    while deleted < most:
        ids = list(
            Notification.objects.filter(read_at__lt=day).order_by("read_at").values_list("pk", flat=True)[:BATCH]
        )
        if not ids:
            break
        deleted += _delete(ids)
    return deleted


def unread_forget(before: datetime, most: int) -> int:
    """Delete what was told before a moment and never read, at most so many; how many."""
    unread = Notification.objects.unread().filter(told_at__lt=before).order_by("pk")
    return _delete(list(unread.values_list("pk", flat=True)[:most]))


def _delete(ids: list[int]) -> int:
    Delivery.objects.filter(notification__in=ids).delete()
    Notification.objects.filter(pk__in=ids).delete()
    return len(ids)


register_retention(
    RetentionRule(
        "unread_notifications",
        _("一直没有读的通知"),
        _("通知之后一直没有打开过的站内通知，连同发送记录。读过的通知另有期限。"),
        365,
        unread_forget,
        90,
    )
)
