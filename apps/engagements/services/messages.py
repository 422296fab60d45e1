"""Messages inside a case."""

import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import clock
from apps.engagements import history
from apps.engagements.models import Asked, Engagement, Message, MessageFile, Voice
from apps.engagements.permissions import can_talk, voice_of
from apps.engagements.services.files import fill_file
from apps.engagements.services.locking import locked_case
from apps.needs.file_kinds import Upload

MOST_FILES = 5


@transaction.atomic
def message_send(
    *,
    engagement: Engagement,
    by: User,
    text: str = "",
    uploads: Sequence[Upload] = (),
    form_key: uuid.UUID | None = None,
    asked: str = "",
) -> Message:
    """Say something to the others of the case, with at most five files. The same form sent twice makes one message.

    `asked` is an `Asked`, for the case's broker only: who is to answer, both sides unless said otherwise.
    ValidationError beside "text", "upload" or "asked".
    """
    engagement = locked_case(engagement)
    can_talk(by, engagement).require()
    sent = Message.objects.filter(form_key=form_key, author=by, engagement=engagement).first() if form_key else None
    if sent is not None:
        return sent
    if not text.strip() and not uploads:
        raise ValidationError({"text": _("请写点内容，或附上文件。")})
    if len(uploads) > MOST_FILES:
        raise ValidationError({"upload": _("一次最多附 %(most)d 个文件。") % {"most": MOST_FILES}})
    message = Message(engagement=engagement, author=by, voice=voice_of(by, engagement) or "", text=text.strip())
    message.asked = _asked(message, asked)
    message.form_key, message.sent_at = form_key or message.form_key, clock.now()
    message.full_clean()
    files = [fill_file(MessageFile(message=message), by=by, upload=upload) for upload in uploads]
    message.save()
    for file, upload in zip(files, uploads, strict=True):
        file.message = message
        file.file.save(file.name, upload, save=False)
        file.save()
    history.record(engagement, "message.sent", by=by, about=message)
    return message


def _asked(message: Message, chosen: str) -> str:
    if message.voice == Voice.BROKER:
        return chosen or Asked.BOTH
    if chosen:
        raise ValidationError({"asked": _("您的消息总是请对方回复，不需要选择。")})
    return ""
