"""Forgetting what was read long ago."""

from datetime import timedelta

from django.conf import settings

from apps.core import clock
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
        Delivery.objects.filter(notification__in=ids).delete()
        Notification.objects.filter(pk__in=ids).delete()
        deleted += len(ids)
    return deleted
