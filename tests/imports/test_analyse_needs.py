"""`analyse_needs`: a file of needs taken apart, without a database. No test here has one: a query would fail."""

import json
from pathlib import Path
from typing import Any

import pytest

from apps.matching import file_analysis
from tests.imports.bad_files import REFUSED, workbook, write_refused
from tests.imports.command_runs import Done, run

NEED: dict[str, Any] = {
    "id": "n1",
    "title": "  轧辊表面耐磨涂层",
    "description": "\n轧辊磨损快，想用激光熔覆，\r\n涂层硬度不低于60HRC，厚度最好0.3~0.5mm。单支成本不超过3000元。",
}
KEYS = ["id", "indicators", "elements", "tags", "clarity"]


def jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def analyse(folder: Path, rows: list[dict[str, Any]], output: str = "out.jsonl") -> Done:
    return run("analyse_needs", jsonl(folder / "needs.jsonl", rows), "--output", folder / output)


def analyses(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_need_is_told_with_indicators_elements_tags_and_clarity(tmp_path: Path) -> None:
    assert analyse(tmp_path, [NEED]) == Done(0, f"1 项需求的分析已写入 {tmp_path / 'out.jsonl'}。\n", "")
    (need,) = analyses(tmp_path / "out.jsonl")
    assert list(need) == KEYS
    hard, wished, _cost = need["indicators"]
    assert [hard[key] for key in ("name", "low", "high", "unit", "is_hard", "field")] == [
        *("涂层硬度", 60.0, None, "HRC", True, "description"),
    ]
    assert (wished["low"], wished["high"], wished["unit"], wished["is_hard"]) == (0.3, 0.5, "mm", False)
    assert {"problem", "object", "process", "indicator", "constraint"} <= {e["kind"] for e in need["elements"]}
    assert "laser_cladding" in {tag["code"] for tag in need["tags"]}
    assert 0 < need["clarity"]["score"] < 100
    assert {"code", "points", "text"} == need["clarity"]["gaps"][0].keys()
    assert need["clarity"]["score"] == 100 - sum(gap["points"] for gap in need["clarity"]["gaps"])


def test_positions_are_those_of_the_fields_as_the_file_has_them(tmp_path: Path) -> None:
    analyse(tmp_path, [NEED])
    (need,) = analyses(tmp_path / "out.jsonl")
    assert need["elements"]
    for element in need["elements"]:
        assert NEED[element["field"]][element["start"] : element["end"]] == element["text"]
    for indicator in need["indicators"]:
        passage = NEED[indicator["field"]][indicator["start"] : indicator["end"]]
        assert passage.startswith(indicator["name"])
    named = [tag for tag in need["tags"] if tag["field"]]
    assert {tag["name"]: NEED[tag["field"]][tag["start"] : tag["end"]] for tag in named}["激光熔覆"] == "激光熔覆"
    assert all(tag["start"] is tag["end"] is None for tag in need["tags"] if not tag["field"])


def test_what_the_title_says_is_not_said_again(tmp_path: Path) -> None:
    analyse(tmp_path, [{"id": "1", "title": "激光熔覆修复轧辊", "description": "轧辊用激光熔覆修复。"}])
    (need,) = analyses(tmp_path / "out.jsonl")
    assert [e["field"] for e in need["elements"] if e["text"] == "激光熔覆"] == ["title"]


HOSTILE = [
    "1",
    "🙂" * 500,
    "\x00\x07",
    "\ud800",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "x" * 200_000,
    "   ",
]


def test_any_text_has_an_answer(tmp_path: Path) -> None:
    rows = [{"id": number, "title": "a", "description": text} for number, text in enumerate(HOSTILE)]
    assert analyse(tmp_path, rows).code == 0
    found = analyses(tmp_path / "out.jsonl")
    assert [need["id"] for need in found] == [str(number) for number in range(len(HOSTILE))]
    assert all(need["indicators"] == need["elements"] == need["tags"] == [] for need in found)


def test_bad_rows_are_told_by_line_and_the_others_analysed(tmp_path: Path) -> None:
    rows = [NEED, {"id": "", "title": "无编号"}, {"id": "n2", "title": ["x"]}, NEED, {"id": "n3", "title": "好"}]
    done = analyse(tmp_path, rows)
    assert done.code == 1
    assert [need["id"] for need in analyses(tmp_path / "out.jsonl")] == ["n1", "n3"]
    lines = done.err.splitlines()
    assert [line.split(" ")[1:3] for line in lines] == [["第", "2"], ["第", "3"], ["第", "4"]]
    assert "前面已有同一编号" in lines[2]


def test_tables_are_read_like_json_lines(tmp_path: Path) -> None:
    sheet = tmp_path / "needs.xlsx"
    sheet.write_bytes(workbook([["编号", "需求名称", "描述"], ["n1", NEED["title"], "硬度不低于60HRC"]]))
    assert run("analyse_needs", sheet, "--output", tmp_path / "out.jsonl").code == 0
    assert [i["low"] for i in analyses(tmp_path / "out.jsonl")[0]["indicators"]] == [60.0]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_ends_with_code_2_and_writes_nothing(tmp_path: Path, name: str) -> None:
    done = run("analyse_needs", write_refused(tmp_path, name), "--output", tmp_path / "out.jsonl")
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("output", ["out.csv", "no_such_folder/out.jsonl", "needs.jsonl"])
def test_an_output_that_cannot_be_written_is_refused(tmp_path: Path, output: str) -> None:
    done = analyse(tmp_path, [NEED], output)
    assert done.code == 2
    assert json.loads((tmp_path / "needs.jsonl").read_text()) == NEED


def test_what_stood_in_the_output_stays_if_anything_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out.jsonl").write_text("before")

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(file_analysis, "assess_clarity", fail)
    with pytest.raises(RuntimeError):
        analyse(tmp_path, [NEED])
    assert (tmp_path / "out.jsonl").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
