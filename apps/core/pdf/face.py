"""The face that PDF files are set in: Noto Sans SC, which goes along in the file. A face left to the reader's machine
looks different on each, and is blank where none is Chinese.
"""

import lzma
import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FACE = "NotoSansSC"
PACKED = Path(__file__).parent / "vendor" / "NotoSansSC-Regular.ttf.xz"
UNSEEN = ("Cc", "Cf", "Mn", "Me")
"""Categories of what has no shape of its own: joiners, marks of direction, accents and selectors left over."""


@cache
def face() -> TTFont:
    """Known to reportlab as FACE from the first call in a process on, which takes a second."""
    font = TTFont(FACE, BytesIO(lzma.decompress(PACKED.read_bytes())))
    pdfmetrics.registerFont(font)
    return font


def printable(text: str) -> str:
    """The text in characters of the face. What it lacks stands in a plainer form, "CO2" for "CO₂", or else as its
    number, 〔U+1F600〕: left out, it would make a name another name.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(one if _is_known(one) or one.isspace() else _stand_in(one) for one in composed)


def _is_known(character: str) -> bool:
    return ord(character) in face().face.charToGlyph


def _stand_in(character: str) -> str:
    if unicodedata.category(character) in UNSEEN:
        return ""
    plainer = unicodedata.normalize("NFKC", character)
    return plainer if all(map(_is_known, plainer)) else f"〔U+{ord(character):04X}〕"
