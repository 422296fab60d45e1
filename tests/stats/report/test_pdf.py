"""The report's file as its reader has it: every face in it, every page telling what it is of, no table without head."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader

from apps.stats.report.content import Report, ReportChart, ReportTable
from apps.stats.report.pdf import report_pdf

MONTHS = [f"2022-{number:02}" for number in range(1, 13)]
REPORT = Report(
    region="胶州市",
    month=date(2022, 11, 1),
    made_on=date(2022, 12, 5),
    current_at=datetime(2022, 12, 5, 1, 30, tzinfo=UTC),
    summary=["发布的需求：本月 21 项，比上月增加 11 项。", "R&D：😀"],
    targets=["技术经纪人（人）：目前 1，为今年目标 4 的 25.0%。"],
    tables=[
        ReportTable("主要指标", ["指标", "本月"], [["发布的需求", "21"], ["到账额（万元）", "301.9"]]),
        ReportTable("成效类型", ["成效类型", "确认的成效"], [], "本月没有确认的成效。"),
        ReportTable("各区市", ["区市", "需求"], [[f"第{n}区", str(n)] for n in range(80)], "注。", has_total=True),
    ],
    charts=[ReportChart("近12个月合同成交额（万元）", MONTHS, [1_234_567.8, *[0.0] * 10, 12.5])],
    definitions=[(f"指标{n}", "按发布日期计。" * 12) for n in range(20)],
)


def read(report: Report, language: str = "zh-hans") -> PdfReader:
    with translation.override(language):
        return PdfReader(BytesIO(report_pdf(report)))


def text_of(reader: PdfReader) -> list[str]:
    return [page.extract_text() for page in reader.pages]


def faces(reader: PdfReader) -> Iterator[tuple[str, Any]]:
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]  # pypdf's objects are their own types
            for part in font.get_object().get("/DescendantFonts", [font]):
                yield part.get_object()["/BaseFont"], part.get_object().get("/FontDescriptor", {})


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_face_is_in_the_file(language: str) -> None:
    found = dict(faces(read(REPORT, language)))
    assert found
    assert [name for name, descriptor in found.items() if "/FontFile2" not in descriptor] == []


def test_each_page_says_what_it_is_of_and_where_it_stood() -> None:
    pages = text_of(read(REPORT))
    last = len(pages) - 1
    assert last > 3
    for number, text in enumerate(pages[1:], 1):
        assert "云端研发供需匹配服务月报" in text
        assert "2022年11月" in text
        assert "胶州市" in text
        assert f"第 {number} 页，共 {last} 页" in text
    assert "2022年12月5日" in pages[0]
    assert "截至 2022-12-05 09:30" in pages[0]


def test_a_table_that_goes_on_repeats_its_head() -> None:
    pages = text_of(read(REPORT))
    assert sum("区市\n" in text for text in pages) > 1
    assert sum("怎么算" in text for text in pages) > 1


def test_amounts_stand_in_full_and_what_no_face_has_as_its_number() -> None:
    text = "\n".join(text_of(read(REPORT)))
    assert "1,234,568" in text
    assert "R&D：〔U+1F600〕" in text
    assert "本月没有确认的成效。" in text


def test_headings_are_marks_in_the_file() -> None:
    outline = [str(mark["/Title"]) for mark in read(REPORT).outline if isinstance(mark, dict)]
    assert outline == ["一、本月概况", "二、年度目标进度", "三、数据表", "四、走势图", "五、指标说明"]


def test_figures_that_were_never_counted_are_not_told_as_nothing() -> None:
    [front, *_rest] = text_of(read(replace(REPORT, current_at=None)))
    assert "统计数字还在计算" in front
