"""A figure is judged by its ratio to the peer, or by itself where there is none; pages show what was kept."""

import json
from itertools import islice
from pathlib import Path

import pytest

from benchmarks import figure, plot, table
from benchmarks.figure import Figure, medians, percentiles

KEPT = figure.ROOT / "benchmarks" / "results"


def _figure(ours: float, peer: float | None = 10.0, *, at_least: bool = False) -> Figure:
    return Figure(
        figure="f", title="一项", size=5, ours=ours, peer=peer, unit="s", must=1.0, aim=0.3, at_least=at_least
    )


@pytest.mark.parametrize(("ours", "holds", "reaches"), [(10.0, True, False), (3.0, True, True), (10.1, False, False)])
def test_with_a_peer_the_ratio_is_judged(ours: float, holds: bool, reaches: bool) -> None:
    judged = _figure(ours)
    assert (judged.holds, judged.reaches_aim) == (holds, reaches)


def test_without_a_peer_the_figure_itself_is_judged() -> None:
    assert (_figure(0.9, None).holds, _figure(1.1, None).holds) == (True, False)


def test_a_bound_may_be_a_lower_one() -> None:
    assert (_figure(11.0, at_least=True).holds, _figure(9.0, at_least=True).holds) == (True, False)


def test_where_nothing_is_asked_nothing_is_judged() -> None:
    free = Figure(figure="f", title="一项", size=5, ours=1.0, peer=2.0, unit="s")
    assert (free.holds, free.reaches_aim) == (None, None)


def test_works_are_timed_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    medians(lambda: done.append("a"), lambda: done.append("b"), runs=3)
    assert done == ["a", "b"] * 3


def test_a_percentile_is_taken_over_the_medians_of_the_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([5.0, 1.0, 2.0, 30.0, 10.0, 20.0])  # three runs of each of two questions: medians 2 and 20
    monkeypatch.setattr(figure, "seconds_of", lambda work: next(clock))
    (middle,) = percentiles(print, asked=["one", "two"], percentile=50)
    assert middle == pytest.approx(11.0)


def test_numbers_are_kept_short_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCHMARKS_RESULTS", str(tmp_path))
    _figure(1.23456789).report()
    kept = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    assert kept["ours"] == 1.235
    assert kept["ratio"] == 0.1235
    assert kept["holds"] is True


def test_the_table_of_the_page_is_that_of_the_kept_results() -> None:
    page = table.PAGE.read_text(encoding="utf-8")
    assert page == table.with_table(page, table.read(KEPT)), "python -m benchmarks.table renews it"


def test_the_picture_is_that_of_the_kept_curve() -> None:
    assert plot.PICTURE.read_text(encoding="utf-8") == plot.svg(plot.read(KEPT)), "python -m benchmarks.plot draws it"


def test_a_picture_shows_every_point_of_every_line() -> None:
    curve = [{"size": n, **{line.key: n / 7 for panel in plot.PANELS for line in panel.lines}} for n in (10_000, 10**6)]
    lines = sum(len(panel.lines) for panel in plot.PANELS)
    drawn = plot.svg(curve)
    assert drawn.count("<circle") == 2 * lines
    assert drawn.count("<polyline") == lines
    assert "100 万" in drawn


def test_rows_stand_in_the_order_of_what_was_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENCHMARKS_RESULTS", str(tmp_path))
    for name in ("zzz", "rank_many", "build_raw"):
        Figure(figure=name, title=name, size=60, ours=1.0, unit="s").report()
    rows = islice(table.table(table.read(tmp_path)).splitlines(), 2, None)
    assert [row.split("`")[1] for row in rows] == ["build_raw", "rank_many", "zzz"]
