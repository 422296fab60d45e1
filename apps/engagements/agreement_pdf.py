"""The agreement as a PDF, made from its row whenever somebody asks for it: the same row gives the same bytes."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import SimpleDocTemplate, Spacer
from reportlab.platypus.flowables import Flowable

from apps.core.due_times import moment_text
from apps.core.pdf.face import FACE, face
from apps.core.pdf.text import BODY, paragraph
from apps.engagements.agreement_text import CLAUSES, TITLE
from apps.engagements.models import Agreement

UNNAMED = "（双方确认后载明）"
SIDES = (("需求方", "need"), ("供给方", "capability"))


@dataclass(frozen=True, slots=True)
class Names:
    """The two parties, as the reader may know them."""

    need: str
    capability: str


def agreement_pdf(agreement: Agreement, names: Names) -> bytes:
    """A4, one to two pages."""
    face()
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
        initialFontName=FACE,
    )
    document.build(_content(agreement, names))
    return target.getvalue()


def _content(agreement: Agreement, names: Names) -> list[Flowable]:
    heading = ParagraphStyle("heading", parent=BODY, fontSize=12, spaceBefore=8, keepWithNext=1)
    title = ParagraphStyle("title", parent=BODY, fontSize=20, leading=30, alignment=TA_CENTER, spaceAfter=12)
    case = agreement.engagement
    need = case.proposal.need
    lines: list[Flowable] = [
        paragraph(TITLE, title),
        paragraph(f"对接编号：{case.public_id}", BODY),
        paragraph(f"文本版本：{agreement.text_version}", BODY),
        paragraph(f"需求方：{names.need}", BODY),
        paragraph(f"供给方：{names.capability}", BODY),
        paragraph(f"技术需求：{need.title}（编号 {need.public_id}）", BODY),
        paragraph("双方就上述技术需求开展对接，为保护各自的保密信息，约定如下：", BODY),
    ]
    for number, (name, text) in enumerate(CLAUSES[agreement.text_version], start=1):
        lines += [paragraph(f"第{'一二三四五六七八九十'[number - 1]}条　{name}", heading), paragraph(text, BODY)]
    lines += [Spacer(1, 8 * mm), paragraph("确认记录", heading)]
    lines += [paragraph(f"{label}：{_record(agreement, side, names)}", BODY) for label, side in SIDES]
    if agreement.signed_at:
        lines.append(paragraph(f"生效时间：{moment_text(agreement.signed_at)}", BODY))
    return lines


def _record(agreement: Agreement, side: str, names: Names) -> str:
    """Who confirmed, and when; the person is named only in the agreement that both have confirmed."""
    moment: datetime | None = getattr(agreement, f"{side}_confirmed_at")
    if moment is None:
        return "待确认"
    party = getattr(agreement, f"{side}_party") if agreement.signed_at else getattr(names, side)
    person = f"，确认人 {getattr(agreement, f'{side}_confirmed_by').name}" if agreement.signed_at else ""
    return f"{party}{person}，{moment_text(moment)} 在平台确认"
