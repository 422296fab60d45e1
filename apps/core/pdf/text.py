"""Paragraphs of Chinese, English or both, broken into lines where a reader expects it."""

import re
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Paragraph

from apps.core.pdf.face import FACE, printable

OPENING, CLOSING = "“‘（《〈「『【〔［", "，。、；：？！）》〉」』】〕］”’…％℃"
CHINESE = "\u3400-\u9fff"
_WORD = rf"[^ \t\r\n\u2e80-\U0010ffff{OPENING}”…℃]+"
_MEASURED = rf"{_WORD}(?:(?<=\d) [{CHINESE}]{{1,2}})?"
UNIT = re.compile(rf"[{OPENING}]*(?:{_MEASURED}|[^ \t\r\n{OPENING}]|$)[{CLOSING}]*[ \t\r\n]*")
"""What no line may break: a word, a number with its measure ("352.6 万元"), a character with the marks beside it."""

BODY = ParagraphStyle("body", fontName=FACE, fontSize=11, leading=19, wordWrap="CJK", spaceAfter=4)


def paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    """Plain text in one style, which derives from BODY."""
    return _Lines(escape(printable(text)), style)


class _Lines(Paragraph):
    """No line begins with a closing mark or ends with an opening one: reportlab knows this of Japanese marks only."""

    def breakLinesCJK(self, maxWidths: Any) -> Any:  # noqa: N802, N803  (reportlab's name)
        if getattr(self, "_splitpara", 0) or not self.frags:
            return super().breakLinesCJK(maxWidths)  # the part before the end of a page is broken already
        [room, *_same] = maxWidths if isinstance(maxWidths, (list, tuple)) else [maxWidths]
        first, name, size = self.frags[0], self.frags[0].fontName, self.frags[0].fontSize
        # The part after it consists of the lines that it had.
        text = "".join(part.text if hasattr(part, "text") else "".join(part.words) for part in self.frags)
        lines = [(room - stringWidth(line.rstrip(), name, size), [line]) for line in lines_of(text, name, size, room)]
        return first.clone(kind=0, lines=lines, ascent=size, descent=-0.2 * size)


def lines_of(text: str, font: str, size: float, room: float) -> list[str]:
    """The text in lines no wider than `room` points, but for a space at the end, and none of it lost; what is wider by
    itself is broken anywhere.
    """
    lines, line = [], ""
    for unit in UNIT.findall(text):
        for piece in (unit,) if stringWidth(unit.rstrip(), font, size) <= room else unit:
            if line and stringWidth((line + piece).rstrip(), font, size) > room:
                lines.append(line)
                line = ""
            line += piece
    return [*lines, line] if line else lines
