"""The table of docs/benchmarks.md, from what the figures kept: `python -m benchmarks.table` renews it.

.venv/bin/python -m benchmarks.table
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.figure import ROOT, cells, results_folder

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: python -m benchmarks.table -->", "<!-- end of figures -->"
ORDER = (
    "build_raw",
    "build_kept",
    "rank_all_signals",
    "rank_lexical",
    "rank_many",
    "published_to_found",
    "memory_of_second_worker",
    "publish_to_page",
    "workers_scaling",
    "search_libraries",
    "cost_curve",
)
"""Figures as they were asked for; others come after them."""
HEAD = """\
| 指标 | 规模（条） | 本项目 | 对照 | 比值 | 必须 | 目标 | 结论 |
| --- | --: | --: | --: | --: | --: | --: | --- |"""
VERDICTS = {"yes, aim too": "达到目标", "yes": "达到要求", "no": "未达要求", "–": "仅供参考"}

type Row = Mapping[str, object]


def table(rows: Iterable[Row]) -> str:
    """Markdown, a row for each figure."""
    lines = [HEAD, *(_line(row) for row in sorted(rows, key=_place))]
    return "\n".join(lines)


def read(folder: Path) -> list[Row]:
    """Every results file of a folder."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def with_table(page: str, rows: Iterable[Row]) -> str:
    """The page with its table renewed. ValueError where it has no place for one."""
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{PAGE.name} has no place for the table")
    return f"{before}{BEGIN}\n\n{table(rows)}\n\n{END}{after}"


def _line(row: Row) -> str:
    name, size, ours, peer, ratio, must, aim, verdict = cells(row)
    if row["peer_name"]:
        peer = f"{peer}<br>{row['peer_name']}"
    return f"| {row['title']}<br>`{name}` | {size} | {ours} | {peer} | {ratio} | {must} | {aim} | {VERDICTS[verdict]} |"


def _place(row: Row) -> tuple[int, str]:
    name = str(row["figure"])
    return ORDER.index(name) if name in ORDER else len(ORDER), name


def main() -> None:
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), read(results_folder())), encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
