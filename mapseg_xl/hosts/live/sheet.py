"""Draws one tab of a Plan into a sheet of an open workbook: clears what was ours there, then verb by verb."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from mapseg_xl.hosts.live import charts as live_charts
from mapseg_xl.hosts.live import entries as live_entries
from mapseg_xl.hosts.live.cells import around, blocks, cleaned, is_long, rows_of
from mapseg_xl.hosts.live.finish import Finishing
from mapseg_xl.hosts.live.grid import Grid, Spot, grid_of
from mapseg_xl.hosts.live.looks import paint
from mapseg_xl.hosts.live.spoken import footers
from mapseg_xl.report.verbs import (
    Chart,
    DataTable,
    Entry,
    Filter,
    Height,
    Live,
    Page,
    Rect,
    Scale,
    Sheet,
    Verb,
    View,
    Width,
)

_POINTS = 0.75  # of a pixel
_PIXELS_A_CHARACTER = 7  # of the usual Normal font; only a first guess
_BODY_POINTS = 15.0
_TRIES = 4
_LONGEST_CHART_NAME = 31
_Kind = TypeVar("_Kind", bound=Verb)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an earlier run of ours left on a sheet: the areas it drew in, as they lie now, and its charts."""

    areas: tuple[Rect, ...] = ()
    charts: tuple[str, ...] = ()


def draw(
    sheet: Any,
    tab: Sheet,
    standing: Standing,
    foreign: Collection[Spot],
    *,
    from_1904: bool,
    finishing: Finishing,
) -> tuple[str, ...]:
    """The tab in place of what stood there; cells `foreign` to us stay. What could not be drawn, a line each."""
    clear(sheet, standing, foreign)
    _size(sheet, tab, standing)
    grid = grid_of(tab)
    write_values(sheet, grid, foreign, from_1904=from_1904)
    for spot, value in grid.values.items():
        if isinstance(value, Live) and value.array:
            cell = sheet.range(Rect.cell(*spot).a1)
            finishing.do("formula of several cells", cell, "=" + value.formula)
    paint(sheet, grid, finishing)
    live_entries.enter(sheet, _all(tab, Entry), finishing)
    live_entries.colour(sheet, tuple(_all(tab, Scale)))
    for table in _all(tab, DataTable):
        live_entries.tabulate(sheet, table)
    for arrows in _all(tab, Filter):
        finishing.do("filter arrows", sheet.range(arrows.rect.a1))
    missing = tuple(_charts(sheet, tab, finishing))
    _show(sheet, tab, finishing)
    return missing


def clear(sheet: Any, standing: Standing, foreign: Collection[Spot]) -> None:
    """Takes away what an earlier run drew, and nothing else."""
    ours = set(standing.charts)
    for chart in [chart for chart in sheet.charts if chart.name in ours] if ours else []:
        chart.delete()
    for area in standing.areas:
        for part in around(area, foreign):
            sheet.range(part.a1).clear()


def write_values(sheet: Any, grid: Grid, foreign: Collection[Spot], *, from_1904: bool) -> None:
    """Values and formulas, an area at once; long texts each by itself, since a block may not hold them."""
    for rect in blocks(grid.values, grid.zones, foreign):
        sheet.range(rect.a1).raw_value = rows_of(rect, grid.values, from_1904=from_1904)
    for (row, column), value in grid.values.items():
        content = cleaned(value, from_1904=from_1904)
        if is_long(content) and (row, column) not in foreign:
            sheet.range(Rect.cell(row, column).a1).raw_value = content


def _size(sheet: Any, tab: Sheet, standing: Standing) -> None:
    """Widths and heights."""
    for first, last, pixels in _joined_widths(_all(tab, Width)):
        _widen(sheet.range(Rect(0, first, 0, last).a1), pixels * _POINTS, last - first + 1)
    for area in standing.areas:
        sheet.range(Rect(area.top, 0, area.bottom, 0).a1).row_height = _BODY_POINTS
    for first, last, height in _joined_heights(_all(tab, Height)):
        sheet.range(Rect(first, 0, last, 0).a1).row_height = height


def _widen(columns: Any, points: float, count: int) -> None:
    """Columns of a width in points, found by measuring: Excel takes characters, and adds a margin to them."""
    characters, slope = points / _POINTS / _PIXELS_A_CHARACTER, _PIXELS_A_CHARACTER * _POINTS
    before: tuple[float, float] | None = None
    for _ in range(_TRIES):
        columns.column_width = characters
        measured = columns.width / count
        if abs(measured - points) < _POINTS / 2:
            return
        if before and characters != before[0] and measured != before[1]:
            slope = (measured - before[1]) / (characters - before[0])
        before = characters, measured
        characters = max(0.1, characters + (points - measured) / slope)


def _joined_widths(verbs: Iterable[Width]) -> Iterator[tuple[int, int, int]]:
    joined: list[tuple[int, int, int]] = []
    for verb in sorted(verbs, key=lambda verb: verb.first):
        if joined and joined[-1][1] == verb.first - 1 and joined[-1][2] == verb.pixels:
            joined[-1] = joined[-1][0], verb.last, verb.pixels
        else:
            joined.append((verb.first, verb.last, verb.pixels))
    yield from joined


def _joined_heights(verbs: Iterable[Height]) -> Iterator[tuple[int, int, float]]:
    joined: list[tuple[int, int, float]] = []
    for verb in sorted(verbs, key=lambda verb: verb.row):
        if joined and joined[-1][1] == verb.row - 1 and joined[-1][2] == verb.points:
            joined[-1] = joined[-1][0], verb.row, verb.points
        else:
            joined.append((verb.row, verb.row, verb.points))
    yield from joined


def _charts(sheet: Any, tab: Sheet, finishing: Finishing) -> Iterator[str]:
    for name, verb in zip(charts_of(tab), _all(tab, Chart), strict=True):
        try:
            live_charts.draw(sheet, name, verb, finishing)
        except live_charts.NotDrawnError as error:
            yield f"chart on {tab.name}: {error}"


def _show(sheet: Any, tab: Sheet, finishing: Finishing) -> None:
    """How the tab looks on the screen and on paper."""
    for view in _all(tab, View):
        sheet.activate()
        sheet.show_gridlines = False
        finishing.do("rows kept in view", sheet.book, view.freeze_row, view.zoom)
    if tab.colour:
        finishing.do("tab colour", sheet, tab.colour)
    for page in _all(tab, Page):
        first, last = page.repeat
        sheet.page_setup.print_area = page.area.absolute
        finishing.do("print set-up", sheet, page, f"${first + 1}:${last + 1}", footers(page))
        if page.breaks:
            finishing.do("page breaks", sheet, page.breaks)


def _all(tab: Sheet, kind: type[_Kind]) -> Iterator[_Kind]:
    return (verb for verb in tab.verbs if isinstance(verb, kind))


def charts_of(tab: Sheet) -> tuple[str, ...]:
    """The names of a tab's charts: a long one is cut, and numbered so that none is there twice."""
    names: list[str] = []
    for at, verb in enumerate(_all(tab, Chart), start=1):
        name = verb.name
        if len(name) > _LONGEST_CHART_NAME or name in names:
            name = f"{name[: _LONGEST_CHART_NAME - 4]} {at}"
        names.append(name)
    return tuple(names)
