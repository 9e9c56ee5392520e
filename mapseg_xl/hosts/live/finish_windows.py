"""What Excel on Windows can and xlwings' own methods cannot: finishes, as property assignments to Excel's objects.

Every function yields object, property, value; the one who carries them out reads each property once before setting
it, since setting one that this Excel does not have would be tried again without end. None was run in an Excel here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mapseg_xl.hosts.live.spoken import Spoken, bgr
from mapseg_xl.report.styles import COLOURS
from mapseg_xl.report.verbs import Axis, ChartSeries, Page, Rect

Steps = Iterator[tuple[Any, str, Any]]

_LANDSCAPE, _A4, _NO_TICKS, _LOW_LABELS = 2, 9, -4142, -4134
_DASHES = {"": 1, "dash": 4, "dots": 3}
_PLACES = {"right": -4152, "left": -4131, "above": 0, "below": 1} | {
    "outside_end": 2,
    "inside_base": 4,
}
VERY_HIDDEN = 2


def frozen(book: Any, row: int, zoom: int) -> Steps:
    """Rows above `row` stay in view on the active sheet, from the top."""
    window = book.api.Windows(1)
    yield window, "FreezePanes", False
    yield window, "ScrollRow", 1
    yield window, "ScrollColumn", 1
    yield window, "SplitColumn", 0
    yield window, "SplitRow", row
    yield window, "FreezePanes", row > 0
    yield window, "Zoom", zoom


def tab_colour(sheet: Any, colour: str) -> Steps:
    """The colour of a sheet's tab."""
    yield sheet.api.Tab, "Color", bgr(COLOURS[colour])


def indent(rng: Any, steps: int) -> Steps:
    """Text moved in from the side of its cell."""
    yield rng.api, "IndentLevel", steps


def unlocked(rng: Any) -> Steps:
    """Cells that stay open should somebody protect the sheet."""
    yield rng.api, "Locked", False


def several(rng: Any, formula: str) -> Steps:
    """A formula that may give several cells; Excel before 2021 has no word for that."""
    yield rng.api, "Formula2", formula


def message(rng: Any, said: Spoken) -> Steps:
    """What Excel says beside an input cell, and when something else is typed."""
    rule = rng.data_validation.api
    yield rule, "InputTitle", said.title
    yield rule, "InputMessage", said.message
    yield rule, "ErrorTitle", said.error_title
    yield rule, "ErrorMessage", said.error_message
    yield rule, "IgnoreBlank", True


def hidden_name(book: Any, name: str) -> Steps:
    """A name that the Name Manager does not list."""
    yield book.names[name].api, "Visible", False


def very_hidden(sheet: Any) -> Steps:
    """A sheet that no menu shows. xlwings hands the number on as it is."""
    yield sheet, "visible", VERY_HIDDEN


def filter_arrows(rng: Any) -> Steps:
    """Arrows over a table; a second call would take them away."""
    sheet = rng.sheet.api
    if not sheet.AutoFilterMode:
        rng.api.AutoFilter(1)
    yield from ()


def printed(sheet: Any, page: Page, repeat: str, footers: tuple[str, str, str]) -> Steps:
    """Paper, scale, repeated rows, footer."""
    setup = sheet.page_setup.api
    yield setup, "Orientation", _LANDSCAPE
    yield setup, "PaperSize", _A4
    yield setup, "CenterHorizontally", True
    yield setup, "PrintTitleRows", repeat
    if page.one_page:
        yield setup, "Zoom", False
        yield setup, "FitToPagesWide", 1
        yield setup, "FitToPagesTall", 1
    else:
        yield setup, "Zoom", page.scale
    for side, text in zip(("Left", "Center", "Right"), footers, strict=True):
        yield setup, f"{side}Footer", text


def page_breaks(sheet: Any, rows: tuple[int, ...]) -> Steps:
    """A new page above each of these rows."""
    sheet.api.ResetAllPageBreaks()
    for row in rows:
        sheet.api.HPageBreaks.Add(sheet.range(Rect.cell(row, 0).a1).api)
    yield from ()


def line(series: Any, points: float, dash: str) -> Steps:
    """How thick a line is, and whether dashed."""
    drawn = series.api.Format.Line
    yield drawn, "Weight", points
    yield drawn, "DashStyle", _DASHES[dash]


def see_through(series: Any, share: float) -> Steps:
    """Dots through which others show."""
    yield series.api.Format.Fill, "Transparency", share


def no_fill(series: Any) -> Steps:
    """A bar that only lifts the one upon it."""
    yield series.api.Format.Fill, "Visible", False


def label(series: Any, verb: ChartSeries) -> Steps:
    """Names or figures at the marks of a series."""
    said = verb.label
    if said is None:
        return
    yield series.api, "HasDataLabels", True
    labels = series.api.DataLabels()
    yield labels, "ShowSeriesName", said.shows == "name"
    yield labels, "ShowValue", said.shows != "name"
    yield labels, "Position", _PLACES[said.position]
    if said.format:
        yield labels, "NumberFormat", said.format
    yield from _font(labels.Font, 9, said.colour, bold=said.bold)


def title(chart: Any) -> Steps:
    """The title where ours stand: small, bold, top left."""
    drawn = chart.api[1].ChartTitle
    yield from _font(drawn.Font, 11, "ink", bold=True)
    yield drawn, "Left", 2
    yield drawn, "Top", 2


def axis(drawn: Any, verb: Axis, *, is_category: bool) -> Steps:
    """Gridlines, ticks and type of an axis that is shown."""
    native = drawn.api
    yield native, "HasMajorGridlines", verb.gridlines
    if verb.gridlines:
        yield native.MajorGridlines.Format.Line.ForeColor, "RGB", bgr(COLOURS["light"])
    yield native, "MajorTickMark", _NO_TICKS
    yield native, "TickLabelPosition", _LOW_LABELS
    yield native.Format.Line, "Visible", verb.line
    if verb.line:
        yield native.Format.Line.ForeColor, "RGB", bgr(COLOURS["base"])
    yield from _font(native.TickLabels.Font, 9, "ink" if is_category else "secondary")


def bars(chart: Any, gap: int) -> Steps:
    """How far bars stand apart; those of one category upon each other."""
    group = chart.api[1].ChartGroups(1)
    yield group, "GapWidth", gap
    yield group, "Overlap", 100


def plot_area(chart: Any, left: float, top: float, width: float, height: float) -> Steps:
    """Where the marks lie within the chart, in points."""
    area = chart.api[1].PlotArea
    yield area, "InsideLeft", left
    yield area, "InsideTop", top
    yield area, "InsideWidth", width
    yield area, "InsideHeight", height


def frame(chart: Any) -> Steps:
    """No line around a chart, nothing behind it, gaps where cells are empty."""
    area = chart.api[1].ChartArea
    yield area.Format.Line, "Visible", False
    yield area.Format.Fill, "Visible", False
    yield chart.api[1], "DisplayBlanksAs", 1  # xlNotPlotted


def alternative_text(sheet: Any, name: str, text: str) -> Steps:
    """What a screen reader says of a chart."""
    yield sheet.api.Shapes(name), "AlternativeText", text


def _font(font: Any, points: float, colour: str, *, bold: bool = False) -> Steps:
    yield font, "Name", "Arial"
    yield font, "Size", points
    yield font, "Bold", bold
    yield font, "Color", bgr(COLOURS[colour])
