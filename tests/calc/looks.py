"""Fonts, fills, borders, alignment: xlwings' vocabulary in LibreOffice's properties."""

from __future__ import annotations

from typing import Any

from xlwings import base_classes
from xlwings.base_classes import _UNSET
from xlwings.utils import hex_to_rgb, int_to_rgb

from tests.calc.bridge import enum, struct
from tests.calc.strict import ExcelRefuses, Native

Colour = tuple[int, int, int]

# hundredths of a millimetre
_WEIGHTS = {"hairline": 2, "thin": 26, "medium": 53, "thick": 88}
_LINES = {"continuous": 0, "dot": 1, "dash": 2, "double": 3, "dash_dot": 16, "dash_dot_dot": 17}
_SIDES = {
    "edge_top": "TopLine",
    "edge_bottom": "BottomLine",
    "edge_left": "LeftLine",
    "edge_right": "RightLine",
    "inside_vertical": "VerticalLine",
    "inside_horizontal": "HorizontalLine",
}
_ACROSS = {
    "general": "STANDARD", "left": "LEFT", "center": "CENTER", "right": "RIGHT", "fill": "REPEAT",
    "justify": "BLOCK", "center_across_selection": "CENTER", "distributed": "BLOCK",
}  # fmt: skip
_ACROSS_BACK = {"STANDARD": "general", "BLOCK": "justify", "REPEAT": "fill"}
_DOWN = {"bottom": 3, "top": 1, "center": 2, "justify": 4, "distributed": 4}


def number_of(colour: Any) -> int:
    """LibreOffice's number of a colour given as xlwings takes it; -1 for none."""
    if colour is None:
        return -1
    if isinstance(colour, str):
        colour = hex_to_rgb(colour)
    if isinstance(colour, int):  # Excel's own number, blue first
        colour = int_to_rgb(colour)
    red, green, blue = colour
    return int(red) << 16 | int(green) << 8 | int(blue)


def colour_of(number: Any) -> Colour | None:
    """The colour of LibreOffice's number; None where there is none, or several."""
    if not isinstance(number, int) or number < 0:
        return None
    return number >> 16 & 255, number >> 8 & 255, number & 255


def uniform(cells: Any, name: str) -> Any:
    """A property that all cells share, None where they differ (LibreOffice tells of a default then)."""
    if cells.getPropertyState(name).value == "AMBIGUOUS_VALUE":
        return None
    return cells.getPropertyValue(name)


def horizontal(cells: Any) -> str | None:
    """How the text of cells stands across."""
    value = uniform(cells, "HoriJustify")
    return None if value is None else _ACROSS_BACK.get(value.value, value.value.lower())


def set_horizontal(cells: Any, value: str) -> None:
    """Across a selection LibreOffice cannot centre: it centres in the first cell."""
    cells.HoriJustify = enum("table.CellHoriJustify", _ACROSS[value])


def vertical(cells: Any) -> str | None:
    """How the text of cells stands between top and bottom."""
    return {0: "bottom", 1: "top", 2: "center", 3: "bottom", 4: "justify"}.get(
        uniform(cells, "VertJustify")
    )


def set_vertical(cells: Any, value: str) -> None:
    """Top, centre, bottom."""
    cells.VertJustify = _DOWN[value]


class Font(base_classes.Font):
    """The type of cells."""

    def __init__(self, cells: Any) -> None:
        self.cells = cells

    @property
    def api(self) -> Native:
        return Native("font")

    @property
    def bold(self) -> bool | None:
        weight = uniform(self.cells, "CharWeight")
        return None if weight is None else weight > 100

    @bold.setter
    def bold(self, value: bool) -> None:
        self.cells.CharWeight = 150.0 if value else 100.0

    @property
    def italic(self) -> bool | None:
        posture = uniform(self.cells, "CharPosture")
        return None if posture is None else posture.value == "ITALIC"

    @italic.setter
    def italic(self, value: bool) -> None:
        self.cells.CharPosture = enum("awt.FontSlant", "ITALIC" if value else "NONE")

    @property
    def size(self) -> float | None:
        return uniform(self.cells, "CharHeight")

    @size.setter
    def size(self, value: float) -> None:
        self.cells.CharHeight = float(value)

    @property
    def color(self) -> Colour | None:
        number = uniform(self.cells, "CharColor")
        return (0, 0, 0) if number == -1 else colour_of(number)

    @color.setter
    def color(self, value: Any) -> None:
        self.cells.CharColor = number_of(value)

    @property
    def name(self) -> str | None:
        return uniform(self.cells, "CharFontName")

    @name.setter
    def name(self, value: str) -> None:
        self.cells.CharFontName = value


class Border(base_classes.Border):
    """One side of the cells."""

    def __init__(self, borders: Borders, side: str) -> None:
        self.borders, self.side = borders, side

    @property
    def api(self) -> Native:
        return Native("border")

    @property
    def line_style(self) -> str | None:
        line = self.borders.line(self.side)
        if not line.LineWidth:
            return "none"
        return {number: name for name, number in _LINES.items()}[line.LineStyle]

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        self.borders.set([self.side], line_style=value)

    @property
    def weight(self) -> str | None:
        width = self.borders.line(self.side).LineWidth
        return min(_WEIGHTS, key=lambda name: abs(_WEIGHTS[name] - width)) if width else None

    @weight.setter
    def weight(self, value: str) -> None:
        self.borders.set([self.side], weight=value)

    @property
    def color(self) -> Colour | None:
        line = self.borders.line(self.side)
        return colour_of(line.Color) if line.LineWidth else None

    @color.setter
    def color(self, value: Any) -> None:
        self.borders.set([self.side], color=value)


class Borders(base_classes.Borders):
    """All sides of the cells."""

    def __init__(self, parent: Any, cells: Any) -> None:
        self.parent, self.cells = parent, cells

    @property
    def api(self) -> Native:
        return Native("borders")

    def __getitem__(self, side: str) -> Border:
        return Border(self, side)

    def line(self, side: str) -> Any:
        """LibreOffice's line on a side."""
        if side not in _SIDES:
            raise ExcelRefuses(f"{side}: not needed by anything of ours")
        return getattr(self.cells.TableBorder2, _SIDES[side])

    def set(
        self,
        which: list[str],
        *,
        line_style: Any = _UNSET,
        weight: Any = _UNSET,
        color: Any = _UNSET,
    ) -> None:
        """Sets what is given; a colour or weight alone makes a line, as in Excel."""
        sides = [s for s in which if s in self._grid_sides()]
        border = struct("table.TableBorder2")
        before = self.cells.TableBorder2
        for name in ("Top", "Bottom", "Left", "Right", "Vertical", "Horizontal"):
            setattr(border, f"Is{name}LineValid", False)
        for side in sides:
            line = self._line(getattr(before, _SIDES[side]), line_style, weight, color)
            setattr(border, _SIDES[side], line)
            setattr(border, f"Is{_SIDES[side]}Valid", True)
        self.cells.TableBorder2 = border

    @staticmethod
    def _line(old: Any, line_style: Any, weight: Any, color: Any) -> Any:
        line = struct("table.BorderLine2")
        if line_style is None or line_style == "none":
            return line
        line.LineWidth = old.LineWidth or _WEIGHTS["thin"]
        line.Color, line.LineStyle = old.Color, old.LineStyle if old.LineWidth else 0
        if color is not _UNSET:
            line.Color = number_of(color)
        if weight is not _UNSET:
            line.LineWidth = _WEIGHTS[weight]
        if line_style is not _UNSET:
            line.LineStyle = _LINES[line_style]
        line.OuterLineWidth = line.LineWidth
        return line
