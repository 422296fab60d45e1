"""`rank_files`: two tables against each other, without a database. No test here has one: a query would fail."""

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from openpyxl import load_workbook

from apps.matching import file_ranking
from tests.imports.bad_files import REFUSED, workbook, write_huge, write_refused
from tests.imports.command_runs import Done, run

NEEDS: list[dict[str, Any]] = [
    {
        "id": "n1",
        "title": "轧辊表面耐磨涂层",
        "description": "希望用激光熔覆，涂层硬度不低于60HRC。",
        "tags": "激光熔覆",
    },
    {"id": "n2", "title": "印染废水脱色", "description": "色度高，生化后仍不达标。", "tags": ""},
]
CAPABILITIES: list[dict[str, Any]] = [
    {"id": "c1", "title": "激光熔覆耐磨涂层制备技术", "description": "涂层硬度62HRC。", "tags": "laser_cladding"},
    {"id": "c2", "title": "臭氧催化氧化处理印染废水", "description": "脱色率 95% 以上。", "tags": ""},
    {"id": "c3", "title": "海参育苗", "description": "", "tags": ""},
]


def jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def rank(folder: Path, output: str, *more: object, needs: Path | None = None, capabilities: Path | None = None) -> Done:
    needs = needs or jsonl(folder / "needs.jsonl", NEEDS)
    capabilities = capabilities or jsonl(folder / "capabilities.jsonl", CAPABILITIES)
    files = ("--needs", needs, "--capabilities", capabilities, "--output", folder / output)
    return run("rank_files", *files, *more)


def run_lines(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines()]


def test_a_run_ranks_every_capability_for_every_need(tmp_path: Path) -> None:
    assert rank(tmp_path, "run.trec", "--depth", 0).code == 0
    lines = run_lines(tmp_path / "run.trec")
    places = defaultdict(list)
    for need, q0, capability, place, score, name in lines:
        assert (q0, name) == ("Q0", file_ranking.RUN_NAME)
        places[need].append((int(place), -float(score), capability))
    assert {need: sorted(found) == found for need, found in places.items()} == {"n1": True, "n2": True}
    assert {need: [capability for *_, capability in found] for need, found in places.items()} == {
        "n1": ["c1", "c2", "c3"],
        "n2": ["c2", "c1", "c3"],
    }


@pytest.mark.parametrize(("depth", "kept"), [(1, 1), (2, 2), (9, 3), (0, 3)])
def test_depth_keeps_the_best(tmp_path: Path, depth: int, kept: int) -> None:
    rank(tmp_path, "run.trec", "--depth", depth)
    assert [line[3] for line in run_lines(tmp_path / "run.trec")] == [str(n) for n in range(1, kept + 1)] * 2


def test_a_table_tells_titles_score_parts_and_reasons(tmp_path: Path) -> None:
    assert rank(tmp_path, "run.csv", "--depth", 1).code == 0
    with (tmp_path / "run.csv").open(encoding="utf-8-sig", newline="") as file:
        best, other = list(csv.DictReader(file))
    assert (best["需求编号"], best["需求名称"]) == ("n1", "轧辊表面耐磨涂层")
    assert (best["资源编号"], best["资源名称"], best["名次"]) == ("c1", "激光熔覆耐磨涂层制备技术", "1")
    assert 0 < float(best["匹配度"]) <= 100
    assert [part.split()[0] for part in best["得分构成"].split("，")] == ["词语", "字串", "语义", "标签", "指标"]
    assert sum(float(part.split()[1]) for part in best["得分构成"].split("，")) == pytest.approx(
        float(best["匹配度"]), abs=0.06
    )
    assert best["对需求方说"].startswith(("您", "这项资源"))
    assert "轧辊表面耐磨涂层" in best["对供给方说"]
    assert best["推荐理由"].startswith("双方都涉及：")
    assert "共同标签：激光熔覆" in best["推荐理由"]
    assert "满足" in best["推荐理由"]
    assert other["资源编号"] == "c2"


def three_cells(reasons: list[str]) -> list[str]:
    """One sentence for each side, then the statements."""
    return [*reasons[:2], "；".join(reasons[2:])]


def test_a_workbook_and_a_jsonl_say_the_same_as_the_csv(tmp_path: Path) -> None:
    for name in ("run.csv", "run.xlsx", "run.jsonl"):
        assert rank(tmp_path, name).code == 0
    with (tmp_path / "run.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    sheet = load_workbook(tmp_path / "run.xlsx").active
    assert sheet is not None
    assert [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)] == [
        ["" if cell == "0.0" else cell for cell in row] for row in table
    ]
    objects = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert [(o["need_id"], o["capability_id"], str(o["rank"]), *three_cells(o["reasons"])) for o in objects] == [
        (row[0], row[2], row[4], *row[7:]) for row in table[1:]
    ]
    assert sum(objects[0]["parts"].values()) == pytest.approx(objects[0]["score"], abs=0.03)


@pytest.mark.parametrize("name", ["needs.csv", "needs.xlsx"])
def test_input_may_be_a_spreadsheet_with_chinese_headings(tmp_path: Path, name: str) -> None:
    rows: list[list[object]] = [["编号", "名称", "简介", "标签"], *(list(row.values()) for row in NEEDS)]
    if name.endswith("xlsx"):
        (tmp_path / name).write_bytes(workbook(rows))
    else:
        (tmp_path / name).write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8-sig")
    rank(tmp_path, "one.trec", "--depth", 0)
    rank(tmp_path, "other.trec", "--depth", 0, needs=tmp_path / name)
    assert (tmp_path / "one.trec").read_bytes() == (tmp_path / "other.trec").read_bytes()


@pytest.mark.parametrize("tags", ["laser_cladding", "激光熔覆", "Laser Cladding", ["激光熔覆"], "未知，激光熔覆|x"])
def test_a_tag_is_its_code_its_name_or_an_alias(tmp_path: Path, tags: object) -> None:
    needs = jsonl(tmp_path / "needs.jsonl", [{"id": "n", "title": "表面处理", "tags": tags}])
    rank(tmp_path, "run.csv", needs=needs)
    assert "共同标签：激光熔覆" in (tmp_path / "run.csv").read_text()


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_ends_with_code_2_and_writes_nothing(tmp_path: Path, name: str) -> None:
    done = rank(tmp_path, "run.csv", capabilities=write_refused(tmp_path, name))
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert not (tmp_path / "run.csv").exists()


def test_a_file_of_200_mb_ends_with_code_2(tmp_path: Path) -> None:
    done = rank(tmp_path, "run.csv", needs=write_huge(tmp_path))
    assert done.code == 2
    assert "超过 100 MB" in done.err


@pytest.mark.parametrize("output", ["run.txt", "run", "absent/run.csv", "needs.jsonl"])
def test_an_output_that_cannot_be_written_ends_with_code_2(tmp_path: Path, output: str) -> None:
    before = jsonl(tmp_path / "needs.jsonl", NEEDS).read_bytes()
    done = rank(tmp_path, output)
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert (tmp_path / "needs.jsonl").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"needs.jsonl", "capabilities.jsonl"}


def test_more_rows_than_a_sheet_holds_are_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_ranking, "MOST_SHEET_ROWS", 6)
    assert rank(tmp_path, "run.xlsx", "--depth", 0).code == 2
    assert rank(tmp_path, "run.xlsx", "--depth", 2).code == 0
    assert rank(tmp_path, "run.csv", "--depth", 0).code == 0


@pytest.mark.parametrize("depth", ["-1", "x", "1.5", "٣", "9" * 30])
def test_a_depth_is_zero_or_a_count(tmp_path: Path, depth: str) -> None:
    with pytest.raises(CommandError, match="depth"):
        rank(tmp_path, "run.csv", f"--depth={depth}")


def test_bad_rows_are_told_and_left_out(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        NEEDS[0],
        {"id": "n1", "title": "重复"},
        {"id": "a b", "title": "空格"},
        {"id": "n9", "title": ""},
        {"id": "n8", "title": {"a": 1}},
        {"title": "无编号"},
    ]
    done = rank(tmp_path, "run.trec", needs=jsonl(tmp_path / "needs.jsonl", rows))
    assert done.code == 1
    assert [line.split("：")[0] for line in done.err.splitlines()] == [
        "needs.jsonl 第 2 行 id（编号）",
        "needs.jsonl 第 3 行 id（编号）",
        "needs.jsonl 第 4 行 title（名称）",
        "needs.jsonl 第 5 行 title（名称）",
        "needs.jsonl 第 6 行 id（编号）",
    ]
    assert {line[0] for line in run_lines(tmp_path / "run.trec")} == {"n1"}


def test_what_stood_there_stays_when_the_work_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "run.csv").write_text("before")
    monkeypatch.setattr(file_ranking, "score_parts", fail)
    with pytest.raises(KeyboardInterrupt):
        rank(tmp_path, "run.csv")
    assert {path.name for path in tmp_path.iterdir()} == {"run.csv", "needs.jsonl", "capabilities.jsonl"}
    assert (tmp_path / "run.csv").read_text() == "before"


def test_texts_of_strangers_harm_neither_the_run_nor_the_table(tmp_path: Path) -> None:
    needs = jsonl(tmp_path / "needs.jsonl", [{"id": "=n", "title": "=cmd|' /C calc'!A0\x00\ud800 激光熔覆"}])
    assert rank(tmp_path, "run.csv", needs=needs).code == 0
    with (tmp_path / "run.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["需求编号"], row["需求名称"]) == ("'=n", "'=cmd|' /C calc'!A0 激光熔覆")
