"""Files that belong to a need."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure, mentions_owner
from apps.accounts.models import User
from apps.core import audit
from apps.core.validators import clean_text
from apps.needs.file_kinds import MOST_ATTACHMENTS, Upload, checked_content_type
from apps.needs.models import AttachmentVisibility, Need, NeedAttachment
from apps.needs.permissions import can_edit

NAME_LIMIT = 200


def attachment_add(*, need: Need, by: User, upload: Upload, visibility: str) -> NeedAttachment:
    """Store a file that is what its name says. ValidationError by field ("upload", "visibility")."""
    can_edit(by, need).require()
    if visibility not in AttachmentVisibility.values:
        raise ValidationError({"visibility": [_("请选择附件的可见范围。")]})
    try:
        content_type = checked_content_type(upload)
    except ValidationError as error:
        raise ValidationError({"upload": error.messages}) from error
    name = _kept_name(upload.name or "")
    if need.disclosure == Disclosure.PUBLIC_ANONYMOUS and mentions_owner(name, need.organisation):
        raise ValidationError({"upload": [_("文件名里有贵单位的名称。需求是匿名公开的，请先修改文件名再上传。")]})
    return _store(need=need, by=by, upload=upload, name=name, content_type=content_type, visibility=visibility)


@transaction.atomic
def _store(*, need: Need, by: User, upload: Upload, name: str, content_type: str, visibility: str) -> NeedAttachment:
    # Locks the need's row, so that two uploads at once cannot pass the limit together.
    Need.objects.select_for_update(no_key=True).get(pk=need.pk)
    if need.attachments.count() >= MOST_ATTACHMENTS:
        raise ValidationError({"upload": [_("附件最多 %(most)d 个。") % {"most": MOST_ATTACHMENTS}]})
    attachment = NeedAttachment(
        need=need,
        name=name,
        content_type=content_type,
        size_bytes=upload.size or 0,
        visibility=visibility,
        uploaded_by=by,
    )
    attachment.file.save(name, upload, save=False)
    attachment.save()
    audit.record(need, "need.attachment_added", by=by, changes={"name": name, "visibility": visibility})
    return attachment


@transaction.atomic
def attachment_delete(*, attachment: NeedAttachment, by: User) -> None:
    """Remove the row, and once that is certain, the file."""
    need = attachment.need
    can_edit(by, need).require()
    stored, storage = str(attachment.file.name), attachment.file.storage
    attachment.delete()
    audit.record(need, "need.attachment_deleted", by=by, changes={"name": attachment.name})
    transaction.on_commit(lambda: storage.delete(stored))


def _kept_name(name: str) -> str:
    """The file's own name, without folders and unprintable signs, its ending kept when it is too long."""
    cleaned = clean_text(name.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    stem, dot, suffix = cleaned.rpartition(".")
    return f"{stem[: NAME_LIMIT - len(suffix) - 1]}{dot}{suffix}" if dot else cleaned[:NAME_LIMIT]
