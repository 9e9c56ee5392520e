"""What Excel on a Mac can and xlwings' own methods cannot: finishes, as properties set through AppleScript's terms.

Every function yields object, term, value. The terms are those of xlwings' dictionary of Excel, tested against it;
none was run in an Excel here.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

from mapseg_xl.hosts.live.spoken import Spoken, rgb
from mapseg_xl.report.styles import COLOURS
from mapseg_xl.report.verbs import Axis, ChartSeries, Page, Rect

Steps = Iterator[tuple[Any, str, Any]]

_DASHES = {
    "": "line_dash_style_solid",
    "dash": "line_dash_style_dash",
    "dots": "line_dash_style_round_dot",
}


def keyword(name: str) -> Any:
    """A constant of Excel's dictionary. The library exists on a Mac alone, where xlwings brings it."""
    return getattr(importlib.import_module("appscript").k, name)


def frozen(book: Any, row: int, zoom: int) -> Steps:
    """Rows above `row` stay in view on the active sheet, from the top."""
    window = book.api.windows[1]
    yield window, "freeze_panes", False
    yield window, "scroll_row", 1
    yield window, "scroll_column", 1
    yield window, "split_column", 0
    yield window, "split_row", row
    yield window, "freeze_panes", row > 0
    yield window, "zoom", zoom


def tab_colour(sheet: Any, colour: str) -> Steps:
    """The colour of a sheet's tab."""
    yield sheet.api.sheet_tab, "color", rgb(COLOURS[colour])


def indent(rng: Any, steps: int) -> Steps:
    """Text moved in from the side of its cell."""
    yield rng.api, "indent_level", steps


def unlocked(rng: Any) -> Steps:
    """Cells that stay open should somebody protect the sheet."""
    yield rng.api, "locked", False


def several(rng: Any, formula: str) -> Steps:
    """A formula that may give several cells; an older Excel has no word for that."""
    yield rng.api, "formula2", formula


def message(rng: Any, said: Spoken) -> Steps:
    """What Excel says beside an input cell, and when something else is typed."""
    rule = rng.data_validation.api
    yield rule, "input_title", said.title
    yield rule, "input_message", said.message
    yield rule, "error_title", said.error_title
    yield rule, "error_message", said.error_message
    yield rule, "ignore_blank", True


def hidden_name(book: Any, name: str) -> Steps:
    """A name that no list of names shows."""
    yield book.api.named_items[name], "visible", False


def very_hidden(sheet: Any) -> Steps:
    """A sheet that no menu shows."""
    yield sheet.api, "visible", keyword("sheet_very_hidden")


def filter_arrows(rng: Any) -> Steps:
    """Arrows over a table; a second call would take them away."""
    if not rng.sheet.api.autofilter_mode.get():
        rng.api.autofilter_range(field=1)
    yield from ()


def printed(sheet: Any, page: Page, repeat: str, footers: tuple[str, str, str]) -> Steps:
    """Orientation, scale, repeated rows, footer; the size of paper has no term here."""
    setup = sheet.page_setup.api
    yield setup, "page_orientation", keyword("landscape")
    yield setup, "center_horizontally", True
    yield setup, "print_title_rows", repeat
    if page.one_page:
        yield setup, "zoom", False
        yield setup, "fit_to_pages_wide", 1
        yield setup, "fit_to_pages_tall", 1
    else:
        yield setup, "zoom", page.scale
    for side, text in zip(("left", "center", "right"), footers, strict=True):
        yield setup, f"{side}_footer", text


def page_breaks(sheet: Any, rows: tuple[int, ...]) -> Steps:
    """A new page above each of these rows."""
    sheet.api.reset_all_page_breaks()
    for row in rows:
        cell = sheet.range(Rect.cell(row, 0).a1)
        yield cell.api, "page_break", keyword("page_break_manual")


def line(series: Any, points: float, dash: str) -> Steps:
    """How thick a line is, and whether dashed."""
    drawn = series.api.chart_format.line_format
    yield drawn, "weight", points
    yield drawn, "dash_style", keyword(_DASHES[dash])


def see_through(series: Any, share: float) -> Steps:
    """Dots through which others show."""
    yield series.api.chart_format.fill_format, "transparency", share


def no_fill(series: Any) -> Steps:
    """A bar that only lifts the one upon it."""
    yield series.api.chart_format.fill_format, "visible", False


def label(series: Any, verb: ChartSeries) -> Steps:
    """Names or figures at the marks of a series."""
    said = verb.label
    if said is None:
        return
    is_name = said.shows == "name"
    series.api.apply_data_labels(show_series_name=is_name, show_value=not is_name)
    labels = series.api.data_labels
    yield labels, "position", keyword(f"label_position_{said.position}")
    if said.format:
        yield labels, "number_format", said.format
    yield from _font(labels.font_object, 9, said.colour, bold=said.bold)


def title(chart: Any) -> Steps:
    """The title where ours stand: small, bold, top left."""
    drawn = chart.api[1].chart_title
    yield from _font(drawn.font_object, 11, "ink", bold=True)
    yield drawn, "left_position", 2
    yield drawn, "top", 2


def axis(drawn: Any, verb: Axis, *, is_category: bool) -> Steps:
    """Gridlines, ticks and type of an axis that is shown."""
    native = drawn.api
    yield native, "has_major_gridlines", verb.gridlines
    if verb.gridlines:
        yield native.major_gridlines.chart_format.line_format, "fore_color", rgb(COLOURS["light"])
    yield native, "major_tick_mark", keyword("tick_mark_none")
    yield native, "tick_label_position", keyword("tick_label_position_low")
    yield native.chart_format.line_format, "visible", verb.line
    if verb.line:
        yield native.chart_format.line_format, "fore_color", rgb(COLOURS["base"])
    yield from _font(native.tick_labels.font_object, 9, "ink" if is_category else "secondary")


def bars(chart: Any, gap: int) -> Steps:
    """How far bars stand apart; those of one category upon each other."""
    group = chart.api[1].chart_groups[1]
    yield group, "gap_width", gap
    yield group, "overlap", 100


def plot_area(chart: Any, left: float, top: float, width: float, height: float) -> Steps:
    """Where the marks lie within the chart, in points."""
    area = chart.api[1].plot_area_object
    yield area, "inside_left", left
    yield area, "inside_top", top
    yield area, "inside_width", width
    yield area, "inside_height", height


def frame(chart: Any) -> Steps:
    """No line around a chart, nothing behind it, gaps where cells are empty."""
    area = chart.api[1].chart_area_object.chart_format
    yield area.line_format, "visible", False
    yield area.fill_format, "visible", False
    yield chart.api[1], "display_blanks_as", keyword("not_plotted")


def alternative_text(sheet: Any, name: str, text: str) -> Steps:
    """What a screen reader says of a chart."""
    yield sheet.api.shapes[name], "alternative_text", text


def _font(font: Any, points: float, colour: str, *, bold: bool = False) -> Steps:
    yield font, "name", "Arial"
    yield font, "font_size", points
    yield font, "bold", bold
    yield font, "color", rgb(COLOURS[colour])
