"""A chart of the report, drawn as vectors: one colour, dark enough to print in grey, its numbers written out."""

from collections.abc import Callable, Sequence
from typing import Any

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor, white

from apps.core.pdf.face import FACE
from apps.stats.charts import round_step
from apps.stats.report.content import ReportChart

SEA, LINE, PALE, QUIET = HexColor("#0b6472"), HexColor("#c5d0d6"), HexColor("#eef4f5"), HexColor("#566670")
HEIGHT, BELOW = 138, 26
SMALL = 7.5
WIDE = 1000
"""From here on a column is too narrow for decimals above it."""


def column_drawing(chart: ReportChart, width: float) -> Drawing:
    drawing = Drawing(width, HEIGHT, initialFontName=FACE)
    bars: Any = VerticalBarChart()
    left = 16 + 4 * len(f"{max(chart.values):,.0f}")
    bars.x, bars.y, bars.width, bars.height = left, BELOW, width - left - 4, 96
    bars.data = [tuple(chart.values)]
    bars.categoryAxis.categoryNames = list(chart.labels)
    _measure(bars.valueAxis, max(chart.values))
    _paint(bars, _labels(chart.values))
    drawing.add(bars)
    return drawing


def _measure(axis: Any, most: float) -> None:
    step = round_step(max(1, -(-int(most * 10) // 10)))
    axis.valueMin, axis.valueMax, axis.valueStep = 0, step * max(1, -(-most // step)), step
    axis.labelTextFormat = "{:,.0f}".format


def _labels(values: Sequence[float]) -> Callable[[float], str]:
    """Counts, and amounts where they are large, without decimals."""
    digits = 0 if max(values) >= WIDE or all(value == int(value) for value in values) else 1
    return lambda value: f"{value:,.{digits}f}" if value else "0"


def _paint(bars: Any, labels: Callable[[float], str]) -> None:
    """Values above their columns; a column of nothing says so, too."""
    bars.bars[0].fillColor, bars.bars[0].strokeColor = SEA, white
    bars.barLabels.fontName, bars.barLabels.fontSize, bars.barLabels.nudge = FACE, SMALL, 7
    bars.barLabelFormat = labels
    bars.groupSpacing = 8
    for axis in (bars.categoryAxis, bars.valueAxis):
        axis.labels.fontName, axis.labels.fontSize, axis.strokeColor = FACE, SMALL, LINE
    bars.valueAxis.visibleGrid, bars.valueAxis.gridStrokeColor = True, PALE
