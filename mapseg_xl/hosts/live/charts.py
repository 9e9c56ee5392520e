"""Draws a Chart verb in an open workbook from its one helper block, with what xlwings offers on Windows and Macs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mapseg_xl.hosts.live.finish import Finishing
from mapseg_xl.report.styles import COLOURS
from mapseg_xl.report.verbs import Axis, Chart, ChartSeries, Rect

_KINDS = {"scatter": "xy_scatter_lines", "bar": "bar_stacked", "column": "column_stacked"}
_POINTS = 0.75  # of a pixel


class NotDrawnError(Exception):
    """Excel read the helper block in another way than meant."""


def draw(sheet: Any, name: str, verb: Chart, finishing: Finishing) -> None:
    """The chart at its place. One that Excel reads wrongly is taken away again and raises NotDrawnError."""
    chart = _placed(sheet, name, verb)
    try:
        drawn = _sourced(sheet, chart, verb)
    except NotDrawnError:
        chart.delete()
        raise
    chart.title = verb.title or None
    if verb.title:
        finishing.do("chart title", chart)
    for series in verb.series:
        _look(drawn[series.y.left], series, verb, finishing)
    chart.legend.visible = not _labelled(drawn, verb, finishing)
    _arranged(chart, verb, finishing)
    if verb.alt and not verb.decorative:
        finishing.do("alternative text", sheet, name, verb.alt)


def _placed(sheet: Any, name: str, verb: Chart) -> Any:
    frame = verb.frame
    corner = sheet.range(Rect.cell(frame.row, frame.column).a1)
    return sheet.charts.add(
        left=corner.left + frame.right_px * _POINTS,
        top=corner.top + frame.down_px * _POINTS,
        width=frame.width_px * _POINTS,
        height=frame.height_px * _POINTS,
        name=name,
        style=None,
    )


def _sourced(sheet: Any, chart: Any, verb: Chart) -> Mapping[int, Any]:
    """Data before type, x last: with x among the data Excel would guess. The series by their column."""
    block = verb.block
    columns = range(block.left + 1, block.right + 1)
    figures = Rect(block.top, block.left + 1, block.bottom, block.right)
    across = Rect(block.top + 1, block.left, block.bottom, block.left)
    chart.set_source_data(sheet.range(figures.a1), plot_by="columns")
    chart.chart_type = _KINDS[verb.kind]
    chart.set_x_axis_values(sheet.range(across.a1))
    if len(chart.series) != len(columns):
        raise NotDrawnError(
            f"{verb.name}: {len(chart.series)} series in place of {len(columns)}; its figures stand in {block.a1}"
        )
    return {column: chart.series[at] for at, column in enumerate(columns)}


def _look(series: Any, verb: ChartSeries, chart: Chart, finishing: Finishing) -> None:
    mark = verb.mark
    if chart.kind != "scatter":
        series.set(fill_color=COLOURS[mark.fill or "white"])
        if not mark.fill:
            finishing.do("bar without fill", series)
        return
    if mark.line:
        kind = "xy_scatter_lines" if mark.dot else "xy_scatter_lines_no_markers"
        series.set(chart_type=kind, line_color=COLOURS[mark.line])
        finishing.do("line of a series", series, mark.line_points, mark.dash)
    else:
        series.set(chart_type="xy_scatter")
    if mark.dot:
        series.set(
            marker_style="circle",
            marker_size=max(2, mark.dot_size),
            marker_foreground_color=COLOURS["white"],
            marker_background_color=COLOURS[mark.dot],
        )
        if mark.see_through:
            finishing.do("see-through dots", series, mark.see_through / 100)
    else:
        series.set(marker_style="none")


def _labelled(drawn: Mapping[int, Any], verb: Chart, finishing: Finishing) -> bool:
    """Whether every series that has to say its name at its marks does; else the legend says them."""
    done = [
        finishing.do("labels at marks", drawn[series.y.left], series)
        for series in verb.series
        if series.label
    ]
    names = [series for series in verb.series if series.label and series.label.shows == "name"]
    return all(done) or not names


def _arranged(chart: Any, verb: Chart, finishing: Finishing) -> None:
    """Axes, then what depends on them; an axis is hidden last, since a hidden one cannot be reached."""
    finishing.do("chart frame", chart)
    if verb.kind != "scatter":
        finishing.do("gap between bars", chart, verb.gap)
    axes = ((chart.category_axis, verb.x_axis, True), (chart.value_axis, verb.y_axis, False))
    for axis, said, is_category in axes:
        _scaled(axis, said, has_scale=verb.kind == "scatter" or not is_category)
        finishing.do("axis", axis, said, is_category=is_category and verb.kind != "scatter")
    left, top, width, height = verb.plot
    across, down = verb.frame.width_px * _POINTS, verb.frame.height_px * _POINTS
    finishing.do("plot area", chart, left * across, top * down, width * across, height * down)
    for axis, said, _ in axes:
        if not said.visible:
            axis.visible = False


def _scaled(axis: Any, said: Axis, *, has_scale: bool) -> None:
    options: dict[str, Any] = {"visible": True}
    if has_scale:
        scale = {
            "minimum_scale": said.low,
            "maximum_scale": said.high,
            "major_unit": said.unit,
        }
        options |= {name: value for name, value in scale.items() if value is not None}
    if said.format:
        options["number_format"] = said.format
    if said.reverse:
        options["reverse_order"] = True
    if said.title:
        options["title"] = said.title
    axis.set(**options)
