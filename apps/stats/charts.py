"""A column chart as the attributes of an SVG: drawn by the server, readable without colour, script or style."""

from collections.abc import Sequence
from typing import NamedTuple

from apps.stats.breakdowns import Part

STEP, BAR_WIDTH = 56, 32
PLOT_HEIGHT, TOP, BOTTOM = 140, 24, 28


class Bar(NamedTuple):
    """One column and where its texts stand, in the units of the drawing."""

    part: Part
    x: int
    y: int
    height: int
    middle: int
    value_y: int


class Chart(NamedTuple):
    width: int
    height: int
    bar_width: int
    base_y: int
    label_y: int
    bars: list[Bar]


def column_chart(parts: Sequence[Part]) -> Chart:
    """Each part a column with its number above and its label below; an empty part keeps a line of one unit."""
    base = TOP + PLOT_HEIGHT
    bars = []
    for place, part in enumerate(parts):
        height = max(1, round(PLOT_HEIGHT * part.share / 100))
        x = place * STEP + (STEP - BAR_WIDTH) // 2
        top = base - height
        bars.append(Bar(part, x=x, y=top, height=height, middle=x + BAR_WIDTH // 2, value_y=top - 8))
    return Chart(STEP * max(1, len(parts)), base + BOTTOM, BAR_WIDTH, base, base + BOTTOM - 8, bars)
