"""From a notification to its deliveries: which channels, how often, when, and together with what."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from apps.accounts.models import User
from apps.core.models import new_public_id
from apps.core.switches import is_on
from apps.notifications.models import Channel, Delivery, GroupRobot, Notification, Preference, Recipient
from apps.notifications.models.preferences import ReadingTerms
from apps.notifications.switches import GROUP_ROBOTS
from apps.notifications.timing import next_digest, undisturbing
from apps.notifications.topics import Frequency, Topic


class Choices:
    """What a few people chose for a topic, read in two queries."""

    def __init__(self, topic: Topic, users: Iterable[User]) -> None:
        ids = [user.pk for user in users]
        self.topic = topic
        self.preferences = {row.user_id: row for row in Preference.objects.filter(topic=topic.code, user__in=ids)}
        self.recipients = Recipient.objects.filter(user__in=ids).in_bulk(field_name="user_id")

    def is_in_inbox(self, user: User) -> bool:
        found = self.preferences.get(user.pk)
        return found.is_in_inbox if found else True

    def email(self, user_id: int) -> str:
        found = self.preferences.get(user_id)
        return found.email if found else self.topic.email

    def terms(self, user_id: int) -> ReadingTerms:
        return self.recipients.get(user_id) or Recipient(user_id=user_id)


def email_deliveries(rows: Iterable[Notification], choices: Choices, now: datetime) -> list[Delivery]:
    """One delivery for each row whose recipient wants letters about its topic."""
    planned = []
    for row in rows:
        frequency = capped(choices.email(row.recipient_id), is_by_name=row.is_by_name)
        if frequency != Frequency.NEVER:
            delivery = Delivery(notification=row, channel=Channel.EMAIL, event_key=row.event_key, frequency=frequency)
            planned.append(schedule(delivery, choices.terms(row.recipient_id), now))
    return planned


def group_deliveries(rows: Iterable[Notification], topic: Topic, now: datetime) -> list[Delivery]:
    """Of each event a post to the group of each organisation as whose members they were told, where it is to hear."""
    first: dict[tuple[str, int], Notification] = {}
    for row in rows:
        if row.organisation_id is not None:
            first.setdefault((row.event_key, row.organisation_id), row)
    if not first or topic.group is None or not is_on(GROUP_ROBOTS):
        return []
    rows_of_groups = GroupRobot.objects.filter(organisation__in={organisation for _key, organisation in first})
    robots = {robot.organisation_id: robot for robot in rows_of_groups.prefetch_related("preferences")}
    planned = [
        _group_delivery(row, robots[organisation], topic.group, now)
        for (_key, organisation), row in first.items()
        if organisation in robots
    ]
    return [delivery for delivery in planned if delivery is not None]


def _group_delivery(row: Notification, robot: GroupRobot, usual: Frequency, now: datetime) -> Delivery | None:
    chosen = next((kept for kept in robot.preferences.all() if kept.topic == row.topic), None)
    frequency = capped(chosen.frequency if chosen else usual, is_by_name=row.is_by_name)
    if frequency == Frequency.NEVER:
        return None
    delivery = Delivery(
        notification=row, channel=Channel.GROUP, robot=robot, event_key=row.event_key, frequency=frequency
    )
    return schedule(delivery, robot, now)


def capped(frequency: str, *, is_by_name: bool) -> str:
    """At once comes only what concerns the reader by name; the rest waits for the day's digest."""
    return Frequency.DAILY if frequency == Frequency.AT_ONCE and not is_by_name else frequency


def schedule(delivery: Delivery, terms: ReadingTerms, now: datetime) -> Delivery:
    """Set when it goes out and in which letter. What is held back until the same moment shares a letter.

    The name of a letter is made of reader and time, so that each worker finds the same one; it is also what its
    Message-ID is made of.
    """
    meant_for = now if delivery.frequency == Frequency.AT_ONCE else next_digest(now, delivery.frequency)
    delivery.due_at = undisturbing(meant_for, terms.quiet_from, terms.quiet_until)
    is_alone = delivery.due_at == now
    delivery.letter = new_public_id() if is_alone else shared_letter(delivery)
    return delivery


def shared_letter(delivery: Delivery) -> str:
    reader = f"g{delivery.robot_id}" if delivery.robot_id else f"u{delivery.notification.recipient_id}"
    return f"{delivery.frequency}-{delivery.due_at:%Y%m%dT%H%M}-{reader}"


def frequencies_of(user: User) -> Mapping[str, str]:
    """Topic → how often the person gets letters about it."""
    return dict(Preference.objects.filter(user=user).values_list("topic", "email"))
