"""Pictures of stories: drawn anew, so that nothing but what is seen gets published."""

import io
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from apps.needs.file_kinds import Upload, checked_content_type

LONGEST_SIDE = 1600
MOST_PIXELS = 50_000_000
SUFFIXES = (".jpg", ".jpeg", ".png")
CONTENT_TYPE = "image/jpeg"


def redrawn(upload: Upload) -> "File[bytes]":  # generic for type checkers only
    """A JPEG of the picture, at most 1,600 pixels wide or high: no place, camera or comment is kept.

    ValidationError beside "picture" for what is no picture, or one too large to be opened safely.
    """
    if PurePath(upload.name or "").suffix.lower() not in SUFFIXES:
        raise ValidationError({"picture": _("图片只支持 jpg、png。")})
    try:
        checked_content_type(upload)
        return ContentFile(_jpeg(upload))
    except ValidationError as error:
        raise ValidationError({"picture": error.messages}) from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):  # what Pillow raises for broken files
        raise ValidationError({"picture": _("这张图片打不开，请换一张。")}) from None


def _jpeg(upload: Upload) -> bytes:
    upload.seek(0)
    with Image.open(upload, formats=("JPEG", "PNG")) as source:
        if source.width * source.height > MOST_PIXELS:
            raise ValidationError(_("图片太大，请缩小到 5,000 万像素以内。"))
        source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(source).convert("RGBA")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright.getchannel("A"))
    stored = io.BytesIO()
    clean.save(stored, "JPEG", quality=85, optimize=True)
    return stored.getvalue()
