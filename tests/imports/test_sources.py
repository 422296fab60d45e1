"""Sheets as people really send them: read as they meant them, or refused with a sentence."""

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from apps.core.import_cells import read_day
from apps.core.tables import TableRefused, csv_lines
from apps.core.tables.sources import counts_from_1904, peek, sheet_source
from apps.imports.columns import best_sheet, columns_of, guess, heading_line, top_of
from apps.imports.doors import fields_of
from apps.imports.models import ImportKind
from tests.imports.bad_files import REFUSED, SHEET_BEGIN, SHEET_END, raw_workbook, workbook, write_refused

FIELDS = fields_of(ImportKind.RESULT, names_organisation=False)


def kept(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def saved(folder: Path, book: Workbook) -> Path:
    target = BytesIO()
    book.save(target)
    return kept(folder, "a.xlsx", target.getvalue())


def cells(path: Path, sheet: str = "") -> list[list[str]]:
    return [row.cells for row in sheet_source(path, sheet or peek(path).sheets[0].name)]


def read_all(path: Path) -> None:
    for sheet in peek(path).sheets:
        list(sheet_source(path, sheet.name))


def active(book: Workbook) -> Any:
    return book.active


# Here a GBK file is read, for the person sees it before it is used; only .jsonl is not for people.
READ_HERE = {
    "gbk.csv",
    "header_only.csv",
    "header_only.xlsx",
    "same_heading_twice.csv",
    "two_titles.csv",
    "no_title.csv",
}


@pytest.mark.parametrize(
    "name", [name for name in REFUSED if name not in READ_HERE and not name.endswith((".jsonl", "lines.csv"))]
)
def test_a_file_that_cannot_be_used_is_refused_with_one_sentence(tmp_path: Path, name: str) -> None:
    path = write_refused(tmp_path, name)
    with pytest.raises(TableRefused) as refusal:
        read_all(path)
    assert "\n" not in str(refusal.value)


def test_gbk_is_read_where_it_reads_as_chinese(tmp_path: Path) -> None:
    text = "编号,名称\n1,激光熔覆耐磨涂层技术（含“工艺”）\n"
    path = kept(tmp_path, "a.csv", text.encode("gbk"))
    assert peek(path).encoding == "gb18030"
    assert cells(path) == [["编号", "名称"], ["1", "激光熔覆耐磨涂层技术（含“工艺”）"]]


@pytest.mark.parametrize(
    "content",
    ["編號,名稱\n1,雷射熔覆耐磨塗層技術的研究與開發\n".encode("big5"), "id,café,naïve,crème\n".encode("latin-1")],
    ids=["big5", "latin-1"],
)
def test_what_only_decodes_as_gbk_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TableRefused):
        peek(kept(tmp_path, "a.csv", content))


def test_merged_cells_say_the_same_on_each_of_their_rows(tmp_path: Path) -> None:
    book = Workbook()
    sheet = active(book)
    for row in (["单位", "名称"], ["甲", "一"], [None, "二"], [None, None], [None, "三"], ["乙", "四"], [None, "五"]):
        sheet.append(row)
    sheet.merge_cells("A2:A5")
    assert cells(saved(tmp_path, book)) == [
        ["单位", "名称"],
        ["甲", "一"],
        ["甲", "二"],
        ["甲", "三"],
        ["乙", "四"],
        ["", "五"],
    ]


def test_too_many_merges_are_refused(tmp_path: Path) -> None:
    merges = b"".join(b'<mergeCell ref="A%d:A%d"/>' % (n, n + 1) for n in range(1, 40_003, 2))
    sheet = (
        SHEET_BEGIN
        + b'<row><c t="str"><v>a</v></c></row></sheetData><mergeCells>'
        + merges
        + b"</mergeCells></worksheet>"
    )
    with pytest.raises(TableRefused, match="合并"):
        peek(kept(tmp_path, "a.xlsx", raw_workbook(sheet)))


def test_a_formula_says_its_result_and_one_without_is_told_by_cell(tmp_path: Path) -> None:
    row = b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1" t="e"><v>#REF!</v></c></row>'
    path = kept(tmp_path, "a.xlsx", raw_workbook(SHEET_BEGIN + row + SHEET_END))
    [found] = sheet_source(path, "a")
    assert found.cells[0] == "2"
    assert sorted(found.problems) == [1, 2]
    assert "公式" in found.problems[1]
    assert "#REF!" in found.problems[2]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2027-12-31", date(2027, 12, 31)),
        ("2027/1/5", date(2027, 1, 5)),
        ("2027.1.5", date(2027, 1, 5)),
        ("2027年12月31日", date(2027, 12, 31)),
        ("20271231", date(2027, 12, 31)),
        ("2027-12-31 00:00:00", date(2027, 12, 31)),
        ("46387", date(2026, 12, 31)),
    ],
)
def test_a_day_is_read_as_people_and_excel_write_it(written: str, day: date) -> None:
    assert read_day(written) == day


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_days_that_excel_shows_as_days_are_those_days(tmp_path: Path, epoch_1904: bool) -> None:
    book = Workbook()
    if epoch_1904:
        book.epoch = CALENDAR_MAC_1904
    active(book).append([date(2026, 5, 1)])
    path = saved(tmp_path, book)
    assert cells(path) == [["2026-05-01"]]
    assert counts_from_1904(path) is epoch_1904


def test_hidden_sheets_are_named_and_hidden_rows_and_columns_are_read(tmp_path: Path) -> None:
    book = Workbook()
    sheet = active(book)
    sheet.append(["编号", "名称"])
    sheet.append(["1", "甲"])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    for title, state in (("底稿", "hidden"), ("更深", "veryHidden")):
        other = book.create_sheet(title)
        other.append(["x"])
        other.sheet_state = state
    path = saved(tmp_path, book)
    found = peek(path)
    assert found.hidden_sheets == ["底稿", "更深"]
    [one] = found.sheets
    assert one.hidden_columns == {1}
    assert [row.is_hidden for row in sheet_source(path, one.name)] == [False, True]


def test_a_heading_below_a_title_is_found(tmp_path: Path) -> None:
    book = Workbook()
    sheet = active(book)
    for row in (
        ["某大学 2026 年科技成果一览表"],
        [],
        ["填表人：张三"],
        ["成果编号", "成果名称（必填）", "所属产业链", "备注"],
        ["1", "甲"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    notes = book.create_sheet("说明", 0)
    notes.append(["请如实填写名称"])
    top = top_of(peek(saved(tmp_path, book)))
    chosen = best_sheet(top, FIELDS)
    line = heading_line(chosen, FIELDS)
    assert (chosen["name"], line) == ("Sheet", 4)
    assert [column.heading for column in columns_of(chosen, line)] == [
        "成果编号",
        "成果名称（必填）",
        "所属产业链",
        "备注",
    ]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("成果名称（必填）", "title"),
        ("*编号*", "external_id"),
        ("技术成熟度（TRL）", "trl"),
        ("知识产权状态", "details.ip_status"),
        ("合作方式（可多选）", "cooperation_modes"),
        ("联系电话", None),
        ("错误", None),
        ("原行号", None),
    ],
)
def test_headings_are_guessed_by_their_likeness(heading: str, field: str | None) -> None:
    assert guess([heading], FIELDS) == ({"0": field} if field else {})


@pytest.mark.parametrize(
    ("name", "said"), [("a.xls", "旧版"), ("a.xlsm", "宏"), ("a.et", "WPS"), ("a.pdf", "只支持"), ("a", "只支持")]
)
def test_other_kinds_of_file_are_told_apart(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(TableRefused, match=said):
        peek(kept(tmp_path, name, workbook([["编号"], ["1"]])))


def test_macros_behind_another_name_are_refused(tmp_path: Path) -> None:
    content = BytesIO(workbook([["编号"], ["1"]]))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(TableRefused, match="宏"):
        peek(kept(tmp_path, "a.xlsx", content.getvalue()))


def test_texts_shared_among_cells_keep_their_formatting_runs_and_lose_their_readings(tmp_path: Path) -> None:
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>激光</t></si><si><r><t>熔</t></r><r><t>覆</t></r><rPh><t>ronfu</t></rPh></si></sst>"
    )
    row = b'<row><c t="s"><v>1</v></c><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
    content = raw_workbook(SHEET_BEGIN + row + SHEET_END, **{"xl/sharedStrings.xml": strings.encode()})
    assert cells(kept(tmp_path, "a.xlsx", content)) == [["熔覆", "激光", "熔覆"]]


def test_a_text_that_a_workbook_does_not_have_is_damage(tmp_path: Path) -> None:
    content = raw_workbook(SHEET_BEGIN + b'<row><c t="s"><v>7</v></c></row>' + SHEET_END)
    with pytest.raises(TableRefused, match="损坏"):
        peek(kept(tmp_path, "a.xlsx", content))


@pytest.mark.parametrize("number", ["99999999999999999999", "-5", "0", "1048577", "x"])
def test_a_row_that_no_sheet_has_is_damage(tmp_path: Path, number: str) -> None:
    row = f'<row r="{number}"><c t="str"><v>a</v></c></row>'.encode()
    with pytest.raises(TableRefused, match="损坏"):
        peek(kept(tmp_path, "a.xlsx", raw_workbook(SHEET_BEGIN + row + SHEET_END)))


def under_another_name(content: bytes) -> bytes:
    """The same workbook, its parts not compressed and its sheet named as no XML is."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            part = source.read(name).replace(b"worksheets/sheet1.xml", b"worksheets/sheet1.dat")
            archive.writestr(name.replace("sheet1.xml", "sheet1.dat"), part)
    return target.getvalue()


def test_a_sheet_is_looked_through_whatever_its_part_is_called(tmp_path: Path) -> None:
    row = b'<row><c t="str"><v>a</v></c></row>'
    good = under_another_name(raw_workbook(SHEET_BEGIN + row + SHEET_END))
    assert cells(kept(tmp_path, "good.xlsx", good)) == [["a"]]
    with pytest.raises(TableRefused, match="Excel"):
        peek(kept(tmp_path, "broken.xlsx", good.replace(b"<v>a</v>", b"<v>b</v>")))
    with pytest.raises(TableRefused, match="实体"):
        peek(kept(tmp_path, "entities.xlsx", under_another_name(REFUSED["entities.xlsx"][0]())))


def test_a_sheet_whose_name_nobody_could_type_is_refused(tmp_path: Path) -> None:
    content = BytesIO(raw_workbook(SHEET_BEGIN + b'<row><c t="str"><v>a</v></c></row>' + SHEET_END))
    target = BytesIO()
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b'sheet name="a"', b'sheet name="%s"' % (b"a" * 101)))
    with pytest.raises(TableRefused, match="名称超过 100 个字"):
        peek(kept(tmp_path, "a.xlsx", target.getvalue()))


def test_a_csv_of_more_columns_than_a_table_has_is_refused(tmp_path: Path) -> None:
    heads = ",".join(f"h{number}" for number in range(100))
    path = kept(tmp_path, "a.csv", f"{heads},,,\n{heads}\n")
    assert [len(row) for row in cells(path)] == [100, 100]
    with pytest.raises(TableRefused, match="第 2 行超过 100 列"):
        peek(kept(tmp_path, "wide.csv", f"{heads}\n{heads},one more\n"))


def test_what_csv_writes_is_read_as_it_was(tmp_path: Path) -> None:
    texts = ["-10℃以下仍可使用", "=1+1", "＋5", "'quoted'", "it's", "-3"]
    path = kept(tmp_path, "a.csv", "".join(csv_lines(texts, [texts])))
    assert cells(path) == [texts, texts]
