"""Parts of a chart: series, axes, legend."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlwings import base_classes
from xlwings.base_classes import _UNSET

from tests.calc.basic import to_own
from tests.calc.bridge import enum, struct
from tests.calc.looks import Colour, colour_of, number_of
from tests.calc.office import service
from tests.calc.strict import ExcelRefuses, Native

if TYPE_CHECKING:
    from tests.calc.charts import Chart
    from tests.calc.ranges import Range

_MARKERS = ("none", "circle", "square", "diamond", "triangle")
_POINT = 2540 / 72


def sequence(chart: Chart, rng: Range, role: str) -> Any:
    """Cells as data of a chart."""
    where = to_own(chart.parent.document.doc, rng.reference[1:], struct("table.CellAddress"))
    values = chart.drawn.DataProvider.createDataSequenceByRangeRepresentation(where)
    values.Role = role
    labelled = service(chart.parent.document.app.context, "chart2.data.LabeledDataSequence")
    labelled.setValues(values)
    return labelled


class ChartLegend(base_classes.ChartLegend):
    """The legend."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    @property
    def api(self) -> Native:
        return Native("legend")

    @property
    def visible(self) -> bool:
        return bool(self.chart.drawn.HasLegend)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.chart.drawn.HasLegend = bool(value)


class ChartSeries(base_classes.ChartSeries):
    """One series: what xlwings can say of its look."""

    def __init__(self, chart: Chart, item: Any) -> None:
        self.chart, self.item = chart, item

    @property
    def api(self) -> Native:
        return Native("series")

    @property
    def name(self) -> str:
        for part in self.item.DataSequences:
            if part.Label is not None:
                return "".join(str(text) for text in part.Label.Data)
        return ""

    @property
    def line_color(self) -> Colour | None:
        return colour_of(self.item.Color)

    @property
    def fill_color(self) -> Colour | None:
        return colour_of(self.item.Color)

    @property
    def marker_style(self) -> str:
        symbol = self.item.Symbol
        return "none" if symbol.Style.value == "NONE" else "circle"

    def set(self, **said: Any) -> None:
        """Each look that is given."""
        for name, value in said.items():
            if value is not _UNSET:
                getattr(self, f"_set_{name}")(value)

    def _set_chart_type(self, value: str) -> None:
        if not (value.startswith("xy") and self.chart.chart_type.startswith("xy")):
            raise ExcelRefuses(f"a series of the type {value} in a chart {self.chart.chart_type}")
        lines = value != "xy_scatter"
        self.item.LineStyle = enum("drawing.LineStyle", "SOLID" if lines else "NONE")
        if value.endswith("no_markers"):
            self._set_marker_style("none")

    def _set_line_color(self, value: Any) -> None:
        self.item.LineStyle = enum("drawing.LineStyle", "SOLID")
        self.item.Color = number_of(value)

    def _set_fill_color(self, value: Any) -> None:
        self.item.Color = number_of(value)

    def _set_marker_style(self, value: str) -> None:
        if value not in _MARKERS:
            raise ExcelRefuses(f"a marker {value}")
        self._symbol(Style=enum("chart2.SymbolStyle", "NONE" if value == "none" else "STANDARD"))
        if value == "circle":
            self._symbol(StandardSymbol=8)

    def _set_marker_size(self, value: int) -> None:
        side = round(value * _POINT)
        self._symbol(Size=struct("awt.Size", Width=side, Height=side))

    def _set_marker_foreground_color(self, value: Any) -> None:
        self._symbol(BorderColor=number_of(value))

    def _set_marker_background_color(self, value: Any) -> None:
        self._symbol(FillColor=number_of(value))
        self.item.Color = number_of(value)

    def _symbol(self, **parts: Any) -> None:
        symbol = self.item.Symbol
        for name, value in parts.items():
            setattr(symbol, name, value)
        self.item.Symbol = symbol


class ChartAxis(base_classes.ChartAxis):
    """An axis: 0 across or categories, 1 the values."""

    def __init__(self, chart: Chart, dimension: int) -> None:
        self.chart, self.dimension = chart, dimension

    @property
    def api(self) -> Native:
        return Native("axis")

    @cached_property
    def _axis(self) -> Any:
        return self.chart.system.getAxisByDimension(self.dimension, 0)

    @property
    def visible(self) -> bool:
        return bool(self._axis.Show)

    @property
    def minimum_scale(self) -> float | None:
        return self._axis.ScaleData.Minimum

    @property
    def maximum_scale(self) -> float | None:
        return self._axis.ScaleData.Maximum

    @property
    def major_unit(self) -> float | None:
        return self._axis.ScaleData.IncrementData.Distance

    @property
    def reverse_order(self) -> bool:
        return self._axis.ScaleData.Orientation.value == "REVERSE"

    @property
    def title(self) -> str | None:
        letter, diagram = "XY"[self.dimension], self.chart.drawn.Diagram
        if not getattr(diagram, f"Has{letter}AxisTitle"):
            return None
        return str(getattr(diagram, f"{letter}AxisTitle").String)

    def set(self, **said: Any) -> None:
        """What is given; a hidden axis cannot be reached in Excel unless it is shown in the same breath."""
        given = {name: value for name, value in said.items() if value is not _UNSET}
        if "visible" in given:
            self._axis.Show = bool(given.pop("visible"))
        if given and not self.visible:
            raise ExcelRefuses("a hidden axis cannot be reached: hide it last")
        for name, value in given.items():
            getattr(self, f"_set_{name}")(value)

    def _scale(self, **parts: Any) -> None:
        axis = self._axis
        scale = axis.ScaleData
        for name, value in parts.items():
            setattr(scale, name, value)
        axis.setScaleData(scale)

    def _set_minimum_scale(self, value: float | None) -> None:
        self._figures()
        self._scale(Minimum=value)

    def _set_maximum_scale(self, value: float | None) -> None:
        self._figures()
        self._scale(Maximum=value)

    def _set_major_unit(self, value: float | None) -> None:
        self._figures()
        increment = self._axis.ScaleData.IncrementData
        increment.Distance = value
        self._scale(IncrementData=increment)

    def _figures(self) -> None:
        if self.dimension == 0 and not self.chart.chart_type.startswith("xy"):
            raise ExcelRefuses("an axis of categories has no scale")

    def _set_reverse_order(self, value: bool) -> None:
        side = "REVERSE" if value else "MATHEMATICAL"
        self._scale(Orientation=enum("chart2.AxisOrientation", side))

    def _set_number_format(self, value: str) -> None:
        self._axis.LinkNumberFormatToSource = False
        self._axis.NumberFormat = self.chart.parent.document.format_key(value)

    def _set_title(self, value: str | None) -> None:
        letter, diagram = "XY"[self.dimension], self.chart.drawn.Diagram
        setattr(diagram, f"Has{letter}AxisTitle", value is not None)
        if value is not None:
            getattr(diagram, f"{letter}AxisTitle").String = value
