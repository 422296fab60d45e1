"""Limits on what a person may have the platform send, counted in the audit trail: no cache, nothing to lose."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.models import AuditEntry


class SentTooOften(DomainError):
    default_message = _("邮件刚刚已经发出，请稍后再试；也请看看垃圾邮件箱。")


def require_below(most: int, *, action: str, by: User, within: timedelta, refusal: object = None) -> None:
    """SentTooOften, with `refusal` as its sentence, when `by` did `action` at least `most` times within that time."""
    done = AuditEntry.objects.filter(actor=by, action=action, at__gt=clock.now() - within).count()
    if done >= most:
        raise SentTooOften(refusal)
