"""Queries about notifications, starting from what a person may see."""

from datetime import datetime
from typing import NamedTuple

from apps.accounts.models import Organisation, User
from apps.accounts.selectors import Viewer
from apps.notifications.models import Delivery, DeliveryState, GroupRobot, Preference, Recipient
from apps.notifications.models.notifications import Notification, NotificationQuerySet
from apps.notifications.topics import GROUP_TOPICS, TOPICS, Topic

MOST_COUNTED = 100


class TopicChoice(NamedTuple):
    topic: Topic
    is_in_inbox: bool
    email: str


def inbox_of(user: Viewer) -> NotificationQuerySet:
    """What the person's inbox shows, newest first."""
    return Notification.objects.visible_to(user).filter(is_in_inbox=True)


def keys_told_since(kind: str, moment: datetime) -> set[str]:
    """The events of a kind that somebody was told of since: who asks many people anew need not ask these."""
    rows = Notification.objects.filter(kind=kind, told_at__gte=moment)
    return set(rows.values_list("event_key", flat=True))


def narrowed(rows: NotificationQuerySet, *, unread: bool = False, topic: str = "") -> NotificationQuerySet:
    if unread:
        rows = rows.unread()
    return rows.filter(topic=topic) if topic else rows


def unread_count(user: Viewer) -> int:
    """At most MOST_COUNTED: a bell says no more than "99+"."""
    return inbox_of(user).unread().order_by()[:MOST_COUNTED].count()


def choices_of(user: User) -> dict[str, TopicChoice]:
    """Topic code → what holds for the person: what they chose, else the default."""
    chosen = {row.topic: row for row in Preference.objects.filter(user=user)}
    return {
        topic.code: TopicChoice(
            topic,
            chosen[topic.code].is_in_inbox if topic.code in chosen else True,
            chosen[topic.code].email if topic.code in chosen else topic.email,
        )
        for topic in TOPICS
    }


def terms_of(user: User) -> Recipient:
    """The person's language and quiet hours; an unsaved row with the defaults where they chose none."""
    return Recipient.objects.filter(user=user).first() or Recipient(user=user)


def robot_of(organisation: Organisation | None) -> GroupRobot | None:
    if organisation is None:
        return None
    return GroupRobot.objects.filter(organisation=organisation).select_related("organisation").first()


def frequencies_of_group(robot: GroupRobot | None) -> dict[str, str]:
    """Topic code → how often the group hears of it."""
    chosen = dict(robot.preferences.values_list("topic", "frequency")) if robot else {}
    return {topic.code: chosen.get(topic.code, str(topic.group)) for topic in GROUP_TOPICS}


def last_failure_of(robot: GroupRobot) -> Delivery | None:
    """The newest post that the group did not get, unless a later one arrived."""
    ended = Delivery.objects.filter(robot=robot, state__in=(DeliveryState.SENT, DeliveryState.FAILED))
    last = ended.order_by("-finished_at", "-pk").first()
    return last if last is not None and last.state == DeliveryState.FAILED else None
