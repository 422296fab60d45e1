"""What a person chose, on the settings page or by a link in a letter."""

from collections.abc import Mapping
from datetime import time
from typing import Any, NamedTuple

from django.db import transaction

from apps.accounts.models import User
from apps.core import audit
from apps.core.errors import NotAllowed
from apps.notifications.links import read_unsubscription
from apps.notifications.models import Preference, Recipient
from apps.notifications.selectors import choices_of
from apps.notifications.topics import Frequency, Topic


class Choice(NamedTuple):
    """For one topic: whether the inbox shows it, and how often letters come."""

    is_in_inbox: bool
    email: str


class Terms(NamedTuple):
    language: str
    quiet_from: time
    quiet_until: time


@transaction.atomic
def preferences_save(*, user: User, choices: Mapping[str, Choice], terms: Terms | None = None) -> None:
    """Store choices for the topics named; others stay as they are."""
    if not user.is_active:
        raise NotAllowed
    changes: dict[str, Any] = {topic: list(choice) for topic, choice in choices.items()}
    for topic, choice in choices.items():
        Preference.objects.update_or_create(user=user, topic=topic, defaults=choice._asdict())
    if terms is not None:
        Recipient.objects.update_or_create(user=user, defaults=terms._asdict())
        changes["terms"] = [str(value) for value in terms]
    audit.record(user, "notifications.chosen", by=user, changes=changes)


@transaction.atomic
def topics_unsubscribe(*, token: str) -> list[Topic]:
    """End letters about the topics that a link names, and nothing else; twice is the same as once. LinkExpired."""
    user, topics = read_unsubscription(token)
    chosen = choices_of(user)
    for topic in topics:
        fields = {"email": Frequency.NEVER, "is_in_inbox": chosen[topic.code].is_in_inbox}
        Preference.objects.update_or_create(user=user, topic=topic.code, defaults=fields)
    audit.record(user, "notifications.unsubscribed", by=user, changes={"topics": [topic.code for topic in topics]})
    return topics
