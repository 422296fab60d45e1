"""A column chart as the attributes of an SVG: drawn by the server, readable without colour, script or style."""

from collections.abc import Sequence
from typing import NamedTuple

from apps.stats.dashboard.numbers import Part

LEFT, PLOT_HEIGHT, TOP, BOTTOM = 56, 160, 28, 32
STEP, BAR_WIDTH = 60, 34
MOST_LINES = 4


class Bar(NamedTuple):
    """One column and where its texts stand, in the units of the drawing."""

    part: Part
    x: int
    y: int
    height: int
    middle: int
    value_y: int


class Line(NamedTuple):
    """A line of the grid and the number it stands for."""

    y: int
    value: int


class Chart(NamedTuple):
    label: str
    width: int
    height: int
    left: int
    bar_width: int
    base_y: int
    label_y: int
    bars: list[Bar]
    lines: list[Line]
    is_money: bool

    @property
    def is_empty(self) -> bool:
        return not any(bar.part.number for bar in self.bars)


def column_chart(label: str, parts: Sequence[Part]) -> Chart:
    """Each part a column with its number above and its label below; an empty part keeps a line of one unit."""
    base = TOP + PLOT_HEIGHT
    most = max((part.number for part in parts), default=0)
    step = round_step(most)
    highest = step * max(1, -(-most // step))
    bars = []
    for place, part in enumerate(parts):
        height = max(1, round(PLOT_HEIGHT * part.number / highest))
        x = LEFT + place * STEP + (STEP - BAR_WIDTH) // 2
        bars.append(
            Bar(part, x=x, y=base - height, height=height, middle=x + BAR_WIDTH // 2, value_y=base - height - 8)
        )
    lines = [Line(base - round(PLOT_HEIGHT * value / highest), value) for value in range(step, highest + 1, step)]
    width = LEFT + STEP * max(1, len(parts))
    is_money = any(part.is_money for part in parts)
    return Chart(label, width, base + BOTTOM, LEFT, BAR_WIDTH, base, base + BOTTOM - 10, bars, lines, is_money)


def round_step(most: int) -> int:
    """The distance of the grid's lines: 1, 2 or 5 times a power of ten, so that at most four lines reach `most`."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power * MOST_LINES >= most:
                return factor * power
        power *= 10
