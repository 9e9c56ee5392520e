"""A sheet while it is being laid out: cells not yet bound, heights, looks. Internal to the layout."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mapseg_xl.report.spec import Cell, Content, Formula, Input, Link, Ref, Scalar, Tab, Table
from mapseg_xl.report.verbs import (
    Chart,
    DataTable,
    Key,
    NumberFormat,
    Place,
    Rect,
    Rule,
    Scale,
    Style,
)

LABEL_PX, FIGURE_PX, MARGIN_PX = 190, 80, 18
GRID_LAST = 10
COUNTS_FIRST = 13  # table columns from here on stand right of the page: counts behind its figures
HELPER_COLUMN = (
    20  # U: what only feeds charts stands from here on, further right beside more counts
)
LONGEST_TEXT = 32_767  # Excel's limit for a cell
BODY, TABLE_HEAD, SECTION_HEAD, NOTE, GAP = 18.0, 20.25, 21.0, 14.25, 15.0  # whole pixels


@dataclass(frozen=True, slots=True)
class Known:
    """Where every cell of the report stands and what it shows now, once all tabs are placed."""

    places: Mapping[Key, Place]
    values: Mapping[Key, Scalar]
    orders: Mapping[tuple[str, str], tuple[str, ...]]
    sheets: Mapping[str, str]  # tab -> name of its sheet in the file

    def copy(self, key: Key) -> Formula | None:
        """A live copy of a cell, for helper blocks; None where there is no figure or text."""
        value = self.values.get(key)
        if value is None:
            return None
        tab, block, row, column = key
        return Formula("{copy}", value, {"copy": Ref(block, row, column, tab)})


def bare(content: Content | Cell) -> Content:
    """The content of a cell without its look."""
    return content.content if isinstance(content, Cell) else content


def current(content: Content | Cell) -> Scalar:
    """What a content shows now; numbers that are not finite count as None."""
    inner = bare(content)
    if isinstance(inner, Link):
        return inner.text
    value = inner.value if isinstance(inner, Formula | Input) else inner
    return None if isinstance(value, float) and not math.isfinite(value) else value


def number(content: Content | Cell) -> float | None:
    """The figure a content shows now, or None where it shows none."""
    value = current(content)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def clean_text(text: str) -> str:
    """A text that a cell can hold: no lone surrogates or non-characters, at most 32,767 UTF-16 units."""
    text = "".join(
        "\ufffd" if 0xD800 <= ord(c) <= 0xDFFF or ord(c) in (0xFFFE, 0xFFFF) else c for c in text
    )
    if len(text) * 2 <= LONGEST_TEXT or utf16_length(text) <= LONGEST_TEXT:
        return text
    while utf16_length(text) > LONGEST_TEXT - 1:
        text = text[: -max(1, (utf16_length(text) - LONGEST_TEXT) // 2)]
    return text + "…"


def utf16_length(text: str) -> int:
    """Length as Excel counts it."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class Draft:
    """What is known of a sheet so far. Rows and columns count from 0; column B is grid column 0."""

    tab: Tab
    sheet: str
    symbol: str
    cells: dict[tuple[int, int], tuple[Content, Key | None]] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    looks: list[Style | NumberFormat | Rule] = field(default_factory=list)
    entries: list[tuple[Rect, Input, Key]] = field(default_factory=list)
    orders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)  # of table rows
    totals: set[tuple[str, str]] = field(
        default_factory=set
    )  # keys of total rows: no bars beside them
    blocks: list[int] = field(default_factory=list)  # first rows of what must not be cut on paper
    charts: list[Chart] = field(default_factory=list)
    later: list[Callable[[Known], None]] = field(default_factory=list)  # charts, once all is placed
    filters: list[Rect] = field(default_factory=list)
    named: list[DataTable] = field(default_factory=list)  # Excel tables
    filled: list[tuple[Rect, Input]] = field(default_factory=list)  # columns of theirs to type in
    scales: list[Scale] = field(default_factory=list)
    helper_row: int = 2
    last_row: int = 0

    def column_px(self, at: int) -> int:
        """Width of a grid column in pixels."""
        return self.tab.widths.get(at, LABEL_PX if at == 0 else FIGURE_PX)

    def span_px(self, first: int, last: int) -> int:
        """Width of the grid columns first to last in pixels."""
        return sum(self.column_px(at) for at in range(first, last + 1))

    def put(self, row: int, at: int, content: Content, key: Key | None = None) -> None:
        """Sets the content of a cell of the page grid."""
        self.cells[row, at + 1] = content, key
        self.last_row = max(self.last_row, row)
        if isinstance(content, Input) and key:
            self.entries.append((Rect.cell(row, at + 1), content, key))

    def key(self, block: str, row: str, column: str) -> Key:
        """The key of a cell on this tab."""
        return self.tab.name, block, row, column

    def height(self, row: int, points: float) -> None:
        """Makes a row at least this high."""
        self.heights[row] = max(points, self.heights.get(row, 0.0))
        self.last_row = max(self.last_row, row)

    def style(self, row: int, first: int, last: int, *looks: str) -> None:
        """Lays looks over grid columns first to last of a row."""
        self.style_rect(Rect(row, first + 1, row, last + 1), *looks)

    def style_rect(self, rect: Rect, *looks: str) -> None:
        """Lays looks over a rectangle."""
        self.looks += [Style(rect, look) for look in looks if look]

    def rule(self, row: int, first: int, last: int, colour: str) -> None:
        """A line under grid columns first to last of a row."""
        self.looks.append(Rule(Rect(row, first + 1, row, last + 1), "bottom", colour))

    def pixels(self, first_row: int, last_row: int) -> int:
        """Height of rows first to last in pixels."""
        return sum(
            round(self.heights.get(row, BODY) * 4 / 3) for row in range(first_row, last_row + 1)
        )

    @property
    def helper_column(self) -> int:
        """The sheet column where helper blocks start: right of every table's counts."""
        counts = (
            column.at
            for section in self.tab.sections
            for part in section.parts
            if isinstance(part, Table)
            for column in part.columns
        )
        return max(HELPER_COLUMN, max(counts, default=0) + 3)

    @property
    def next_helper(self) -> tuple[int, int]:
        """Row and sheet column where the next helper block starts, for formulas within it."""
        return self.helper_row + 1, self.helper_column

    def helper(self, rows: Sequence[Sequence[Content]]) -> Rect:
        """Writes a helper block right of the page, all rows of one length, and says where it stands."""
        top, left = self.next_helper
        if self.helper_row == 2:
            self.cells[2, left] = "chart data", None
            self.style_rect(Rect.cell(2, left), "chart data")
        for row, contents in enumerate(rows, start=top):
            for column, content in enumerate(contents, start=left):
                if content is not None and current(content) is not None:
                    self.cells[row, column] = content, None
        rect = Rect(top, left, top + len(rows) - 1, left + max(map(len, rows)) - 1)
        self.style_rect(rect, "chart data")
        self.helper_row = rect.bottom + 1
        return rect
