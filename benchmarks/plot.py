"""The cost curve as a picture: results/cost_curve.json to docs/images/cost_curve.svg.

.venv/bin/python -m benchmarks.plot
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from benchmarks.figure import ROOT, results_folder

PICTURE = ROOT / "docs" / "images" / "cost_curve.svg"
WIDTH, HEIGHT = 960, 470
TOP, BOTTOM, LEFT, PLOT_WIDTH = 100, 400, 70, 380
FONT = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei','WenQuanYi Zen Hei',sans-serif"

type Row = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Panel:
    """`left`: where its axis stands."""

    title: str
    left: int
    lines: tuple[Line, ...]


PANELS = (
    Panel(
        "一条需求的耗时（毫秒，p95）/ one need, ms",
        LEFT,
        (
            Line("linear_kernel_ms", "linear_kernel + argsort", "#8a8f98"),
            Line("all_signals_ms", "全部信号与筛选 / all signals", "#0b5fb0"),
            Line("lexical_ms", "仅词汇信号 / words, characters", "#c2570c"),
        ),
    ),
    Panel(
        "索引 / the index",
        LEFT + WIDTH // 2,
        (
            Line("build_s", "重建（秒）/ rebuild, s", "#1a7f4b"),
            Line("megabytes", "文件（MB）/ files, MB", "#7b3fa0"),
        ),
    ),
)


def svg(curve: Sequence[Row]) -> str:
    """The picture; both axes of both panels are logarithmic. Of no points, a frame that says so."""
    not_yet = [_text(WIDTH / 2, HEIGHT / 2, "尚未测量 / not measured yet", "middle")]
    parts = [part for panel in PANELS for part in _panel(panel, curve)] if curve else not_yet
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{FONT}" font-size="13">'
    )
    title = "<title>规模从一万到一百万时的成本 / cost from 10,000 to 1,000,000 capabilities</title>"
    return "\n".join([head, title, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', *parts, "</svg>"]) + "\n"


@dataclass(frozen=True, slots=True)
class _Scale:
    """A logarithmic axis: from `low` at `start` to `high` at `end`, in pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        share = (math.log10(value) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        return round(self.start + share * (self.end - self.start), 1)


def _panel(panel: Panel, curve: Sequence[Row]) -> Iterator[str]:
    values = [row[line.key] for row in curve for line in panel.lines if line.key in row]
    low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values) * 1.001))
    across = _Scale(
        curve[0]["size"], max(curve[-1]["size"], curve[0]["size"] * 10), panel.left, panel.left + PLOT_WIDTH
    )
    up = _Scale(low, high, BOTTOM, TOP)
    yield f'<text x="{panel.left}" y="24" font-size="15" font-weight="600">{escape(panel.title)}</text>'
    yield from _grid(panel, curve, across, up)
    for place, line in enumerate(panel.lines):
        yield from _line(line, curve, across, up)
        y = 46 + 17 * place
        yield f'<path d="M{panel.left} {y - 4}h22" stroke="{line.colour}" stroke-width="3"/>'
        yield _text(panel.left + 30, y, line.label, "start")
    yield _text(panel.left + PLOT_WIDTH / 2, BOTTOM + 48, "能力条数 / capabilities", "middle")


def _grid(panel: Panel, curve: Sequence[Row], across: _Scale, up: _Scale) -> Iterator[str]:
    tick = up.low
    while tick <= up.high * 1.001:
        y = up.at(tick)
        yield f'<path d="M{panel.left} {y}h{PLOT_WIDTH}" stroke="#d8dbe0" fill="none"/>'
        yield _text(panel.left - 8, y + 4, f"{tick:,.10g}", "end")
        tick *= 10
    for row in curve:
        x = across.at(row["size"])
        yield f'<path d="M{x} {TOP}V{BOTTOM}" stroke="#eef0f3" fill="none"/>'
        yield _text(x, BOTTOM + 20, _size(int(row["size"])), "middle")


def _line(line: Line, curve: Sequence[Row], across: _Scale, up: _Scale) -> Iterator[str]:
    measured = [row for row in curve if line.key in row]
    points = [(across.at(row["size"]), up.at(row[line.key])) for row in measured]
    joined = " ".join(f"{x},{y}" for x, y in points)
    yield f'<polyline points="{joined}" fill="none" stroke="{line.colour}" stroke-width="2.5"/>'
    for (x, y), row in zip(points, measured, strict=True):
        told = f"{escape(line.label)}: {row[line.key]:g} ({int(row['size']):,})"
        yield f'<circle cx="{x}" cy="{y}" r="4" fill="{line.colour}"><title>{told}</title></circle>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="12" fill="#444">{escape(text)}</text>'


def _size(size: int) -> str:
    return f"{size // 10_000} 万" if size >= 10_000 and size % 10_000 == 0 else f"{size:,}"


def read(folder: Path) -> list[Row]:
    """The points of a curve that was measured; none where none was."""
    path = folder / "cost_curve.json"
    return list(json.loads(path.read_text(encoding="utf-8"))["curve"]) if path.exists() else []


def main() -> None:
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(svg(read(results_folder())), encoding="utf-8")
    print(PICTURE.relative_to(ROOT))


if __name__ == "__main__":
    main()
