"""Pictures of stories: drawn anew, so that nothing but what is seen gets published."""

import io
import struct
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image

from apps.needs.file_kinds import Upload, checked_content_type

LONGEST_SIDE = 1600
# A telephone takes 50 million at most, and a JPEG is made small while it is read; of a PNG all of them are in memory.
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 25_000_000}
SUFFIXES = (".jpg", ".jpeg", ".png")
CONTENT_TYPE = "image/jpeg"
# What each orientation but the first, upright one asks for. `ImageOps.exif_transpose` would write all of the EXIF anew,
# and fail at a tag that it cannot write.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow raises for broken files, at the latest while it reads what is written beside the picture.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    struct.error,
    Image.DecompressionBombError,
)


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
    except BROKEN:
        raise ValidationError({"picture": _("这张图片打不开，请换一张。")}) from None


def _jpeg(upload: Upload) -> bytes:
    upload.seek(0)
    with Image.open(upload, formats=("JPEG", "PNG")) as source:
        if source.width * source.height > MOST_PIXELS[source.format or "PNG"]:
            raise ValidationError(_("图片太大：jpg 请缩小到 6,400 万像素以内，png 请缩小到 2,500 万像素以内。"))
        # Made small first: everything after it then takes little memory.
        source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        small = _blendable(source)
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        turn = TURNS.get(source.getexif().get(ExifTags.Base.Orientation, 1))
        upright = (small if turn is None else small.transpose(turn)).convert("RGBA")
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright.getchannel("A"))
    stored = io.BytesIO()
    clean.save(stored, "JPEG", quality=85, optimize=True)
    return stored.getvalue()


def _blendable(source: Image.Image) -> Image.Image:
    """In colours that can be mixed, as making it small does: two, or a palette of them, cannot."""
    if source.mode == "1":
        return source.convert("L")
    if source.mode == "P":
        return source.convert("RGBA" if "transparency" in source.info else "RGB")
    return source
