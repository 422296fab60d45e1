"""E-mails of the accounts app. Sent after the transaction; a mail server that is down fails no request."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from apps.accounts.links import LIFETIME, confirmation_token, invitation_token
from apps.accounts.models import MembershipRole, Organisation, User


def send_confirmation(user: User) -> None:
    url = _absolute("accounts:email_confirm", token=confirmation_token(user))
    _queue("confirm_email", user.email, {"user": user, "url": url, "days": LIFETIME.days})


def send_invitation(*, organisation: Organisation, inviter: User, email: str) -> None:
    token = invitation_token(organisation=organisation, inviter=inviter, email=email)
    url = _absolute("accounts:invitation", token=token)
    _queue("invitation", email, {"organisation": organisation, "inviter": inviter, "url": url, "days": LIFETIME.days})


def send_verdict(organisation: Organisation) -> None:
    """Tell the owners whether their organisation was verified."""
    url = _absolute("accounts:organisation")
    owners = organisation.memberships.filter(role=MembershipRole.OWNER, user__is_active=True)
    for email in owners.values_list("user__email", flat=True):
        _queue("verdict", email, {"organisation": organisation, "url": url})


def _absolute(view_name: str, **keywords: str) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(view_name, kwargs=keywords)


def _queue(template: str, to: str, context: dict[str, Any]) -> None:
    """The template's first line is the subject."""
    text = render_to_string(f"accounts/mail/{template}.txt", context)
    subject, body = text.strip().split("\n", 1)
    transaction.on_commit(lambda: send_mail(subject, body.lstrip(), None, [to]), robust=True)
