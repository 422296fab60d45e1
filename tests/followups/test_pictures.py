"""Pictures as cameras and programs make them, and as somebody may make them on purpose."""

import contextlib
import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps

from apps.followups.picture import redrawn

ASCII, SHORT = 2, 3
WIDTH, ORIENTATION, OWNER = 0x0100, 0x0112, 0x013B
CORNERS = {(4, 4): "red", (-5, 4): "lime", (4, -5): "blue", (-5, -5): "white"}


def exif(*entries: tuple[int, int, int, bytes]) -> bytes:
    """Tag, type, count and four bytes of value each."""
    rows = b"".join(struct.pack("<HHI4s", *entry) for entry in entries)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + rows + bytes(4)


def turned(orientation: int) -> tuple[int, int, int, bytes]:
    return ORIENTATION, SHORT, 1, struct.pack("<HH", orientation, 0)


def upload(kind: str, size: tuple[int, int] = (64, 32), mode: str = "RGB", written: bytes = b"") -> SimpleUploadedFile:
    """Each corner in its own colour."""
    picture = Image.new("RGB", size)
    for (x, y), colour in CORNERS.items():
        box = (size[0] // 2 * (x < 0), size[1] // 2 * (y < 0))
        picture.paste(colour, (*box, box[0] + size[0] // 2, box[1] + size[1] // 2))
    stored = io.BytesIO()
    picture.convert(mode).save(stored, kind, exif=written or exif())
    return SimpleUploadedFile(f"a.{kind.lower()}", stored.getvalue())


def corners(picture: Image.Image) -> list[str]:
    shown = picture.convert("RGB")
    found = [shown.getpixel((x % shown.width, y % shown.height)) for x, y in CORNERS]
    return ["".join("x" if part > 128 else "." for part in colour) for colour in found if isinstance(colour, tuple)]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(10))
def test_each_orientation_comes_out_upright(kind: str, orientation: int) -> None:
    sent = upload(kind, written=exif(turned(orientation)))
    with Image.open(sent) as source, Image.open(redrawn(sent)) as shown:
        upright = ImageOps.exif_transpose(source)
        assert (shown.size, corners(shown)) == (upright.size, corners(upright))
        assert not shown.getexif()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_large_ones_of_every_mode_are_turned_and_made_small(mode: str) -> None:
    sent = upload("PNG", (3400, 1700), mode, exif(turned(6)))
    with Image.open(redrawn(sent)) as shown, Image.open(sent) as source:
        assert (shown.format, shown.mode, shown.size) == ("JPEG", "RGB", (800, 1600))
        upright = ImageOps.exif_transpose(source).convert("RGB")
        assert corners(shown) == corners(upright.resize(shown.size))


@pytest.mark.parametrize(
    "odd",
    [
        (WIDTH, ASCII, 4, b"abc\0"),
        (WIDTH, SHORT, 0, bytes(4)),
        (OWNER, SHORT, 1, b"\1\0\0\0"),
    ],
)
def test_an_odd_tag_beside_the_orientation_does_not_matter(odd: tuple[int, int, int, bytes]) -> None:
    sent = upload("JPEG", written=exif(*sorted((odd, turned(6)))))
    with Image.open(redrawn(sent)) as shown:
        assert shown.size == (32, 64)


def chunk(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@pytest.mark.parametrize("before", [b"IDAT", b"IEND"])
@pytest.mark.parametrize("broken", [b"iCCP", b"pHYs", b"gAMA", b"tRNS", b"zTXt", b"iTXt", b"cHRM"])
def test_an_empty_part_of_a_png_is_no_failure_of_the_server(before: bytes, broken: bytes) -> None:
    content = upload("PNG").read()
    place = content.index(before) - 4
    sent = SimpleUploadedFile("a.png", content[:place] + chunk(broken) + content[place:])
    with contextlib.suppress(ValidationError):
        redrawn(sent)


def test_more_pixels_than_can_be_opened_cheaply_are_refused() -> None:
    stored = io.BytesIO()
    Image.new("1", (5001, 5000)).save(stored, "PNG")
    with pytest.raises(ValidationError) as refused:
        redrawn(SimpleUploadedFile("a.png", stored.getvalue()))
    [told] = refused.value.message_dict["picture"]
    assert "png 请缩小到 2,500 万像素以内" in told
