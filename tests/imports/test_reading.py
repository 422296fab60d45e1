"""What comes out of tables that people made."""

import json
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from apps.core.tables import Fields, Row, Table, TableRefused, open_table
from tests.imports.bad_files import REFUSED, raw_workbook, workbook, write_huge, write_refused

FIELDS = Fields(
    {"id": ("编号",), "title": ("名称", "标题"), "description": ("描述", "简介"), "tags": ("标签",)},
    required=("id", "title"),
)


def opened(folder: Path, name: str, content: bytes | str) -> Table:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_table(path, FIELDS)


def values(table: Table) -> list[dict[str, object]]:
    return [row.values for row in table]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence_that_says_why(tmp_path: Path, name: str) -> None:
    with pytest.raises(TableRefused, match=REFUSED[name][1]):
        open_table(write_refused(tmp_path, name), FIELDS)


def test_a_file_of_200_mb_is_refused_by_its_size_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_huge(tmp_path)
    monkeypatch.delattr(Path, "open")  # whoever looked inside would fail
    with pytest.raises(TableRefused, match="200 MB，超过 100 MB"):
        open_table(path, FIELDS)


@pytest.mark.parametrize("name", ["absent.csv", "folder.csv"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(TableRefused, match="找不到"):
        open_table(tmp_path / name, FIELDS)


def test_headings_may_be_chinese_or_english_and_carry_stars_and_spaces(tmp_path: Path) -> None:
    table = opened(tmp_path, "a.csv", "★ 编号, Ｔｉｔｌｅ ,简介,负责人\n7,激光熔覆,很硬,某人\n")
    assert values(table) == [{"id": "7", "title": "激光熔覆", "description": "很硬"}]
    assert table.ignored_columns == ["负责人"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_csv_of_every_spreadsheet_program_is_read(tmp_path: Path, encoding: str, sign: str, ending: str) -> None:
    text = ending.join([sign.join(["id", "title"]), sign.join(["1", "激光熔覆"]), ""])
    assert values(opened(tmp_path, "a.csv", text.encode(encoding))) == [{"id": "1", "title": "激光熔覆"}]


def test_cells_may_hold_quotes_commas_and_newlines_and_rows_keep_their_line_numbers(tmp_path: Path) -> None:
    table = opened(tmp_path, "a.csv", 'id,title,description\n1,"a ""b"", c","一\n二\n三"\n\n2,d,\n')
    assert list(table) == [
        Row(2, {"id": "1", "title": 'a "b", c', "description": "一\n二\n三"}),
        Row(6, {"id": "2", "title": "d", "description": ""}),
    ]
    assert table.count == 2


def test_a_csv_row_with_more_cells_than_columns_is_a_bad_row_and_no_bad_file(tmp_path: Path) -> None:
    table = opened(tmp_path, "a.csv", "id,title\n1,a,b\n2,c\n3\n")
    assert [(row.line, bool(row.problem)) for row in table] == [(2, True), (3, False), (4, False)]
    assert values(table)[1:] == [{"id": "2", "title": "c"}, {"id": "3"}]


def test_bad_lines_of_jsonl_are_bad_rows(tmp_path: Path) -> None:
    lines = [
        '{"id": "1", "title": "a", "标签": ["x"], "more": 1}',
        "not json",
        "[1]",
        '{"id": ' + "9" * 5_000 + "}",
        "[" * 100_000,
        "",
        '{"id": 2, "title": "b"}',
    ]
    table = opened(tmp_path, "a.jsonl", "\n".join(lines))
    rows = list(table)
    assert [row.line for row in rows if row.problem] == [2, 3, 4, 5]
    assert [row.values for row in rows if not row.problem] == [
        {"id": "1", "title": "a", "tags": ["x"]},
        {"id": 2, "title": "b"},
    ]


def test_numbers_dates_and_formulas_of_a_workbook_become_the_texts_a_person_reads(tmp_path: Path) -> None:
    cells = (
        b'<row r="1"><c t="inlineStr"><is><t>id</t></is></c><c t="inlineStr"><is><t>title</t></is></c></row>'
        b'<row r="2"><c><v>12.0</v></c><c><f>1+1</f><v>2.5</v></c></row>'
        b'<row r="5"><c><v>1E+20</v></c><c t="b"><v>1</v></c></row>'
    )
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    assert list(opened(tmp_path, "a.xlsx", raw_workbook(sheet % cells))) == [
        Row(2, {"id": "12", "title": "2.5"}),
        Row(5, {"id": "1e+20", "title": "是"}),
    ]
    midnight = datetime.combine(date(2026, 5, 1), time.min)
    dated = workbook([["id", "title"], [midnight, date(2026, 5, 2)], [midnight + timedelta(hours=8.5), " a "]])
    assert values(opened(tmp_path, "b.xlsx", dated)) == [
        {"id": "2026-05-01", "title": "2026-05-02"},
        {"id": "2026-05-01 08:30:00", "title": "a"},
    ]


def test_hidden_and_empty_sheets_are_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    hidden, empty, shown = book.active, book.create_sheet(), book.create_sheet()
    assert hidden is not None
    hidden.sheet_state = "hidden"
    for sheet, word in ((hidden, "hidden"), (shown, "shown")):
        sheet.append(["id", "title"])
        sheet.append([1, word])
    book.active = empty
    target = BytesIO()
    book.save(target)
    assert values(opened(tmp_path, "a.xlsx", target.getvalue())) == [{"id": "1", "title": "shown"}]


def test_a_cell_in_the_last_column_and_row_costs_nothing(tmp_path: Path) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        b'<sheetData><row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>title</v></c></row>'
        b'<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>3</v></c></row></sheetData></worksheet>'
    )
    assert values(opened(tmp_path, "a.xlsx", raw_workbook(sheet))) == [{"id": "1", "title": "2"}]


def test_a_table_can_be_read_twice(tmp_path: Path) -> None:
    table = opened(tmp_path, "a.jsonl", json.dumps({"id": "1", "title": "a"}))
    assert values(table) == values(table)
