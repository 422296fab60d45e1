"""Text in PDF files: in a face that goes along, without a character lost, and broken where a reader expects it."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import SimpleDocTemplate

from apps.core.pdf.face import FACE, face, printable
from apps.core.pdf.text import BODY, lines_of, paragraph

AMOUNT = (
    "到账额：本月 301.9 万元，比上月减少 148.0 万元（下降 32.9%）；比上年同月增加 225.4 万元，是“上年同月”的 3.9 倍。"
)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("赵钱孙李，周吴郑王", "赵钱孙李，周吴郑王"),
        ("张𬭎、䶮公司、喆", "张𬭎、䶮公司、喆"),  # outside GBK, and in names
        ("CO₂ 捕集", "CO2 捕集"),
        ("e\u0301cole", "école"),
        ("满\u200b意\ufe0f", "满意"),
        ("很好😀", "很好〔U+1F600〕"),
        ("R&D <b>", "R&D <b>"),
    ],
)
def test_no_character_is_lost_without_a_trace(given: str, shown: str) -> None:
    assert printable(given) == shown


def test_every_character_of_gb2312_is_in_the_face() -> None:
    every = bytearray()
    for row in range(0xA1, 0xF8):
        every += bytes(byte for cell in range(0xA1, 0xFF) for byte in (row, cell))
    known = face().face.charToGlyph
    assert [one for one in every.decode("gb2312", "ignore") if ord(one) not in known] == []


@pytest.mark.parametrize("room", range(90, 400, 7))
def test_lines_end_where_they_may(room: int) -> None:
    face()
    lines = lines_of(AMOUNT, FACE, 11, room)
    assert "".join(lines) == AMOUNT
    assert not any(line[0] in "，；）。”" or line[-1] in "（“" for line in lines)
    assert all(stringWidth(line.rstrip(), FACE, 11) <= room for line in lines)
    whole = "|".join(lines)
    assert all(amount in whole for amount in ("301.9 万元", "148.0 万元", "225.4 万元", "32.9%", "3.9 倍"))


def test_what_is_too_long_for_a_line_is_broken_anywhere() -> None:
    face()
    assert "".join(lines_of("https://" + "x" * 200, FACE, 11, 100)) == "https://" + "x" * 200


def test_a_paragraph_goes_on_on_the_next_page_with_every_character() -> None:
    face()
    target, text = BytesIO(), f"R&D：{AMOUNT}" * 40
    style = ParagraphStyle("small", parent=BODY, fontSize=10)
    SimpleDocTemplate(target, initialFontName=FACE).build([paragraph(text, style), paragraph(text, style)])
    pages = [page.extract_text() for page in PdfReader(target).pages]
    assert len(pages) > 1
    assert "".join("".join(pages).split()) == "".join((text * 2).split())
