"""Nothing that the platform writes is ever calculated by the program that opens it."""

import csv
import io
import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from apps.core.tables import csv_lines, jsonl_lines, write_xlsx
from apps.core.tables.writing import Cell

DANGEROUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://a")',
]


def csv_cells(rows: list[list[Cell]]) -> list[list[str]]:
    text = "".join(csv_lines(["a"], rows))
    assert text[0] == "\ufeff"
    return list(csv.reader(io.StringIO(text[1:], newline="")))[1:]


def sheet_rows(rows: list[list[Cell]]) -> list[tuple[object, ...]]:
    target = io.BytesIO()
    write_xlsx(target, ["a"], rows, title="表")
    sheet = load_workbook(target).active
    assert sheet is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return list(sheet.iter_rows(min_row=2, values_only=True))


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text: str) -> None:
    [[cell]] = csv_cells([[text]])
    assert cell.startswith("'")
    [[shown]] = sheet_rows([[text]])
    assert str(shown).lstrip() == text.replace("\0", "").lstrip()


@pytest.mark.parametrize("text", ["激光熔覆", "a=b", "#N/A", "100%", "'引文", "多行\n文字", ""])
def test_harmless_texts_stay_as_they_are(text: str) -> None:
    assert csv_cells([[text, "x"]]) == [[text, "x"]]
    assert sheet_rows([[text, "x"]]) == [(text or None, "x")]


def test_numbers_and_days_stay_what_they_are() -> None:
    row: list[Cell] = [
        -1.5,
        7,
        Decimal("2.50"),
        date(2026, 5, 1),
        datetime(2026, 5, 1, 1, 2, 3, 4, tzinfo=UTC),
        None,
        1,
    ]
    assert csv_cells([row]) == [["-1.5", "7", "2.50", "2026-05-01", "2026-05-01 09:02:03+08:00", "", "1"]]
    day = datetime.combine(date(2026, 5, 1), time.min)
    assert sheet_rows([row]) == [(-1.5, 7, 2.5, day, day + timedelta(hours=9, minutes=2, seconds=3), None, 1)]


def test_what_no_file_can_hold_is_left_out() -> None:
    text = "a\x00\x01\ud800b"
    assert csv_cells([[text]]) == [["ab"]]
    assert sheet_rows([[text]]) == [("ab",)]


def test_jsonl_has_an_object_per_row_with_the_header_as_keys() -> None:
    lines = list(jsonl_lines(["编号", "理由"], [["1", ["一", "二"]], ["2", None]]))
    assert [json.loads(line) for line in lines] == [{"编号": "1", "理由": ["一", "二"]}, {"编号": "2", "理由": None}]
