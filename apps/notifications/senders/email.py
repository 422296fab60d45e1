"""E-mail: text and HTML, with a way out of each topic."""

import smtplib
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from apps.accounts.models import User
from apps.accounts.selectors import acts_for
from apps.notifications import kinds
from apps.notifications.letters import Letter, write
from apps.notifications.links import absolute, unsubscribe_url
from apps.notifications.models import Delivery, Notification, Recipient
from apps.notifications.models.preferences import ReadingTerms
from apps.notifications.planning import frequencies_of
from apps.notifications.senders.protocol import ChannelIsDown, NotSent
from apps.notifications.topics import Frequency

PAUSE = timedelta(minutes=1)
MOST_ATTACHED_BYTES = 5 * 1024 * 1024
"""Of one letter: what every mail server takes, also when it is a third longer on its way."""


class EmailSender:
    def wanted(self, rows: Sequence[Delivery]) -> list[Delivery]:
        """Not what was read meanwhile, nor what the person turned off, nor what they may no longer see.

        An address that nobody confirmed may be a stranger's: it gets nothing but the letter that asks.
        """
        user = rows[0].notification.recipient
        if not user.is_active or user.email_confirmed_at is None:
            return []
        chosen = frequencies_of(user)
        return [
            row
            for row in rows
            if row.notification.read_at is None
            and may_still_read(user, row.notification)
            and chosen.get(row.notification.topic) != Frequency.NEVER
        ]

    def terms(self, row: Delivery) -> ReadingTerms:
        return Recipient.objects.filter(user=row.notification.recipient).first() or Recipient()

    def pause_before(self, row: Delivery) -> timedelta:
        return timedelta()

    def send(self, rows: Sequence[Delivery], *, letter: str) -> None:
        user = rows[0].notification.recipient
        with translation.override(self.terms(rows[0]).language):
            written = write([row.notification for row in rows], frequency=rows[0].frequency)
            message = message_of(written, user, letter=letter)
            attach_files(message, [row.notification for row in rows])
        _hand_over(message)


def may_still_read(user: User, row: Notification) -> bool:
    return row.organisation_id is None or acts_for(user, row.organisation_id)


def message_id(letter: str) -> str:
    """The same for each attempt, so that a mail server that has the letter already may know it again."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{salted_hmac('notifications.letter', letter, algorithm='sha256').hexdigest()}@{domain}>"


def message_of(letter_text: Letter, user: User, *, letter: str) -> EmailMultiAlternatives:
    topics = [section.topic for section in letter_text.sections]
    context = {
        "letter": letter_text,
        "ways_out": [(topic, unsubscribe_url(user, [topic])) for topic in topics],
        "settings_url": absolute(reverse("notifications:settings")),
        "recipient": user,
    }
    message = EmailMultiAlternatives(
        letter_text.subject,
        render_to_string("notifications/mail/letter.txt", context),
        to=[user.email],
        headers={
            "Message-ID": message_id(letter),
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{unsubscribe_url(user, topics)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        },
    )
    message.attach_alternative(render_to_string("notifications/mail/letter.html", context), "text/html")
    return message


def attach_files(message: EmailMultiAlternatives, rows: Sequence[Notification]) -> None:
    """As many as fit; of the others the letter has the links."""
    left = MOST_ATTACHED_BYTES
    for file in (file for row in rows for file in kinds.files_of(row)):
        if len(file.content) <= left:
            left -= len(file.content)
            message.attach(file.name, file.content, file.content_type)


def _hand_over(message: EmailMultiAlternatives) -> None:
    """To the mail server. Where there is none to talk to, no letter is at fault; what it refuses, one letter is."""
    mailer = mailers.default
    try:
        mailer.open()
    except OSError as error:  # smtplib's own errors among them
        raise ChannelIsDown(type(error).__name__, pause=PAUSE) from None
    try:
        mailer.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        raise NotSent(f"SMTP {codes}", is_final=all(code >= 500 for code in codes)) from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"SMTP {error.smtp_code}") from None
    except OSError as error:
        raise NotSent(type(error).__name__) from None
    finally:
        with suppress(OSError):  # the letter is theirs by now
            mailer.close()
