"""Segments by two figures, the area of a dot their size: a scatter, one series a segment. Internal to the layout."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from mapseg_xl.report.layout.draft import Draft, current, number
from mapseg_xl.report.layout.lettering import width_px
from mapseg_xl.report.layout.panels import BAR_FILLS, column_cells, head_cell, nice_axis, x_cells
from mapseg_xl.report.spec import Bubble, Bubbles, Content, Formula
from mapseg_xl.report.styles import figure_format
from mapseg_xl.report.verbs import Axis, Chart, ChartSeries, Frame, Label, Mark, Rect

_TITLE_PX, _X_AXIS_PX, _X_TITLE_PX, _Y_AXIS_PX, _EDGE_PX = 42, 24, 22, 48, 14
_POINTS_A_ROOT, _SMALLEST, _LARGEST = 1.15, 7, 60
_PX_A_POINT = 4 / 3
_CHOSEN = ("first", "second", "third")
_LINE_PX, _SPACE_PX, _CLEAR_PX = 14.0, 4.0, 8.0
_OFF_PAGE = "-1E+9"  # text among the x values would move all dots: a point without a figure lies off the axes
_SIDES = ("right", "left", "above", "below")

_Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where the axes lie: ends in figures, size in pixels."""

    x_max: float
    x_unit: float
    y_max: float
    y_unit: float
    width_px: float
    height_px: float

    def middle(self, point: Bubble) -> tuple[float, float]:
        """Pixels right of and below the plot's top left corner."""
        x, y = number(point.x) or 0.0, number(point.y) or 0.0
        return x / self.x_max * self.width_px, (1 - y / self.y_max) * self.height_px


def draw_bubbles(draft: Draft, part: Bubbles, frame: Frame) -> None:
    """Dots, the largest lowest, each named beside its mark; positions are live, sizes fixed."""
    points = sorted(
        (point for point in part.points if _may_show(point)), key=lambda point: -point.size
    )
    plot = _plot(part, frame)
    sizes = dot_sizes([point.size for point in points])
    block = draft.helper(_rows(part, points, plot))
    width, height = frame.width_px, frame.height_px
    draft.charts.append(
        Chart(
            name=f"{draft.sheet} {part.id}",
            kind="scatter",
            block=block,
            series=_series(part, block, points, sizes, _sides(part, points, sizes, plot)),
            x_axis=_axis(draft, (plot.x_max, plot.x_unit), part.x_format, part.x_title),
            y_axis=_axis(draft, (plot.y_max, plot.y_unit), part.y_format, ""),
            frame=frame,
            plot=(
                _Y_AXIS_PX / width,
                _TITLE_PX / height,
                plot.width_px / width,
                plot.height_px / height,
            ),
            title=part.title,
            alt=part.alt,
        )
    )


def _may_show(point: Bubble) -> bool:
    """Whether a point has figures, or formulas that may come to have them."""
    return all(
        isinstance(figure, Formula) or number(figure) is not None for figure in (point.x, point.y)
    )


def _plot(part: Bubbles, frame: Frame) -> _Plot:
    _, x_max, x_unit = nice_axis(0.0, part.x_max)
    _, y_max, y_unit = nice_axis(0.0, part.y_max)
    below = _X_AXIS_PX + (_X_TITLE_PX if part.x_title else 0)
    width = frame.width_px - _Y_AXIS_PX - _EDGE_PX
    return _Plot(x_max, x_unit, y_max, y_unit, width, frame.height_px - _TITLE_PX - below)


def _axis(draft: Draft, ends: tuple[float, float], name: str, title: str) -> Axis:
    high, unit = ends
    code = "share0" if name == "share" and unit >= 0.01 else name
    shown = whole(figure_format(code, "", high, draft.symbol).split(";")[0], unit)
    return Axis(0, high, unit, shown, gridlines=not title, line=bool(title), title=title)


def whole(code: str, unit: float) -> str:
    """An axis format without decimals where its steps need none.

    >>> whole('$#,##0.0,,"M"', 2e6), whole('0.0"×"', 0.5), whole("$#,##0.00", 5)
    ('$#,##0,,"M"', '0.0"×"', '$#,##0')
    """
    decimal = re.search(r"0\.0+(,*)", code)
    if not decimal or (unit / 1000 ** len(decimal[1])) % 1:
        return code
    return re.sub(r"0\.0+", "0", code, count=1)


def dot_sizes(sizes: Sequence[float]) -> list[int]:
    """Diameters in points, area by size: 1.15 x root, scaled so that the largest is 60; 7 is the least that is seen.

    >>> dot_sizes([100, 400]), dot_sizes([10_000, 40_000, 4])
    ([12, 23], [30, 60, 7])
    """
    largest = math.sqrt(max([*sizes, 1.0]))
    factor = min(_POINTS_A_ROOT, _LARGEST / largest)
    return [
        min(max(math.floor(factor * math.sqrt(size) + 0.5), _SMALLEST), _LARGEST) for size in sizes
    ]


def _rows(part: Bubbles, points: Sequence[Bubble], plot: _Plot) -> list[list[Content]]:
    """Heads, a row a segment on the diagonal, then the dashed line and the place of its words."""
    heads: list[Content] = ["x", *(point.name for point in points)]
    marks = ["Line", part.mark_x[1]] if part.mark_x else []
    rows: list[list[Content]] = [[*heads, *marks]]
    for at, point in enumerate(points):
        ys: list[Content] = [None] * (len(points) + len(marks))
        ys[at] = _figure(point.y)
        rows.append([_figure(point.x), *ys])
    if part.mark_x:
        empty: list[Content] = [None] * len(points)
        x = part.mark_x[0]
        rows += [[x, *empty, 0.0, None], [x, *empty, plot.y_max, None]]
        rows.append([x, *empty, None, plot.y_max * 0.97])
    return rows


def _figure(content: Content) -> Content:
    """A number in every case: none yet lies off the axes."""
    if not isinstance(content, Formula):
        return content
    now = number(content)
    value = float(_OFF_PAGE) if now is None else now
    return Formula(f"IF(ISNUMBER({content.text}),{content.text},{_OFF_PAGE})", value, content.refs)


def _series(
    part: Bubbles,
    block: Rect,
    points: Sequence[Bubble],
    sizes: Sequence[int],
    sides: Sequence[str],
) -> tuple[ChartSeries, ...]:
    marks: list[tuple[Mark, Label | None]] = []
    for point, size, side in zip(points, sizes, sides, strict=True):
        colour = BAR_FILLS.get(point.look, point.look)
        chosen = point.look in _CHOSEN
        label = Label("name", side, colour if chosen else "secondary", bold=chosen)
        marks.append((Mark(dot=colour, dot_size=size, see_through=25), label))
    if part.mark_x:
        marks.append((Mark("base", 1.0, "dash"), None))
        marks.append((Mark(), Label("name", "right", "secondary")))
    drawn = [
        ChartSeries(head_cell(block, at), x_cells(block), column_cells(block, at), mark, label)
        for at, (mark, label) in enumerate(marks, start=1)
    ]
    lines = len(points)
    return (*drawn[lines:], *drawn[:lines])  # the line lies under the dots


def _sides(part: Bubbles, points: Sequence[Bubble], sizes: Sequence[int], plot: _Plot) -> list[str]:
    """Where each name stands: right of its mark, else where it meets no other mark, name, line or edge."""
    dots = [_around(plot.middle(point), size) for point, size in zip(points, sizes, strict=True)]
    taken: list[_Box] = []
    if part.mark_x:
        at = part.mark_x[0] / plot.x_max * plot.width_px
        taken.append((at - _CLEAR_PX, 0.0, at + _CLEAR_PX, plot.height_px))
        words = width_px(part.mark_x[1], 9)
        middle = 0.03 * plot.height_px
        taken.append((at, middle - _LINE_PX / 2, at + _SPACE_PX + words, middle + _LINE_PX / 2))
    sides: list[str] = []
    for at, point in enumerate(points):
        others = [*taken, *(dot for other, dot in enumerate(dots) if other != at)]
        boxes = {side: _name_box(point, dots[at], side) for side in _SIDES}
        costs = {side: _cost(box, others, plot) for side, box in boxes.items()}
        best = min(_SIDES, key=lambda side: (costs[side], _SIDES.index(side)))
        taken.append(boxes[best])
        sides.append(best)
    return sides


def _around(middle: tuple[float, float], points: int) -> _Box:
    x, y = middle
    half = points * _PX_A_POINT / 2
    return x - half, y - half, x + half, y + half


def _name_box(point: Bubble, dot: _Box, side: str) -> _Box:
    """The rectangle of a name on one side of its dot."""
    left, top, right, bottom = dot
    wide = width_px(str(current(point.name)), 9, bold=point.look in _CHOSEN) + 2
    x, y = (left + right) / 2, (top + bottom) / 2
    if side in ("right", "left"):
        start = right + _SPACE_PX if side == "right" else left - _SPACE_PX - wide
        return start, y - _LINE_PX / 2, start + wide, y + _LINE_PX / 2
    start = top - _LINE_PX - 2 if side == "above" else bottom + 2
    return x - wide / 2, start, x + wide / 2, start + _LINE_PX


def _cost(box: _Box, others: Sequence[_Box], plot: _Plot) -> float:
    """Pixels squared that a name shares with other things or that fall off the chart."""
    left, top, right, bottom = box
    off = max(0.0, right - plot.width_px - _EDGE_PX) + max(0.0, -left - _Y_AXIS_PX)
    off += max(0.0, -top) + max(0.0, bottom - plot.height_px)
    shared = sum(
        max(0.0, min(right, other[2]) - max(left, other[0]))
        * max(0.0, min(bottom, other[3]) - max(top, other[1]))
        for other in others
    )
    return off * _LINE_PX + shared
