"""Charts with a title of their own: lines and bars, from helper blocks. Internal to the layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapseg_xl.report.layout.bridge import draw_bridge
from mapseg_xl.report.layout.bubbles import draw_bubbles
from mapseg_xl.report.layout.draft import Draft, number
from mapseg_xl.report.layout.lettering import width_px
from mapseg_xl.report.layout.panels import BAR_FILLS, column_cells, head_cell, x_cells
from mapseg_xl.report.spec import (
    Bars,
    Bridge,
    Bubbles,
    ChartRow,
    Content,
    Lines,
    Section,
    Series,
)
from mapseg_xl.report.styles import figure_format
from mapseg_xl.report.verbs import Axis, Chart, ChartSeries, Frame, Label, Mark, Rect

_TITLE_PX, _X_AXIS_PX, _Y_AXIS_PX = 42, 24, 40
_GUTTER_PX, _EDGE_PX, _FIGURE_PX = 20, 10, 64
_LINES = {
    "first": Mark("accent", 2.75),
    "second": Mark("second", 2.75),
    "third": Mark("third", 2.75),
    "other": Mark("other", 1.75),
    "plain": Mark("other", 1.75),
    "rest": Mark("base", 1.75, "dash"),
    "base": Mark("base", 1.75, "dash"),
    "limit": Mark("accent", 0.75, "dots"),
    "better": Mark("better", 1.75),
    "worse": Mark("worse", 1.75),
}
_PALE_LOOKS = ("rest", "base", "limit")  # bars that carry ink, not white
_ON_ONE_LINE = 12  # characters; LibreOffice wraps longer names at a line's end


def draw_chart_row(draft: Draft, section: Section, part: ChartRow, row: int) -> None:
    """One chart over the section's width, or two at two thirds and one third."""
    width = draft.span_px(section.first, section.last) - _EDGE_PX
    height = draft.pixels(row, row + part.height_rows - 1)
    left_px = 0
    shares = (1.0,) if len(part.charts) == 1 else (0.635, 0.365)
    for chart, share in zip(part.charts, shares, strict=False):
        mine = round((width - _GUTTER_PX * (len(part.charts) - 1)) * share)
        column, right_px = _start(draft, section, left_px)
        frame = Frame(row, column, right_px, 0, mine, height)
        draw_chart(draft, chart, frame)
        left_px += mine + _GUTTER_PX


def draw_chart(draft: Draft, chart: Lines | Bars | Bridge | Bubbles, frame: Frame) -> None:
    """One chart into its frame."""
    match chart:
        case Lines():
            draw_lines(draft, chart, frame)
        case Bars():
            draw_bars(draft, chart, frame)
        case Bridge():
            draw_bridge(draft, chart, frame)
        case Bubbles():
            draw_bubbles(draft, chart, frame)


def _start(draft: Draft, section: Section, left_px: int) -> tuple[int, int]:
    """Sheet column and offset of a place so many pixels right of the section's edge."""
    at = section.first
    while left_px >= draft.column_px(at) and at < section.last:
        left_px -= draft.column_px(at)
        at += 1
    return at + 1, left_px


def draw_lines(draft: Draft, part: Lines, frame: Frame) -> None:
    """Lines over a common x, each named at its end by an invisible series of one point."""
    named = [series for series in part.series if series.label and _end(part, series) is not None]
    block = draft.helper(_line_rows(part, named))
    count = len(part.series)
    series = [
        ChartSeries(
            head_cell(block, at), x_cells(block), column_cells(block, at), _LINES[line.look]
        )
        for at, line in enumerate(part.series, start=1)
    ]
    for at, line in enumerate(named, start=count + 1):
        colour = (
            _LINES[line.look].line if line.look in ("first", "second", "third") else "secondary"
        )
        label = Label("name", "right", colour, bold=line.look in ("first", "second", "third"))
        cells = (head_cell(block, at), x_cells(block), column_cells(block, at))
        series.append(ChartSeries(*cells, Mark(), label))
    room = max((width_px(line.name, 9, bold=True) for line in named), default=0.0) + 26
    width, height = frame.width_px, frame.height_px
    plot_px = width - _Y_AXIS_PX - 10
    x_high = part.x_max * plot_px / max(plot_px - min(room, 130), 1)
    plot_height = (height - _TITLE_PX - _X_AXIS_PX) / height
    draft.charts.append(
        Chart(
            name=f"{draft.sheet} {part.id}",
            kind="scatter",
            block=block,
            series=tuple(series),
            x_axis=Axis(0, x_high, part.x_unit, f"[<={part.x_max:g}]0;;", line=True),
            y_axis=Axis(
                0,
                part.y_max,
                part.y_max / 4,
                figure_format(part.y_format, "", part.y_max, draft.symbol).split(";")[0],
                gridlines=True,
            ),
            frame=frame,
            plot=(_Y_AXIS_PX / width, _TITLE_PX / height, plot_px / width, plot_height),
            title=part.title,
            alt=part.alt,
        )
    )


def _line_rows(part: Lines, named: Sequence[Series]) -> list[list[Content]]:
    """Heads, points (doubled where they are steps), then one row a name at a line's end."""
    heads: list[Content] = ["x", *(series.name for series in part.series)]
    rows: list[list[Content]] = [[*heads, *(series.name for series in named)]]
    points = [[series.values[at] for series in part.series] for at in range(len(part.x))]
    for at, x in enumerate(part.x):
        if part.steps and at:
            rows.append([x, *points[at - 1], *(None for _ in named)])
        rows.append([x, *points[at], *(None for _ in named)])
    wide = any(len(series.name) > _ON_ONE_LINE for series in named)
    heights = name_heights(
        [_end(part, series) or 0.0 for series in named], part.y_max, 0.13 if wide else 0.07
    )
    last_x = max(
        (
            x
            for at, x in enumerate(part.x)
            if any(number(point) is not None for point in points[at])
        ),
        default=0.0,
    )
    for at, y in enumerate(heights):
        names: list[Content] = [y if at == index else None for index in range(len(named))]
        rows.append([last_x + part.x_max * 0.008, *(None for _ in part.series), *names])
    return rows


def _end(part: Lines, series: Series) -> float | None:
    values = [number(value) for value in series.values]
    return next((value for value in reversed(values) if value is not None), None)


def name_heights(ends: Sequence[float], y_max: float, least: float = 0.07) -> list[float]:
    """Where names at line ends stand: near their line, `least` of the axis apart, 3 % off its gridlines.

    >>> name_heights([0.79, 0.76, 0.24], 1.0)
    [0.79, 0.72, 0.22]
    """
    apart, off, grid = least * y_max, 0.03 * y_max, y_max / 4
    order = sorted(range(len(ends)), key=lambda at: -ends[at])
    heights = [0.0] * len(ends)
    ceiling = y_max
    for at in order:
        wanted = min(ends[at], ceiling)
        line = round(wanted / grid) * grid
        if abs(wanted - line) < off:
            above = line + off
            wanted = above if ends[at] >= line and above <= ceiling else line - off
        heights[at] = wanted
        ceiling = wanted - apart
    floor = off
    for at in reversed(order):  # names pushed below the axis come up again
        heights[at] = max(heights[at], floor)
        floor = heights[at] + apart
    return [round(height, 10) for height in heights]


def draw_bars(draft: Draft, part: Bars, frame: Frame) -> None:
    """Bars with their figures; a series a colour, so that both hosts can draw it from one block."""
    largest = max([abs(number(v) or 0.0) for v in (*part.values, *part.against)], default=0.0)
    names_px = max((width_px(name, 9) for name in part.categories), default=0.0) + 12
    left = min(names_px, frame.width_px * 0.45)
    plot_px = frame.width_px - left - _EDGE_PX
    bars = _bars(part, plot_px / (largest or 1.0))
    pale = [_Bar("pale", True)] if part.against else []
    kinds = pale + sorted(set(bars))
    outside = any(bar.figure_outside for bar in kinds)
    block = draft.helper(_bar_rows(part, bars, kinds))
    code = figure_format(part.format, "", largest, draft.symbol)
    draft.charts.append(
        Chart(
            name=f"{draft.sheet} {part.id}",
            kind="bar",
            block=block,
            series=_bar_series(block, kinds, code),
            x_axis=Axis(reverse=True),
            y_axis=Axis(0, (largest or 1.0) * (1.2 if outside else 1.02), visible=False),
            frame=frame,
            plot=(
                left / frame.width_px,
                _TITLE_PX / frame.height_px,
                plot_px / frame.width_px,
                1 - (_TITLE_PX + 4) / frame.height_px,
            ),
            title=part.title,
            alt=part.alt,
            gap=8 if part.against else 65,
        )
    )


@dataclass(frozen=True, slots=True, order=True)
class _Bar:
    """A kind of bar: its look, and whether its figure stands beside it because it is too short."""

    look: str
    figure_outside: bool


def _bars(part: Bars, px_per_unit: float) -> list[_Bar]:
    lengths = [abs(number(value) or 0.0) * px_per_unit for value in part.values]
    return [
        _Bar(look, bool(part.against) or length < _FIGURE_PX)
        for look, length in zip(part.looks, lengths, strict=True)
    ]


def _bar_rows(part: Bars, bars: Sequence[_Bar], kinds: Sequence[_Bar]) -> list[list[Content]]:
    """Categories down, a column a kind of bar; with pale bars three rows a category: pale, solid, air."""
    rows: list[list[Content]] = [["Bar", *(kind.look.capitalize() for kind in kinds)]]
    for at, (name, bar) in enumerate(zip(part.categories, bars, strict=True)):
        solid: list[Content] = [part.values[at] if kind == bar else None for kind in kinds]
        if part.against:
            rows.append([name, part.against[at], *(None for _ in kinds[1:])])
            rows.append([" ", *solid])
            rows.append([" ", *(None for _ in kinds)])
        else:
            rows.append([name, *solid])
    return rows[:-1] if part.against else rows


def _bar_series(block: Rect, kinds: Sequence[_Bar], code: str) -> tuple[ChartSeries, ...]:
    return tuple(
        ChartSeries(
            head_cell(block, at),
            x_cells(block),
            column_cells(block, at),
            Mark(fill=BAR_FILLS.get(kind.look, kind.look)),
            _bar_label(kind, code),
        )
        for at, kind in enumerate(kinds, start=1)
    )


def _bar_label(kind: _Bar, code: str) -> Label:
    if kind.look == "pale":
        return Label("value", "outside_end", "secondary", format=code)
    if kind.figure_outside:
        return Label("value", "outside_end", "ink", bold=True, format=code)
    colour = "ink" if kind.look in _PALE_LOOKS else "white"
    return Label("value", "inside_base", colour, bold=True, format=code)
