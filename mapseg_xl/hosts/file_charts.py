"""Draws a Chart verb with an xlsxwriter workbook. Knows the file host's options and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mapseg_xl.report.styles import COLOURS
from mapseg_xl.report.verbs import Axis, Chart, ChartSeries, Frame, Label, Live, Mark, Rect, Value

_FONT = "Arial"
_SUBTYPES = {
    "scatter": {"subtype": "straight_with_markers"},
    "column": {"subtype": "stacked"},
}
_DASHES = {"": "solid", "dash": "dash", "dots": "round_dot"}


@dataclass(frozen=True, slots=True)
class Cells:
    """A sheet's name and what its blocks wrote so far."""

    sheet: str
    values: Mapping[tuple[int, int], Value]

    def reference(self, rect: Rect) -> list[Any]:
        """A range as xlsxwriter takes it."""
        return [self.sheet, rect.top, rect.left, rect.bottom, rect.right]

    def cache(self, rect: Rect) -> list[str | float | None]:
        """What a column shows now. Given because xlsxwriter would cache a gap as 0."""
        return [
            _shown(self.values.get((row, rect.left))) for row in range(rect.top, rect.bottom + 1)
        ]


def _shown(value: Value) -> str | float | None:
    shown = value.value if isinstance(value, Live) else value
    if shown is None or shown == "" or isinstance(shown, date):
        return None
    return shown


def add_chart(book: Any, worksheet: Any, cells: Cells, verb: Chart) -> None:
    """Adds a chart to a worksheet: no border, no fill, no legend."""
    chart = book.add_chart({"type": verb.kind, **_SUBTYPES.get(verb.kind, {})})
    for series in verb.series:
        chart.add_series(_series(cells, verb, series))
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    left, top, width, height = verb.plot
    layout = {"x": left, "y": top, "width": width, "height": height}
    chart.set_plotarea({"layout": layout, "border": {"none": True}, "fill": {"none": True}})
    chart.set_title(_title(verb))
    across, up = _axis(verb.x_axis, is_category=verb.kind != "scatter"), _axis(verb.y_axis)
    if verb.kind == "bar":  # xlsxwriter means the axis as it lies on the page
        across, up = up, across
    chart.set_x_axis(across)
    chart.set_y_axis(up)
    chart.set_size({"width": verb.frame.width_px, "height": verb.frame.height_px})
    chart.show_blanks_as("gap")
    worksheet.insert_chart(verb.frame.row, verb.frame.column, chart, _placing(verb, verb.frame))


def _placing(verb: Chart, frame: Frame) -> dict[str, Any]:
    placing: dict[str, Any] = {
        "x_offset": frame.right_px,
        "y_offset": frame.down_px,
        "object_position": 1,  # moves and sizes with cells
    }
    return placing | ({"decorative": True} if verb.decorative else {"description": verb.alt})


def _title(verb: Chart) -> dict[str, Any]:
    if not verb.title:
        return {"none": True}
    return {
        "name": verb.title,
        "name_font": _font(11, "ink", bold=True),
        "overlay": True,
        "layout": {"x": 0.004, "y": 4 / verb.frame.height_px},
    }


def _font(size: float, colour: str, *, bold: bool = False) -> dict[str, Any]:
    return {"name": _FONT, "size": size, "color": COLOURS[colour], "bold": bold}


def _series(cells: Cells, verb: Chart, series: ChartSeries) -> dict[str, Any]:
    options: dict[str, Any] = {
        "name": [cells.sheet, series.name.top, series.name.left],
        "categories": cells.reference(series.x),
        "categories_data": cells.cache(series.x),
        "values": cells.reference(series.y),
        "values_data": cells.cache(series.y),
    }
    options |= (
        _scatter_mark(series.mark) if verb.kind == "scatter" else _bar_mark(verb, series.mark)
    )
    if series.label:
        options["data_labels"] = _label(series.label)
    return options


def _scatter_mark(mark: Mark) -> dict[str, Any]:
    line: dict[str, Any] = {"none": True}
    if mark.line:
        line = {
            "color": COLOURS[mark.line],
            "width": mark.line_points,
            "dash_type": _DASHES[mark.dash],
        }
    marker: dict[str, Any] = {"type": "none"}
    if mark.dot:
        colour = COLOURS[mark.dot]
        marker = {
            "type": "circle",
            "size": mark.dot_size,
            "fill": {"color": colour, "transparency": mark.see_through},
            "border": {"color": COLOURS["white"], "width": 0.75},
        }
    return {"line": line, "marker": marker, "smooth": False}


def _bar_mark(verb: Chart, mark: Mark) -> dict[str, Any]:
    return {
        "fill": {"color": COLOURS[mark.fill]} if mark.fill else {"none": True},
        "border": {"none": True},
        "gap": verb.gap,
        "overlap": 100,  # one bar a category: the series of the other colours are empty there
    }


def _label(label: Label) -> dict[str, Any]:
    shows = {"series_name": True, "value": False} if label.shows == "name" else {"value": True}
    options = {
        **shows,
        "position": label.position,
        "font": _font(9, label.colour, bold=label.bold),
    }
    return options | ({"num_format": label.format} if label.format else {})


def _axis(axis: Axis, *, is_category: bool = False) -> dict[str, Any]:
    options: dict[str, Any] = {
        "visible": axis.visible,
        "major_tick_mark": "none",
        "minor_tick_mark": "none",
        "line": {"color": COLOURS["base"], "width": 0.75} if axis.line else {"none": True},
        "num_font": _font(9, "ink" if is_category else "secondary"),
        "major_gridlines": {"visible": False},
        "label_position": "low",
    }
    if axis.title:
        options |= {"name": axis.title, "name_font": _font(9, "secondary")}
    if axis.gridlines:
        line = {"color": COLOURS["light"], "width": 0.75}
        options["major_gridlines"] = {"visible": True, "line": line}
    scale = {"min": axis.low, "max": axis.high, "major_unit": axis.unit}
    options |= {name: value for name, value in scale.items() if value is not None}
    if axis.format:
        options |= {"num_format": axis.format, "num_format_linked": False}
    if axis.reverse:
        options["reverse"] = True
    if is_category:
        options["interval_unit"] = 1
    return options
