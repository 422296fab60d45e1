"""The agreement as a PDF, made from its row whenever somebody asks for it: the same row gives the same bytes."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape

from django.utils import timezone
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus.flowables import Flowable

from apps.engagements.agreement_text import CLAUSES, TITLE
from apps.engagements.models import Agreement

FONT = "STSong-Light"  # one of the Chinese faces that PDF readers bring with them: no font file is embedded
UNNAMED = "（双方确认后载明）"
SIDES = (("需求方", "need"), ("供给方", "capability"))


@dataclass(frozen=True, slots=True)
class Names:
    """The two parties, as the reader may know them."""

    need: str
    capability: str


def agreement_pdf(agreement: Agreement, names: Names) -> bytes:
    """A4, one to two pages."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        topMargin=25 * mm,
        bottomMargin=22 * mm,
        title=TITLE,
        author="",
        invariant=1,
    )
    document.build(_content(agreement, names))
    return target.getvalue()


def _content(agreement: Agreement, names: Names) -> list[Flowable]:
    body = ParagraphStyle("body", fontName=FONT, fontSize=11, leading=19, wordWrap="CJK", spaceAfter=4)
    heading = ParagraphStyle("heading", parent=body, fontSize=12, spaceBefore=8, keepWithNext=1)
    title = ParagraphStyle("title", parent=body, fontSize=20, leading=30, alignment=TA_CENTER, spaceAfter=12)
    case = agreement.engagement
    need = case.proposal.need
    lines: list[Flowable] = [
        Paragraph(TITLE, title),
        _line(f"对接编号：{case.public_id}", body),
        _line(f"文本版本：{agreement.text_version}", body),
        _line(f"需求方：{names.need}", body),
        _line(f"供给方：{names.capability}", body),
        _line(f"技术需求：{need.title}（编号 {need.public_id}）", body),
        _line("双方就上述技术需求开展对接，为保护各自的保密信息，约定如下：", body),
    ]
    for number, (name, text) in enumerate(CLAUSES[agreement.text_version], start=1):
        lines += [_line(f"第{'一二三四五六七八九十'[number - 1]}条　{name}", heading), _line(text, body)]
    lines += [Spacer(1, 8 * mm), _line("确认记录", heading)]
    lines += [_line(f"{label}：{_record(agreement, side, names)}", body) for label, side in SIDES]
    if agreement.signed_at:
        lines.append(_line(f"生效时间：{_moment(agreement.signed_at)}", body))
    return lines


def _line(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text), style)


def _record(agreement: Agreement, side: str, names: Names) -> str:
    """Who confirmed, and when; the person is named only in the agreement that both have confirmed."""
    moment: datetime | None = getattr(agreement, f"{side}_confirmed_at")
    if moment is None:
        return "待确认"
    party = getattr(agreement, f"{side}_party") if agreement.signed_at else getattr(names, side)
    person = f"，确认人 {getattr(agreement, f'{side}_confirmed_by').name}" if agreement.signed_at else ""
    return f"{party}{person}，{_moment(moment)} 在平台确认"


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
