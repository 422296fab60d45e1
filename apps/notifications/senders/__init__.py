"""What carries letters away: one sender for each channel, all behind `protocol.Sender`."""

from apps.notifications.models import Channel
from apps.notifications.senders.email import EmailSender
from apps.notifications.senders.group import GroupSender
from apps.notifications.senders.protocol import Sender

SENDERS: dict[str, Sender] = {Channel.EMAIL: EmailSender(), Channel.GROUP: GroupSender()}
