"""What an attached file really is, by its content; its name must say the same."""

import io
import zipfile
from pathlib import PurePath

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

type Upload = UploadedFile[bytes]  # evaluated by type checkers only

MOST_ATTACHMENTS = 10
HEAD_BYTES = 65_536
MIME_OF_SUFFIX = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
# Word and Excel files are ZIP archives, told apart by the part that holds the document.
MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
ACCEPTED_SUFFIXES = ",".join(MIME_OF_SUFFIX)


def checked_content_type(upload: Upload) -> str:
    """The MIME type of an upload whose content is what its name says. ValidationError with a sentence otherwise."""
    suffix = PurePath(upload.name or "").suffix.lower()
    if suffix not in MIME_OF_SUFFIX:
        raise ValidationError(_("只支持 pdf、docx、xlsx、jpg、png 文件。"))
    if not upload.size:
        raise ValidationError(_("这是一个空文件，请重新选择。"))
    if upload.size > settings.UPLOAD_LIMIT_BYTES:
        limit_mb = settings.UPLOAD_LIMIT_BYTES // 1_000_000
        raise ValidationError(_("文件超过 %(limit)d MB，请压缩或拆分后再上传。") % {"limit": limit_mb})
    is_genuine = _is_office(upload, MAIN_PART[suffix]) if suffix in MAIN_PART else _is_of_type(upload, suffix)
    upload.seek(0)
    if not is_genuine:
        raise ValidationError(_("文件内容与扩展名“%(suffix)s”不符，请确认没有改错扩展名。") % {"suffix": suffix})
    return MIME_OF_SUFFIX[suffix]


def _is_of_type(upload: Upload, suffix: str) -> bool:
    upload.seek(0)
    try:
        return bool(puremagic.from_stream(io.BytesIO(upload.read(HEAD_BYTES)), mime=True) == MIME_OF_SUFFIX[suffix])
    except (puremagic.PureError, ValueError):
        return False


def _is_office(upload: Upload, main_part: str) -> bool:
    """A ZIP with the main part in it and no macros; encrypted documents are no ZIP. Nothing is unpacked."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return False
    return main_part in names and not any(name.endswith("vbaProject.bin") for name in names)
