"""Models of the notifications app."""

from apps.notifications.models.deliveries import Channel, Delivery, DeliveryState
from apps.notifications.models.notifications import Notification
from apps.notifications.models.preferences import Preference, Recipient
from apps.notifications.models.robots import GroupPreference, GroupRobot, RobotKind

__all__ = [
    "Channel",
    "Delivery",
    "DeliveryState",
    "GroupPreference",
    "GroupRobot",
    "Notification",
    "Preference",
    "Recipient",
    "RobotKind",
]
