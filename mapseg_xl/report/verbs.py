"""A Plan: what a host has to do, in a dozen verbs at addresses. Frozen data; hosts execute it and decide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias


def column_letters(column: int) -> str:
    """The letters of a column counted from 0.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True, order=True)
class Rect:
    """Cells from `top`, `left` to `bottom`, `right`, counted from 0, all included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def cell(cls, row: int, column: int) -> Rect:
        """The rectangle of one cell."""
        return cls(row, column, row, column)

    @property
    def a1(self) -> str:
        """Relative address, as in `C4` or `C4:D9`."""
        first = f"{column_letters(self.left)}{self.top + 1}"
        last = f"{column_letters(self.right)}{self.bottom + 1}"
        return first if first == last else f"{first}:{last}"

    @property
    def absolute(self) -> str:
        """Absolute address, as in `$C$4` or `$C$4:$D$9`."""
        first = f"${column_letters(self.left)}${self.top + 1}"
        last = f"${column_letters(self.right)}${self.bottom + 1}"
        return first if first == last else f"{first}:{last}"


def sheet_reference(sheet: str) -> str:
    """A sheet's name as formulas write it, always in quotes.

    >>> sheet_reference("Survival & LTV"), sheet_reference("Bob's")
    ("'Survival & LTV'!", "'Bob''s'!")
    """
    return "'" + sheet.replace("'", "''") + "'!"


@dataclass(frozen=True, slots=True)
class Live:
    """A formula with addresses, without the equals sign, and its value now. Value "" is an empty text.

    `array`: it may call what gives several cells, and a host that can tells Excel so.
    """

    formula: str
    value: str | float | int | bool
    array: bool = False


Value: TypeAlias = (
    str | float | int | bool | date | Live | None
)  # a str is always text, never a formula


@dataclass(frozen=True, slots=True)
class Block:
    """Writes rows of values into a rectangle of the same size; None leaves its cell alone."""

    rect: Rect
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Style:
    """Lays a look of styles.LOOKS over cells; later looks win where they say something."""

    rect: Rect
    look: str


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Gives cells a number format in US codes."""

    rect: Rect
    code: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line on one side (top, bottom, right) of every cell of a rectangle, in a colour of styles.COLOURS."""

    rect: Rect
    side: str
    colour: str


@dataclass(frozen=True, slots=True)
class Width:
    """Width in pixels of the columns `first` to `last`."""

    first: int
    last: int
    pixels: int


@dataclass(frozen=True, slots=True)
class Height:
    """Height of a row in points."""

    row: int
    points: float


@dataclass(frozen=True, slots=True)
class Entry:
    """Validation and message of an input cell. `source`: cells that hold the choices, where a list is too long."""

    rect: Rect
    kind: str  # share money months days count number text choice
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    source: Rect | None
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name of the workbook for one rectangle of the sheet; ours are hidden."""

    name: str
    rect: Rect
    hidden: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """Filter arrows over a table: its head is the first row."""

    rect: Rect


@dataclass(frozen=True, slots=True)
class DataTable:
    """An Excel table over a rectangle whose first row is its head; formulas may name its columns."""

    rect: Rect
    name: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Colours the numbers of cells between two or three fixed figures, rising; text stays as it is."""

    rects: tuple[Rect, ...]
    points: tuple[tuple[float, str], ...]  # figure, colour by name


@dataclass(frozen=True, slots=True)
class Label:
    """Words or figures at marks. `shows`: name or value.

    `position`: right left above below (of a dot), outside_end inside_base (of a bar).
    """

    shows: str
    position: str
    colour: str
    bold: bool = False
    format: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a series is drawn, colours by name; "" means none (white in a host that cannot leave a bar empty)."""

    line: str = ""
    line_points: float = 0.0
    dash: str = ""  # "", dash, dots
    dot: str = ""
    dot_size: int = 0
    fill: str = ""
    see_through: int = 0  # of a dot, in per cent


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """A series: its name stands in a cell of the helper block, x (or categories) and y beside."""

    name: Rect
    x: Rect
    y: Rect
    mark: Mark
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """Scale of one axis; a hidden one still has its scale."""

    low: float | None = None
    high: float | None = None
    unit: float | None = None
    format: str = ""
    visible: bool = True
    gridlines: bool = False
    line: bool = False
    reverse: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart lies: top left cell, offset and size in pixels."""

    row: int
    column: int
    right_px: int
    down_px: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that reads one helper block: heads in the first row, x or categories first, then a column a series."""

    name: str
    kind: str  # scatter, bar, column; columns stand on each other
    block: Rect
    series: tuple[ChartSeries, ...]
    x_axis: Axis
    y_axis: Axis
    frame: Frame
    plot: tuple[float, float, float, float]  # left, top, width, height as shares of the frame
    title: str = ""
    alt: str = ""
    decorative: bool = False
    gap: int = 60


@dataclass(frozen=True, slots=True)
class View:
    """What is frozen (rows above `freeze_row`), zoom in percent, no gridlines."""

    freeze_row: int
    zoom: int = 100


@dataclass(frozen=True, slots=True)
class Page:
    """Print set-up: area, one page or a fixed scale with breaks above rows, repeated rows, footer left and middle."""

    area: Rect
    one_page: bool
    scale: int
    breaks: tuple[int, ...]
    repeat: tuple[int, int]
    footer_left: str
    footer_centre: str


Verb: TypeAlias = (
    Block
    | Style
    | NumberFormat
    | Rule
    | Width
    | Height
    | Entry
    | Name
    | Filter
    | DataTable
    | Scale
    | Chart
    | View
    | Page
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tab: its name as the file has it, colour by name, `visible` or `very_hidden`, and the verbs in order."""

    name: str
    colour: str
    visibility: str
    verbs: tuple[Verb, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a sheet."""

    sheet: str
    rect: Rect

    @property
    def address(self) -> str:
        """Address within the sheet, as in `C8`."""
        return self.rect.a1


Key: TypeAlias = tuple[str, str, str, str]  # tab, block, row, column


@dataclass(frozen=True, slots=True)
class InputPlace:
    """An input cell: what it is, where it stands, the hidden name that finds it after rows were inserted."""

    key: Key
    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class NamedFunction:
    """A function that a workbook carries as a defined name: a LAMBDA in plain English, without the equals sign.

    `formula` as people type it: `LAMBDA(x,x+1)`. A host that writes files adds the prefixes the format wants.
    """

    name: str
    parameters: tuple[str, ...]
    formula: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole workbook. `places`: every cell by what it is; `orders`: the row keys of each table, top to bottom."""

    sheets: tuple[Sheet, ...]
    title: str
    subject: str
    created: datetime
    places: Mapping[Key, Place] = field(default_factory=dict)
    inputs: tuple[InputPlace, ...] = ()
    orders: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    written: Mapping[str, tuple[Rect, ...]] = field(default_factory=dict)
    functions: tuple[NamedFunction, ...] = ()
