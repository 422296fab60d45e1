"""Links that letters carry: to the page of an event, and out of a topic."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.notifications.kinds import letter_path_of
from apps.notifications.models import Notification
from apps.notifications.topics import BY_CODE, Topic

UNSUBSCRIBE_SALT = "notifications.unsubscribe"
UNSUBSCRIBE_LIFETIME = timedelta(days=90)


class LinkExpired(DomainError):
    default_message = _("退订链接已失效：可能已过期，或复制得不完整。请登录后在通知设置里修改。")


class Unsubscription(NamedTuple):
    """Whose letters end, and about what."""

    user: User
    topics: list[Topic]


def absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def open_url(row: Notification) -> str:
    """Marks it as read and leads on to its page, by way of the sign-in where need be; or its kind's own link."""
    letter_path = letter_path_of(row.kind)
    return absolute(letter_path(row) if letter_path else reverse("notifications:open", args=[row.public_id]))


def unsubscribe_url(user: User, topics: Iterable[Topic]) -> str:
    """A link that ends letters about the topics, without a sign-in, and does nothing else."""
    content = {"user": user.pk, "topics": [topic.code for topic in topics]}
    token = signing.dumps(content, salt=UNSUBSCRIBE_SALT)
    return absolute(reverse("notifications:unsubscribe", args=[token]))


def read_unsubscription(token: str) -> Unsubscription:
    """LinkExpired for a token that is old, forged, or of another purpose."""
    try:
        content = signing.loads(token, salt=UNSUBSCRIBE_SALT, max_age=UNSUBSCRIBE_LIFETIME)
    except signing.BadSignature:
        raise LinkExpired from None
    user = User.objects.filter(pk=content["user"], is_active=True).first()
    if user is None:
        raise LinkExpired
    return Unsubscription(user, [BY_CODE[code] for code in content["topics"] if code in BY_CODE])
