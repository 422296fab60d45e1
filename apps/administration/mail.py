"""E-mails of the administration. Sent after the transaction; a mail server that is down fails no request."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from apps.accounts.links import LIFETIME
from apps.accounts.models import PlatformRole, User


def send_invitation(*, email: str, inviter: User, role: PlatformRole, token: str) -> None:
    url = settings.SITE_URL.rstrip("/") + reverse("office_join", args=[token])
    context = {"inviter": inviter, "role": role.label, "url": url, "days": LIFETIME.days}
    text = render_to_string("administration/mail/invitation.txt", context)
    subject, body = text.strip().split("\n", 1)  # the template's first line is the subject
    transaction.on_commit(lambda: send_mail(subject, body.lstrip(), None, [email]), robust=True)
