"""Charts from blocks of cells, with Excel's guesses about heads and categories, drawn by LibreOffice."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc.addresses import Rectangle, rectangle, text_of
from tests.calc.basic import from_own
from tests.calc.bridge import struct
from tests.calc.chart_parts import ChartAxis, ChartLegend, ChartSeries, sequence
from tests.calc.office import service
from tests.calc.strict import ExcelRefuses, Native

if TYPE_CHECKING:
    from tests.calc.ranges import Range
    from tests.calc.sheets import Sheet

_INNER = re.compile("m[0-9a-f]{32}x((?:[0-9a-f]{2})*)")
_NAMED_SECONDS = 5
_POINT = 2540 / 72  # in hundredths of a millimetre
_KINDS = {
    "xy_scatter": "Scatter", "xy_scatter_lines": "Scatter", "xy_scatter_lines_no_markers": "Scatter",
    "bar_stacked": "Column", "bar_clustered": "Column", "column_stacked": "Column",
    "column_clustered": "Column", "line": "Line",
}  # fmt: skip


class Charts(base_classes.Charts):
    """The charts of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.parent = sheet

    @property
    def api(self) -> Native:
        return Native("charts")

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(spoken(inner) for inner in self.parent.sheet.Charts.ElementNames)

    def __iter__(self) -> Iterator[Chart]:
        for name in self._names:
            yield Chart(self.parent, name)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, key: str) -> bool:
        return key in self._names

    def __call__(self, key: int | str) -> Chart:
        if isinstance(key, int):
            return Chart(self.parent, self._names[key - 1])
        if key not in self:
            raise ExcelRefuses(f"{self.parent.name} has no chart {key}")
        return Chart(self.parent, key)

    def add(self, left: float, top: float, width: float, height: float, **said: Any) -> Chart:
        """An empty chart at a place in points."""
        if said["style"] is not None or said["source"] is not None or said["anchor"] is not None:
            raise ExcelRefuses("style=None, no anchor, the source afterwards: else Excel guesses x")
        if min(width, height) <= 0 or min(left, top) < 0:
            raise ExcelRefuses(f"a chart at {left}, {top} of {width} x {height}")
        self.parent.document.will_write(self)
        name = said["name"] or f"Chart {len(self) + 1}"
        place = [round(value * _POINT) for value in (left, top, width, height)]
        _insert(self.parent, name, place, ())
        return Chart(self.parent, name)


def spoken(inner: str) -> str:
    """The name of a chart as Excel has it. LibreOffice wants it unlike all others of the file, and plain."""
    found = _INNER.fullmatch(inner)
    return bytes.fromhex(found[1]).decode() if found else inner


def _inner(sheet: Sheet, name: str) -> str:
    return next(inner for inner in sheet.sheet.Charts.ElementNames if spoken(inner) == name)


def _insert(
    sheet: Sheet, name: str, place: list[int], ranges: tuple[Any, ...], **heads: bool
) -> None:
    frame = struct("awt.Rectangle", X=place[0], Y=place[1], Width=place[2], Height=place[3])
    top_row, first_column = heads.get("top_row", True), heads.get("first_column", False)
    inner = f"m{uuid.uuid4().hex}x{name.encode().hex()}"
    sheet.sheet.Charts.addNewByName(inner, frame, ranges, top_row, first_column)


class Chart(base_classes.Chart):
    """One chart. `kind`: its type as xlwings calls it, kept in the document's own memory."""

    parent: Any = None
    name = ""

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.parent, self.name = sheet, name

    @property
    def api(self) -> tuple[Native, Native]:
        return Native(f"chart {self.name}"), Native(f"chart {self.name}")

    @cached_property
    def drawn(self) -> Any:
        """LibreOffice's chart."""
        return self.parent.sheet.Charts.getByName(_inner(self.parent, self.name)).EmbeddedObject

    @cached_property
    def system(self) -> Any:
        """Its axes and marks."""
        return self.drawn.FirstDiagram.CoordinateSystems[0]

    @cached_property
    def items(self) -> tuple[Any, ...]:
        """LibreOffice's series."""
        return tuple(self.system.ChartTypes[0].DataSeries)

    def _changed(self) -> None:
        for name in ("drawn", "system", "items"):
            self.__dict__.pop(name, None)

    @property
    def _shape(self) -> Any:
        """The chart on the page; a busy LibreOffice gives a new one its name a moment later."""
        page, inner = self.parent.sheet.DrawPage, _inner(self.parent, self.name)
        until = time.monotonic() + _NAMED_SECONDS
        while True:
            shapes = [page.getByIndex(index) for index in range(page.Count)]
            found = [s for s in shapes if getattr(s, "PersistName", "") == inner]
            if found:
                return found[0]
            if time.monotonic() > until:
                raise ExcelRefuses(f"{self.name} is not on its sheet")
            time.sleep(0.05)

    def set_source_data(self, rng: Range, plot_by: str | None = None) -> None:
        """A series a column; Excel takes a row of texts for names and a column of texts for categories."""
        if plot_by != "columns":
            raise ExcelRefuses("plot_by='columns', or Excel guesses")
        rows = rng.sheet.content.read(rng.at)
        heads = all(isinstance(value, str) for value in rows[0])
        texts = any(isinstance(row[0], str) for row in rows[1:]) or rows[0][0] is None
        place, title, kind = self._place(), self.title, self.chart_type
        self.parent.sheet.Charts.removeByName(_inner(self.parent, self.name))
        address = rng.cells.RangeAddress
        _insert(self.parent, self.name, place, (address,), top_row=heads, first_column=texts)
        self._changed()
        self.title, self.chart_type = title, kind

    def _place(self) -> list[int]:
        shape = self._shape
        return [shape.Position.X, shape.Position.Y, shape.Size.Width, shape.Size.Height]

    @property
    def chart_type(self) -> str:
        return self.parent.document.chart_kinds.get(
            (self.parent.name, self.name), "column_clustered"
        )

    @chart_type.setter
    def chart_type(self, value: str) -> None:
        if value not in _KINDS:
            raise ExcelRefuses(f"charts of ours are not of the type {value}")
        self.parent.document.chart_kinds[self.parent.name, self.name] = value
        system = self.system
        old = system.ChartTypes[0]
        new = service(self.parent.document.app.context, f"chart2.{_KINDS[value]}ChartType")
        series = old.DataSeries
        system.setChartTypes((new,))
        new.setDataSeries(series)
        self._changed()
        if _KINDS[value] == "Column":
            self.drawn.Diagram.Vertical = value.startswith("bar")
            self.drawn.Diagram.Stacked = value.endswith("stacked")

    def set_x_axis_values(self, rng: Range) -> None:
        """The same cells for every series."""
        role = "values-x" if self.chart_type.startswith("xy") else "categories"
        given = sequence(self, rng, role)
        if role == "categories":
            axis = self.system.getAxisByDimension(0, 0)
            scale = axis.ScaleData
            scale.Categories = given
            axis.setScaleData(scale)
            return
        for series in self.items:
            others = [q for q in series.DataSequences if q.Values.Role != role]
            series.setData((sequence(self, rng, role), *others))

    @property
    def series(self) -> ChartSeriesCollection:
        return ChartSeriesCollection(self)

    @property
    def title(self) -> str | None:
        return self.drawn.Title.String if self.drawn.HasMainTitle else None

    @title.setter
    def title(self, value: str | None) -> None:
        self.drawn.HasMainTitle = value is not None
        if value is not None:
            self.drawn.Title.String = value

    @property
    def legend(self) -> ChartLegend:
        return ChartLegend(self)

    @property
    def category_axis(self) -> ChartAxis:
        return ChartAxis(self, 0)

    @property
    def value_axis(self) -> ChartAxis:
        return ChartAxis(self, 1)

    @property
    def left(self) -> float:
        return self._shape.Position.X / _POINT

    @property
    def top(self) -> float:
        return self._shape.Position.Y / _POINT

    @property
    def width(self) -> float:
        return self._shape.Size.Width / _POINT

    @property
    def height(self) -> float:
        return self._shape.Size.Height / _POINT

    def delete(self) -> None:
        self.parent.document.will_write(self)
        self.parent.document.chart_kinds.pop((self.parent.name, self.name), None)
        self.parent.sheet.Charts.removeByName(_inner(self.parent, self.name))


class ChartSeriesCollection(base_classes.ChartSeriesCollection):
    """The series of a chart."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    @property
    def api(self) -> Native:
        return Native("series")

    def __len__(self) -> int:
        return len(self.chart.items)

    def __iter__(self) -> Iterator[ChartSeries]:
        for item in self.chart.items:
            yield ChartSeries(self.chart, item)

    def __call__(self, key: int) -> ChartSeries:
        return ChartSeries(self.chart, self.chart.items[key - 1])


def counts_instead(chart: Chart) -> str:
    """Cells of x in a scatter chart that are no numbers: Excel would count 1, 2, 3 there. "" where all are well."""
    for item in chart.items if chart.chart_type.startswith("xy") else ():
        at = source(chart, item, "values-x")
        if at is None:
            return "no x"
        rows = chart.parent.content.read(at)
        if not all(isinstance(row[0], float) for row in rows):
            return text_of(at)
    return ""


def source(chart: Chart, series: Any, role: str) -> Rectangle | None:
    """The cells that a series reads for x, y or its name; for tests."""
    text = ""
    for part in series.DataSequences:
        if part.Values is not None and part.Values.Role == role:
            text = part.Values.SourceRangeRepresentation
        if role == "label" and part.Label is not None:
            text = part.Label.SourceRangeRepresentation
    if not text:
        return None
    spot = struct("table.CellAddress")
    return rectangle(from_own(chart.parent.document.doc, text, spot).rpartition("!")[2])
