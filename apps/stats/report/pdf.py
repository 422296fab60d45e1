"""The report as a PDF: A4, charts as vectors, its face embedded. It must read as well printed in grey."""

from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from itertools import count
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table
from reportlab.platypus.flowables import Flowable

from apps.core.pdf.face import FACE, face, printable
from apps.core.pdf.text import BODY, UNIT, paragraph
from apps.stats.report.content import Report, ReportTable
from apps.stats.report.drawing import LINE, PALE, QUIET, SEA, column_drawing

MARGIN, TOP, BOTTOM = 24 * mm, 26 * mm, 22 * mm
WIDTH = A4[0] - 2 * MARGIN
SIDES = 12
"""Points that a cell, and the frame of a page, keep free on both sides together."""
LEAST_LEFT = 60 * mm
"""Where a page has less left, the definitions begin on the next."""

_NOTE = ParagraphStyle("note", parent=BODY, fontSize=9, leading=14, textColor=QUIET)
_CELL = ParagraphStyle("cell", parent=BODY, fontSize=9, leading=13, spaceAfter=0)
_NUMBER = ParagraphStyle("number", parent=_CELL, alignment=TA_RIGHT)
_HEADING = ParagraphStyle(
    "heading", parent=BODY, fontSize=15, leading=24, textColor=SEA, spaceBefore=14, spaceAfter=6, keepWithNext=1
)
_SMALL = ParagraphStyle("small", parent=_HEADING, fontSize=11, leading=17, spaceBefore=8, spaceAfter=3)
_TITLE = ParagraphStyle("title", parent=BODY, fontSize=28, leading=44, alignment=TA_CENTER, textColor=SEA)
_UNDER = ParagraphStyle("under", parent=BODY, fontSize=15, leading=28, alignment=TA_CENTER)
_NOTE_IN_MIDDLE = ParagraphStyle("note-in-middle", parent=_NOTE, alignment=TA_CENTER)

_MARKS = count()


def report_pdf(report: Report) -> bytes:
    """Call in the language that the report is to be in."""
    face()
    last = _built(report, BytesIO(), pages=0)  # laid out once to count the pages that each page tells
    target = BytesIO()
    _built(report, target, pages=last)
    return target.getvalue()


class _Document(SimpleDocTemplate):
    """Its headings are the marks by which a reader of the file finds a part."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  (reportlab's name)
        if isinstance(flowable, Paragraph) and flowable.style in (_HEADING, _SMALL):
            key, level = f"part-{next(_MARKS)}", (_HEADING, _SMALL).index(flowable.style)
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, level)


def _built(report: Report, target: BytesIO, *, pages: int) -> int:
    """How many pages it came to beside the front."""
    document = _Document(
        target,
        pagesize=A4,
        leftMargin=MARGIN - SIDES / 2,
        rightMargin=MARGIN - SIDES / 2,
        topMargin=TOP,
        bottomMargin=BOTTOM,
        title=_name(report),
        author="",
        lang=to_locale(get_language() or "zh-hans").replace("_", "-"),
        initialFontName=FACE,
    )
    document.build(_content(report), onLaterPages=partial(_around, report=report, pages=pages))
    return document.page - 1


def _name(report: Report) -> str:
    return f"{_title()}　{_month(report)}　{report.region}"


def _title() -> str:
    return _("云端研发供需匹配服务月报")


def _month(report: Report) -> str:
    """ "2022年11月", or "November 2022"."""
    return date_format(report.month, "YEAR_MONTH_FORMAT")


def _content(report: Report) -> list[Flowable]:
    numerals = iter("一二三四五六" if (get_language() or "").startswith("zh") else "123456")
    parts: list[Flowable] = [*_front(report), PageBreak(), _heading(numerals, _("本月概况"))]
    parts += [paragraph(line, BODY) for line in report.summary]
    if report.targets:
        parts.append(_heading(numerals, _("年度目标进度")))
        parts += [paragraph(line, BODY) for line in report.targets]
    parts.append(_heading(numerals, _("数据表")))
    for number, table in enumerate(report.tables, 1):
        parts += _table(_("表%(number)d　%(title)s") % {"number": number, "title": table.title}, table)
    for number, chart in enumerate(report.charts, 1):
        title = paragraph(_("图%(number)d　%(title)s") % {"number": number, "title": chart.title}, _SMALL)
        above = [_heading(numerals, _("走势图"))] if number == 1 else []
        parts.append(KeepTogether([*above, title, column_drawing(chart, WIDTH)]))
    heading = _heading(numerals, _("指标说明"))
    heading.keepWithNext = False  # with a table of a page's length it would leave half a page empty
    return [*parts, CondPageBreak(LEAST_LEFT), heading, _definitions(report)]


def _heading(numerals: Iterator[str], text: str) -> Paragraph:
    return paragraph(_("%(numeral)s、%(heading)s") % {"numeral": next(numerals), "heading": text}, _HEADING)


def _front(report: Report) -> list[Flowable]:
    lines: list[Flowable] = [Spacer(1, 62 * mm), paragraph(_title(), _TITLE), Spacer(1, 8 * mm)]
    lines += [paragraph(_month(report), _UNDER), paragraph(report.region, _UNDER), Spacer(1, 70 * mm)]
    lines.append(paragraph(_("编制日期：%(day)s") % {"day": date_format(report.made_on, "DATE_FORMAT")}, _UNDER))
    if report.current_at:
        moment = {"at": f"{timezone.localtime(report.current_at):%Y-%m-%d %H:%M}"}
        lines.append(paragraph(_("数据来源：平台登记的记录，截至 %(at)s") % moment, _NOTE_IN_MIDDLE))
    else:
        lines.append(paragraph(_("统计数字还在计算，请稍后重新编制。"), _NOTE_IN_MIDDLE))
    return lines


def _table(title: str, table: ReportTable) -> list[Flowable]:
    """A table that would begin at the foot of a page begins on the next; a longer one goes on under its heading."""
    if not table.rows:
        return [KeepTogether([paragraph(title, _SMALL), paragraph(table.note, _NOTE)])]
    lines = [table.header, *table.rows]
    cells = [[paragraph(text, _NUMBER if place else _CELL) for place, text in enumerate(line)] for line in lines]
    drawn = _drawn(cells, _widths(lines))
    if table.has_total:
        drawn.setStyle([("LINEABOVE", (0, -1), (-1, -1), 1, QUIET)])
    note = [paragraph(table.note, _NOTE)] if table.note else []
    return [paragraph(title, _SMALL), drawn, Spacer(1, 2 * mm), *note]


def _definitions(report: Report) -> Table:
    lines = [(_("指标"), _("怎么算")), *report.definitions]
    first = max(_width(label) for label, _definition in lines)
    return _drawn([[paragraph(text, _CELL) for text in line] for line in lines], [first, WIDTH - first])


def _drawn(cells: list[list[Paragraph]], widths: Sequence[float]) -> Table:
    table = Table(cells, colWidths=widths, repeatRows=1, hAlign="LEFT")
    table.setStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), FACE),
            ("BACKGROUND", (0, 0), (-1, 0), PALE),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
            ("LINEBELOW", (0, 0), (-1, 0), 1, QUIET),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ]
    )
    return table


def _widths(lines: Sequence[Sequence[str]]) -> list[float]:
    """Columns of numbers are as wide as each other and as the widest number or word of a heading, so that none is
    broken; the first has the rest.
    """
    columns = len(lines[0]) - 1
    unbroken = [unit for heading in lines[0][1:] for unit in UNIT.findall(heading)]
    unbroken += [number for line in lines[1:] for number in line[1:]]
    widest = max(map(_width, unbroken))
    numbers = max(widest, WIDTH * (0.4 if columns == 1 else 0.66 if columns < 5 else 0.72) / columns)
    return [WIDTH - columns * numbers, *[numbers] * columns]


def _width(text: str) -> float:
    return stringWidth(printable(text), FACE, _CELL.fontSize) + SIDES + 1


def _around(canvas: Any, document: Any, *, report: Report, pages: int) -> None:
    """What a single page says of the report it was taken from, and where in it it stood."""
    canvas.saveState()
    canvas.setFont(FACE, 9)
    canvas.setFillColor(QUIET)
    canvas.setStrokeColor(LINE)
    canvas.drawString(MARGIN, A4[1] - 16 * mm, printable(_name(report)))
    canvas.line(MARGIN, A4[1] - 18 * mm, A4[0] - MARGIN, A4[1] - 18 * mm)
    numbers = {"number": document.page - 1, "pages": pages}
    canvas.drawCentredString(A4[0] / 2, 12 * mm, _("第 %(number)d 页，共 %(pages)d 页") % numbers)
    canvas.restoreState()
