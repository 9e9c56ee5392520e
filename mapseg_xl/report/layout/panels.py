"""Charts that stand beside table rows: dots with whiskers, and bars. Internal to the layout."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mapseg_xl.report.layout.draft import GRID_LAST, Draft, Known, number
from mapseg_xl.report.spec import Content, Formula, Panel, RowBars
from mapseg_xl.report.styles import figure_format
from mapseg_xl.report.verbs import Axis, Chart, ChartSeries, Frame, Mark, Rect

AXIS_PX, ROW_PX = 20, 24
_BASE, _RANGES, _DOTS = 1, 2, 5  # columns of the helper block, a column a verdict
_VERDICTS = {"better": "Better", "worse": "Worse", "plain": "About the same, or can't tell yet"}
_COLOURS = {"better": "better", "worse": "worse", "plain": "other"}
BAR_FILLS = {"first": "accent", "rest": "base", "limit": "pale"}


def nice_axis(low: float, high: float, steps: int = 4) -> tuple[float, float, float]:
    """Ends and unit of an axis that holds low to high: round figures, from 0 where that costs little.

    >>> nice_axis(0.199, 0.443)
    (0.1, 0.5, 0.1)
    >>> nice_axis(37.0, 196.0)
    (0.0, 200.0, 50.0)
    """
    if low == high:
        low, high = (min(low, 0.0), max(high, 0.0)) if low else (0.0, 1.0)
    if 0 < low < (high - low) * 0.4:
        low = 0.0
    rough = (high - low) / steps
    power = 10.0 ** math.floor(math.log10(rough))
    unit = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.999)
    first, last = math.floor(low / unit + 1e-9), math.ceil(high / unit - 1e-9)
    digits = 2 - math.floor(math.log10(unit))
    return round(first * unit, digits), round(last * unit, digits), round(unit, digits)


@dataclass(frozen=True, slots=True)
class _Dot:
    """A row of a panel: its verdict, its height above the axis in rows, value, low, high."""

    verdict: str
    y: float
    figures: tuple[Content, ...]


def draw_panel(draft: Draft, known: Known, part: Panel) -> None:
    """Dots and whiskers exactly as high as the rows beside them, and 20 px for the axis."""
    lines = [draft.rows[part.table, key] for key in draft.orders[part.table]]
    if not lines:
        return
    top, bottom = lines[0][0], lines[-1][1]
    height = draft.pixels(top, bottom)
    dots = _dots(draft, known, part, (top, height))
    base = known.copy(_base_key(draft, part)) if part.base else None
    base = base if number(base) is not None else None
    figures = [figure for dot in dots for figure in dot.figures]
    values = [value for figure in [*figures, base] if (value := number(figure)) is not None]
    if not dots:
        return
    low, high, unit = nice_axis(min(values), max(values))
    width = draft.span_px(part.first, part.last)
    block = draft.helper(_panel_rows(dots, base, height / ROW_PX))
    draft.charts.append(
        Chart(
            name=f"{draft.sheet} {part.id}",
            kind="scatter",
            block=block,
            series=_panel_series(block, dots, base is not None),
            x_axis=Axis(low, high, unit, _axis_format(draft, part, (high, unit)), gridlines=True),
            y_axis=Axis(0, height / ROW_PX, visible=False),
            frame=Frame(top, part.first + 1, 0, 0, width, height + AXIS_PX),
            plot=(0.07, 0.0, 0.86, height / (height + AXIS_PX)),
            alt=part.alt,
            decorative=not part.alt,
        )
    )


def _base_key(draft: Draft, part: Panel) -> tuple[str, str, str, str]:
    assert part.base is not None  # noqa: S101  # the caller asked first
    return part.base.tab or draft.tab.name, part.base.block, part.base.row, part.base.column


def _axis_format(draft: Draft, part: Panel, ends: tuple[float, float]) -> str:
    high, unit = ends
    if part.axis_format == "months" and unit >= 1:
        return "0"
    name = "share0" if part.axis_format == "share" and unit >= 0.01 else part.axis_format
    return figure_format(name, "", high, draft.symbol).split(";")[0]


def _dots(draft: Draft, known: Known, part: Panel, panel: tuple[int, int]) -> list[_Dot]:
    top, height = panel
    dots = []
    for key in draft.orders[part.table]:
        figures = [
            known.copy(draft.key(part.table, key, column))
            for column in (part.value, part.low, part.high)
        ]
        if number(figures[0]) is None or (part.table, key) in draft.totals:
            continue
        ranged = None not in [number(figure) for figure in figures]
        kept = [_drawn(figure, figures[0]) for figure in (figures if ranged else figures[:1])]
        first, _ = draft.rows[part.table, key]
        middle = draft.pixels(top, first - 1) + draft.pixels(first, first) / 2
        verdict = part.verdicts.get(key, "plain")
        dots.append(_Dot(verdict, (height - middle) / ROW_PX, tuple(kept)))
    return dots


def _drawn(figure: Content, value: Content) -> Content:
    """A figure for the chart: its row's value where there is none now, and then off the axis; text moves all dots."""
    if not isinstance(figure, Formula) or not isinstance(value, Formula):
        return figure
    refs = {"copy": figure.refs["copy"], "value": value.refs["copy"]}
    text = "IF(ISNUMBER({copy}),{copy},IF(ISNUMBER({value}),{value},-1E+9))"
    return Formula(text, figure.value, refs)


def _panel_rows(dots: Sequence[_Dot], base: Content, top: float) -> list[list[Content]]:
    """Heads, then a row a dot, three a whisker (low, high, gap), two for the base line; x shared.

    Columns in the order of drawing, which is Excel's where a chart is made of a block: dots lie on top.
    """
    names = list(_VERDICTS)
    heads: list[Content] = ["Value", "Company average"]
    heads += [f"Range: {words.lower()}" for words in _VERDICTS.values()]
    rows: list[list[Content]] = [[*heads, *_VERDICTS.values()]]
    for dot in dots:
        at = names.index(dot.verdict)
        rows.append(_point(dot.figures[0], _DOTS + at, dot.y))
        if len(dot.figures) == 3:
            rows.append(_point(dot.figures[1], _RANGES + at, dot.y))
            rows.append(_point(dot.figures[2], _RANGES + at, dot.y))
            rows.append(_point(dot.figures[0], 0, 0.0))
    if base is not None:
        rows += [_point(base, _BASE, 0.0), _point(base, _BASE, top)]
    return rows


def _point(x: Content, column: int, y: float) -> list[Content]:
    """A row of the block: x, and y in one column; column 0 is a gap."""
    return [x] + [y if column == at else None for at in range(1, 8)]


def _panel_series(block: Rect, dots: Sequence[_Dot], has_base: bool) -> tuple[ChartSeries, ...]:
    """Base line first, then whiskers, then dots, so that dots lie on top; only verdicts that occur."""
    marks: list[tuple[int, Mark]] = [(_BASE, Mark("base", 1.0))] if has_base else []
    seen = {dot.verdict for dot in dots}
    ranged = {dot.verdict for dot in dots if len(dot.figures) == 3}
    for at, (verdict, colour) in enumerate(_COLOURS.items()):
        if verdict in ranged:
            marks.append((_RANGES + at, Mark(colour, 2.0)))
    for at, (verdict, colour) in enumerate(_COLOURS.items()):
        if verdict in seen:
            marks.append((_DOTS + at, Mark(dot=colour, dot_size=8)))
    return tuple(
        ChartSeries(head_cell(block, column), x_cells(block), column_cells(block, column), mark)
        for column, mark in marks
    )


def head_cell(block: Rect, column: int) -> Rect:
    """The cell with the name of a helper block's column."""
    return Rect.cell(block.top, block.left + column)


def x_cells(block: Rect) -> Rect:
    """The x values or categories of a helper block."""
    return column_cells(block, 0)


def column_cells(block: Rect, column: int) -> Rect:
    """The cells of a helper block's column below its head."""
    return Rect(block.top + 1, block.left + column, block.bottom, block.left + column)


def draw_row_bars(draft: Draft, known: Known, part: RowBars) -> None:
    """Bars exactly on the rows beside them. One chart a run of rows of one height, all on one scale."""
    width = draft.span_px(part.first, part.last)
    for number_of_run, run in enumerate(_runs(draft, known, part), start=1):
        looks = sorted({part.looks.get(key, "plain") for key in run})
        block = draft.helper(_bar_rows(draft, known, part, (run, looks)))
        top, bottom = draft.rows[part.table, run[0]][0], draft.rows[part.table, run[-1]][1]
        draft.charts.append(
            Chart(
                name=f"{draft.sheet} {part.id} {number_of_run}",
                kind="bar",
                block=block,
                series=tuple(
                    ChartSeries(
                        head_cell(block, at),
                        x_cells(block),
                        column_cells(block, at),
                        Mark(fill=BAR_FILLS.get(look, look)),
                    )
                    for at, look in enumerate(looks, start=1)
                ),
                x_axis=Axis(visible=False, reverse=True),
                y_axis=Axis(0, part.maximum or 1.0, visible=False),
                frame=Frame(top, part.first + 1, 0, 0, width, draft.pixels(top, bottom)),
                plot=(0.02, 0.0, 0.96, 1.0),
                alt=part.alt,
                decorative=not part.alt,
                gap=60,
            )
        )


def _bar_rows(
    draft: Draft, known: Known, part: RowBars, run: tuple[Sequence[str], Sequence[str]]
) -> list[list[Content]]:
    keys, looks = run
    rows: list[list[Content]] = [["Row", *(look.capitalize() for look in looks)]]
    for key in keys:
        label = _row_label(draft, known, part.table, key) or key
        bar = known.copy(draft.key(part.table, key, part.column))
        mine = part.looks.get(key, "plain")
        rows.append([label, *(bar if look == mine else None for look in looks)])
    return rows


def _row_label(draft: Draft, known: Known, block: str, key: str) -> Formula | None:
    """The first cell of a row that shows text."""
    row = draft.rows[block, key][0]
    for at in range(GRID_LAST + 1):
        cell = draft.cells.get((row, at + 1), (None, None))[1]
        if cell and cell[1:3] == (block, key) and isinstance(known.values[cell], str):
            return known.copy(cell)
    return None


def _runs(draft: Draft, known: Known, part: RowBars) -> list[list[str]]:
    """Row keys with a figure, split where rows are of another height or apart."""
    wanted = part.rows or draft.orders[part.table]
    runs: list[list[str]] = []
    before: tuple[int, int] | None = None
    for key in draft.orders[part.table]:
        first, last = draft.rows[part.table, key]
        bar = known.values.get(draft.key(part.table, key, part.column))
        if key not in wanted or not isinstance(bar, int | float):
            continue
        if not part.rows and (part.table, key) in draft.totals:
            continue
        height = draft.pixels(first, last)
        if before == (first - 1, height):
            runs[-1].append(key)
        else:
            runs.append([key])
        before = last, height
    return runs
