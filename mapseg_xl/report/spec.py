"""What a report is, as frozen data: tabs, sections, tables, charts, input cells. Knows no address and no host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeAlias

from mapseg_xl.report.verbs import NamedFunction

Scalar: TypeAlias = str | float | int | bool | date | None
NONE: Mapping[str, Ref | Span] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ref:
    """One cell of the report, known by what it is: tab, block, row key, column key. Absolute in formulas.

    Blocks are tables (their row and column keys), bands of figures (item key; column `content` or `sub`) and
    texts with an id (row `0`, `1` ...; column `text`). A tab's own lines: block `tab`, row `headline` or `subline`,
    column `text`.
    """

    block: str
    row: str
    column: str
    tab: str = ""  # empty: the tab the reference stands on


@dataclass(frozen=True, slots=True)
class Span:
    """The cells of one column of a table, top to bottom; `rows` limits it to first and last row key."""

    block: str
    column: str
    tab: str = ""
    rows: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula and the value it has now.

    `{name}` stands for `refs[name]`, else for the cell in column `name` of the same row. Braces inside string
    literals and array constants like {1,2} stay as they are. Value None: the formula now gives "".
    Only functions that Excel 2010 and LibreOffice 7.4 know; no TEXT() (its codes are read in the reader's language).
    """

    text: str  # "{successes}/{n}", without the equals sign
    value: Scalar
    refs: Mapping[str, Ref | Span] = field(default_factory=lambda: NONE)
    array: bool = (
        False  # of functions that may give several cells; else Excel puts an @ before them
    )


@dataclass(frozen=True, slots=True)
class Input:
    """A yellow cell, the reader's to change. Known by (tab, block, row key, column key), never by address."""

    value: Scalar
    kind: str  # share money months days count number date text choice
    message: str = ""  # shown when the cell is selected: what it is, unit, range
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another tab, or to a cell of it."""

    tab: str
    text: str
    target: Ref | None = None


Content: TypeAlias = Scalar | Formula | Input | Link


@dataclass(frozen=True, slots=True)
class Cell:
    """A content with a look of its own; plain contents take the look of their column and row.

    Looks and formats are the keys of LOOKS and FORMATS in styles.py.
    """

    content: Content
    look: str = ""  # name of a style in styles.py: "chip.better", "muted", "bold" ...
    format: str = ""  # name of a figure format: "share", "money" ...


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `at` is its place in the page grid: 0 the label column B, 1 to 10 the columns C to L.

    From 13 on it stands right of the page, grey and unprinted: counts that the page's formulas start from.
    Figures stand right, words left. None in a figure column shows as a grey dash, elsewhere as nothing. The
    title of a `low` column is centred over it and the `high` column to its right. A `chip` takes its tint from
    its words (better, worse). Money takes one unit a column, by its largest value.
    """

    key: str
    title: str | Formula
    at: int
    # text label count share share0 money months days ratio index change pp low high chip input date
    format: str = "text"
    unit: str = ""  # for low and high: the format they are bounds of ("share", "money" ...)
    bold: bool = False
    over: bool = False  # its title is centred over this and the next column
    entry: Input | None = None  # what may be typed in its cells, in a table that people own


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, known by its key: a segment_id, a metric id, a field."""

    key: str
    cells: Mapping[str, Content | Cell]
    look: str = "body"  # body total chosen muted gone sub (small grey second line)


@dataclass(frozen=True, slots=True)
class Table:
    """Head and rows on the page grid. A `keyed` table keeps the places of its rows when a workbook is run again."""

    id: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    keyed: bool = False
    head: bool = True
    group_heads: tuple[
        tuple[str, int, int], ...
    ] = ()  # text centred across grid columns first..last
    filter: bool = False  # long lists only (Data health, Definitions)
    named: str = (
        ""  # an Excel table of this name, that formulas refer to: one row of heads, no gaps
    )


@dataclass(frozen=True, slots=True)
class Panel:
    """Dot and whisker beside the rows of the table before it: value, low, high of each row, coloured by verdict."""

    id: str
    table: str
    value: str  # column keys of that table
    low: str
    high: str
    verdicts: Mapping[str, str]  # row key -> better worse plain
    first: int  # grid columns it covers
    last: int
    axis_format: str
    base: Ref | None = None  # the whole base: grey vertical line
    alt: str = ""


@dataclass(frozen=True, slots=True)
class RowBars:
    """Bars beside the rows of the table before it, on one scale from zero to `maximum`."""

    id: str
    table: str
    column: str
    first: int
    last: int
    maximum: float
    rows: tuple[str, ...] = ()  # row keys with a bar; empty: all but totals
    alt: str = ""
    looks: Mapping[str, str] = field(
        default_factory=dict
    )  # row key -> first second third other; plain


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one set of bars. `look`: first second third other rest base plain limit better worse."""

    name: str
    look: str
    values: tuple[Content, ...]
    label: bool = True  # name at the line's end


@dataclass(frozen=True, slots=True)
class Lines:
    """Scatter with straight lines over a common x, e.g. survival by month. None leaves a gap."""

    id: str
    title: str
    alt: str
    x: tuple[float, ...]
    series: tuple[Series, ...]
    x_max: float
    x_unit: float
    y_max: float
    y_format: str
    steps: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, one a category, coloured by `looks`; figure inside or at the end.

    With `against`, a pale bar stands above each: the title must say what pale and solid mean.
    """

    id: str
    title: str
    alt: str
    categories: tuple[str, ...]
    looks: tuple[str, ...]
    values: tuple[Content, ...]
    format: str
    against: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One column of a bridge: a total that stands on zero, or a rise or fall from the one before."""

    name: str
    kind: str  # total change
    value: Content
    look: str = ""  # of a total: other, first; a change is better or worse by its sign
    low_is_good: bool = False


@dataclass(frozen=True, slots=True)
class Bridge:
    """From one total to another by its parts: stacked columns over a shared base, all from live cells.

    Columns stand on zero. With `below_zero` they may also fall below it when their cells change; that costs the
    room of a column.
    """

    id: str
    title: str
    alt: str
    steps: tuple[Step, ...]
    format: str
    below_zero: bool = False


@dataclass(frozen=True, slots=True)
class Bubble:
    """One segment of a bubble chart; `size` is what the dot's area says."""

    name: str
    look: str
    x: Content
    y: Content
    size: float


@dataclass(frozen=True, slots=True)
class Bubbles:
    """Segments by two figures, right and up better. `mark_x` draws a dashed line with its words.

    `x_title` stands below the x axis: what it shows, and that the area of a dot is customers.
    """

    id: str
    title: str
    alt: str
    points: tuple[Bubble, ...]
    x_format: str
    y_format: str
    x_max: float
    y_max: float
    mark_x: tuple[float, str] | None = None
    x_title: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """Colours the figures of the table before it on a fixed scale, also when they are recalculated.

    `scale`: count or kept (white to blue), index (orange at `low`, white at 100, green at `high`; 50 and 170),
    index.low_is_good (the same with the colours changed).
    Text stays as it is; figures of its columns stand centred. `skip` leaves numbers uncoloured.
    """

    id: str
    table: str
    columns: tuple[str, ...]  # column keys
    scale: str
    low: float
    high: float
    rows: tuple[str, ...] = ()  # row keys; empty: all but totals
    skip: tuple[tuple[str, str], ...] = ()  # (row key, column key) of cells left out


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One or two charts side by side: a single one over the section's width, two at 2/3 and 1/3.

    The title stands in the chart, so its section needs none.
    """

    charts: tuple[Lines | Bars | Bridge | Bubbles, ...]
    height_rows: int = 14


@dataclass(frozen=True, slots=True)
class Figure:
    """A big figure of the band: title above, sub below, a mark under that. Text formulas never turn into #####."""

    key: str
    title: str
    content: Content
    sub: Content = ""
    format: str = "count"  # of a content or sub that is a number, not text
    mark: Content | Cell = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The pale band of up to six big figures."""

    id: str
    items: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of running text over the page width, cut at words. `look`: body note quote."""

    lines: tuple[Content, ...]
    look: str = "body"
    id: str = ""  # only where a Ref points at it


Part: TypeAlias = Table | Panel | RowBars | Heat | ChartRow | Figures | Text


@dataclass(frozen=True, slots=True)
class Section:
    """A head over an ink rule, reading help at its right end, and parts below.

    Without a title there is no head. `beside`: starts on the row where the section before it starts (left half
    first 0 to 4, right half 6 to 10); several `beside` sections with the same `first` stand under each other.
    """

    title: str
    parts: tuple[Part, ...]
    help: str = ""
    first: int = 0  # grid columns it covers
    last: int = 10
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet: headline (one sentence with a figure), subline, sections, notes.

    A headline that is text is cut at a word into at most two rows of 70 characters; a live one is a Formula, or
    a tuple with a content a row.
    """

    name: str
    step: str  # MEASURE ANALYZE PRIORITIZE ACT TRUST; "" on the Summary
    headline: Content | tuple[Content, ...]
    subline: Content
    sections: tuple[Section, ...]
    notes: tuple[Content, ...] = ()
    widths: Mapping[int, int] = field(
        default_factory=dict
    )  # grid column -> pixels, tabs with long text
    has_inputs: bool = False
    together: int = 0  # so many sections from the top share the first printed page where they can
    theirs: bool = False  # the team's own sheet once it is written: never remembered as ours


@dataclass(frozen=True, slots=True)
class Report:
    """The finished workbook: tabs in order, and what stands in every footer and in the file's properties."""

    tabs: tuple[Tab, ...]
    title: str
    footer: str  # company or source, and data date
    right_header: str  # "7,043 rows · 5,174 customers · data to 30 Jun 2026"
    currency: str = "$"
    memory: Mapping[str, str] = field(default_factory=dict)  # what `_mapseg` keeps besides places
    created: datetime | None = None  # in the file's properties; None: a fixed day, for equal bytes
    functions: tuple[NamedFunction, ...] = ()  # that the workbook carries, for people to use
    front: str = ""  # the tab that all others link back to; "" or none of the tabs: the first one

    @property
    def front_tab(self) -> str:
        """The name of the tab that all others link back to."""
        names = [tab.name for tab in self.tabs]
        return self.front if self.front in names else names[0]


def quoted(text: str) -> str:
    """A text as a string literal of a formula.

    >>> print(quoted('5" screen'))
    "5"" screen"
    """
    return '"' + text.replace('"', '""') + '"'
