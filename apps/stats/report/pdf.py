"""The report as a PDF: A4, charts as vectors, a face that readers of PDF bring with them."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table
from reportlab.platypus.flowables import Flowable

from apps.stats.charts import round_step
from apps.stats.report.content import Report, ReportChart, ReportTable

FONT, WESTERN_FONT = "STSong-Light", "Helvetica"
CHINESE = re.compile("[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]+")
MARGIN = 24 * mm
WIDTH = A4[0] - 2 * MARGIN
SEA, LINE, PALE, QUIET = HexColor("#0b6472"), HexColor("#c5d0d6"), HexColor("#eef4f5"), HexColor("#566670")

_BODY = ParagraphStyle("body", fontName=FONT, fontSize=11, leading=19, wordWrap="CJK", spaceAfter=4)
_NOTE = ParagraphStyle("note", parent=_BODY, fontSize=9, leading=14, textColor=QUIET)
_CELL = ParagraphStyle("cell", parent=_BODY, fontSize=9, leading=13, spaceAfter=0)
_NUMBER = ParagraphStyle("number", parent=_CELL, alignment=2)
_HEADING = ParagraphStyle(
    "heading", parent=_BODY, fontSize=15, leading=24, textColor=SEA, spaceBefore=14, spaceAfter=6, keepWithNext=1
)
_SMALL = ParagraphStyle("small", parent=_HEADING, fontSize=12, leading=19, spaceBefore=8, spaceAfter=3)
_TITLE = ParagraphStyle("title", parent=_BODY, fontSize=28, leading=44, alignment=TA_CENTER, textColor=SEA)
_UNDER = ParagraphStyle("under", parent=_BODY, fontSize=15, leading=28, alignment=TA_CENTER)


def report_pdf(report: Report) -> bytes:
    """Call in the language that the report is to be in."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=22 * mm,
        bottomMargin=22 * mm,
        title=f"{_title()} {_month(report)} {report.region}",
        author="",
        invariant=1,
    )
    document.build(_content(report), onLaterPages=_footer)
    return target.getvalue()


def _title() -> str:
    return _("云端研发供需匹配服务月报")


def _month(report: Report) -> str:
    """ "2022年11月", or "November 2022"."""
    return date_format(report.month, "YEAR_MONTH_FORMAT")


def _content(report: Report) -> list[Flowable]:
    numerals = iter("一二三四五六" if _is_chinese() else "123456")
    parts: list[Flowable] = [*_front(report), PageBreak(), _heading(numerals, _("本月概况"))]
    parts += [_text(line, _BODY) for line in report.summary]
    if report.targets:
        parts.append(_heading(numerals, _("年度目标进度")))
        parts += [_text(line, _BODY) for line in report.targets]
    parts.append(_heading(numerals, _("数据表")))
    for table in report.tables:
        parts += _table(table)
    drawn = [[_text(chart.title, _SMALL), _columns(chart)] for chart in report.charts]
    drawn[0].insert(0, _heading(numerals, _("走势图")))
    parts += [KeepTogether(chart) for chart in drawn]
    parts.append(_heading(numerals, _("指标说明")))
    for label, definition in report.definitions:
        parts.append(_text(_("%(label)s：%(definition)s") % {"label": label, "definition": definition}, _NOTE))
    return parts


def _heading(numerals: Iterator[str], text: str) -> Paragraph:
    return _text(_("%(numeral)s、%(heading)s") % {"numeral": next(numerals), "heading": text}, _HEADING)


def _front(report: Report) -> list[Flowable]:
    lines: list[Flowable] = [Spacer(1, 62 * mm), _text(_title(), _TITLE), Spacer(1, 8 * mm)]
    lines += [_text(_month(report), _UNDER), _text(report.region, _UNDER), Spacer(1, 70 * mm)]
    made = _("编制日期：%(day)s") % {"day": f"{report.made_on:%Y-%m-%d}"}
    lines.append(_text(made, _UNDER))
    if report.current_at:
        moment = {"at": f"{timezone.localtime(report.current_at):%Y-%m-%d %H:%M}"}
        lines.append(_text(_("数据来源：平台登记的记录，截至 %(at)s") % moment, _NOTE_IN_MIDDLE))
    return lines


_NOTE_IN_MIDDLE = ParagraphStyle("note-in-middle", parent=_NOTE, alignment=TA_CENTER)


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    if _is_chinese():
        return Paragraph(escape(text), style)
    # What has no English name stays Chinese, and needs the Chinese face.
    marked = CHINESE.sub(rf'<font name="{FONT}">\g<0></font>', escape(text))
    return Paragraph(marked, _western(style))


@cache
def _western(style: ParagraphStyle) -> ParagraphStyle:
    """Broken between words, in a face whose letters stand as they should."""
    return ParagraphStyle(f"{style.name}-western", parent=style, fontName=WESTERN_FONT, wordWrap=None)


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _face() -> str:
    return FONT if _is_chinese() else WESTERN_FONT


def _table(table: ReportTable) -> list[Flowable]:
    title = _text(table.title, _SMALL)
    if not table.rows:
        return [KeepTogether([title, _text(table.note, _BODY)])]
    cells = [_line(row) for row in (table.header, *table.rows)]
    columns = len(table.header)
    first = WIDTH * (0.6 if columns == 2 else 0.34 if columns <= 5 else 0.25)
    widths = [first, *([(WIDTH - first) / (columns - 1)] * (columns - 1))]
    drawn = Table(cells, colWidths=widths, repeatRows=1, hAlign="LEFT")
    drawn.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, 0), PALE),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ]
    )
    note = [_text(table.note, _NOTE)] if table.note else []
    return [title, drawn, Spacer(1, 2 * mm), *note]


def _line(row: Sequence[str]) -> list[Paragraph]:
    return [_text(cell, _NUMBER if place else _CELL) for place, cell in enumerate(row)]


def _columns(chart: ReportChart) -> Drawing:
    drawing = Drawing(WIDTH, 138)
    bars = VerticalBarChart()
    bars.x, bars.y, bars.width, bars.height = 40, 26, round(WIDTH) - 44, 96
    bars.data = [tuple(chart.values)]
    bars.categoryAxis.categoryNames = list(chart.labels)
    step = float(round_step(max(1, *(-(-int(value * 10) // 10) for value in chart.values))))
    _measure(bars.valueAxis, step, highest=step * max(1.0, -(-max(chart.values) // step)))
    _paint(bars)
    drawing.add(bars)
    return drawing


def _measure(axis: Any, step: float, *, highest: float) -> None:
    axis.valueMin, axis.valueMax, axis.valueStep = 0, highest, step
    axis.labelTextFormat = "{:,.0f}".format


def _paint(bars: Any) -> None:
    """Values above their columns; a column of nothing says so, too."""
    bars.bars[0].fillColor, bars.bars[0].strokeColor = SEA, white
    bars.barLabels.fontName, bars.barLabels.fontSize, bars.barLabels.nudge = _face(), 7.5, 7
    bars.barLabelFormat = "{:,g}".format
    bars.groupSpacing = 8
    for axis in (bars.categoryAxis, bars.valueAxis):
        axis.labels.fontName, axis.labels.fontSize, axis.strokeColor = _face(), 7.5, LINE
    bars.valueAxis.visibleGrid, bars.valueAxis.gridStrokeColor = True, PALE


def _footer(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont(_face(), 9)
    canvas.setFillColor(QUIET)
    canvas.drawCentredString(A4[0] / 2, 12 * mm, _("第 %(number)d 页") % {"number": document.page - 1})
    canvas.restoreState()
