"""Services of the notifications app: everything that changes its rows, but for the sending."""

from apps.notifications.services.notify import Event, notify, notify_each
from apps.notifications.services.reading import notification_mark_read, notifications_mark_all_read
from apps.notifications.services.retention import notifications_prune
from apps.notifications.services.robots import robot_remove, robot_save, robot_test
from apps.notifications.services.settings import preferences_save, topics_unsubscribe
from apps.notifications.services.upkeep import delivery_retry

__all__ = [
    "Event",
    "delivery_retry",
    "notification_mark_read",
    "notifications_mark_all_read",
    "notifications_prune",
    "notify",
    "notify_each",
    "preferences_save",
    "robot_remove",
    "robot_save",
    "robot_test",
    "topics_unsubscribe",
]
