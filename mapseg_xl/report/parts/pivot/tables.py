"""The two tables of a cluster pivot: how many each pair of values has, and how it does against everyone else.

Up to four values across, a pair's two figures stand beside each other; with more, one under the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.tables import BLANK
from mapseg_xl.measure.pivots import OTHER, Pivot, PivotCell
from mapseg_xl.metrics.base import Metric
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.report import words
from mapseg_xl.report.parts.pivot import formulas as formulas
from mapseg_xl.report.parts.pivot.formulas import Base, Sums
from mapseg_xl.report.parts.selection import distinct, label
from mapseg_xl.report.spec import Cell, Column, Content, Heat, Part, Ref, Row, Table

ALL = "ALL"
BESIDE = 4  # values across whose two figures fit beside each other, with the total
_COUNTS_FIRST = 13  # grid column right of the page
_INDEX_ENDS = (50.0, 170.0)
_LONGEST_HEAD = 26


@dataclass(frozen=True, slots=True)
class PivotFrame:
    """A pivot with the ids of its tables and the places of its columns; the last column is the total."""

    pivot: Pivot
    block: str

    @property
    def beside(self) -> bool:
        """Whether the second figure of a pair stands beside the first, not below."""
        return len(self.pivot.columns) <= BESIDE

    @property
    def rows_table(self) -> str:
        """Id of the table of counts."""
        return f"{self.block} rows"

    @property
    def index_table(self) -> str:
        """Id of the table of indices."""
        return f"{self.block} index"

    @property
    def total(self) -> int:
        """Number of the total column."""
        return len(self.pivot.columns)

    def at(self, number: int) -> int:
        """Grid column of the first figure of a value across."""
        return 1 + number * (2 if self.beside else 1)

    def cell(self, row: int, column: int) -> PivotCell:
        """The pair of a row and a column."""
        return self.pivot.cells[row * self.total + column]

    def key(self, row: int) -> str:
        """Row key of a value down; the total is `ALL`."""
        return ALL if row == len(self.pivot.rows) else f"value {self.pivot.rows[row]}"

    def of(self, row: int, column: int) -> list[PivotCell]:
        """The pairs that a cell of the page stands for: one, or a row, a column, all of them."""
        rows = range(len(self.pivot.rows)) if row == len(self.pivot.rows) else (row,)
        columns = range(self.total) if column == self.total else (column,)
        return [self.cell(i, j) for i in rows for j in columns]


Figures = Callable[[int, int], tuple[Content | Cell, Content | Cell]]  # of a row and a column


def counts_parts(frame: PivotFrame) -> tuple[Part, ...]:
    """How many rows each pair has and what share of all, on a heat map."""
    columns = _columns(frame, "n", "count", ("s", "high", "share.after"))
    table = Table(frame.rows_table, columns, _rows(frame, ("n", "s"), _counted(frame)))
    return table, _heat(frame, frame.rows_table, "n", ("count", 0.0, float(_most(frame))))


def index_parts(frame: PivotFrame, findings: Findings) -> tuple[Part, ...]:
    """How each pair does against everyone else, from counts that stand right of the page."""
    leading = metric(frame.pivot.metric)
    columns = _columns(frame, "i", "index", ("r", "text", ""))
    rows = [
        Row(row.key, {**row.cells, **_raw(frame, number)}, row.look) if number is not None else row
        for number, row in _numbered(frame, _rows(frame, ("i", "r"), _indexed(frame, findings)))
    ]
    table = Table(frame.index_table, (*columns, *_count_columns(frame, leading)), tuple(rows))
    scale = "index" if leading.direction == "good_high" else "index.low_is_good"
    return table, _heat(frame, frame.index_table, "i", (scale, *_INDEX_ENDS))


def _most(frame: PivotFrame) -> int:
    return max((cell.n for cell in frame.pivot.cells), default=1)


def _heat(frame: PivotFrame, table: str, letter: str, scale: tuple[str, float, float]) -> Heat:
    """Over the pairs alone; the total is centred like them and has no colour."""
    keys = tuple(frame.key(row) for row in range(len(frame.pivot.rows)))
    columns = tuple(f"{letter}{at}" for at in range(frame.total + 1))
    skip = tuple((key, columns[-1]) for key in keys)
    return Heat(f"{table} heat", table, columns, *scale, rows=keys, skip=skip)


def _columns(
    frame: PivotFrame, letter: str, name: str, second: tuple[str, str, str]
) -> tuple[Column, ...]:
    pivot = frame.pivot
    title = words.sentence_case(words.header(pivot.rows_attribute))
    columns = [Column("value", words.short(title, _LONGEST_HEAD), 0, "label")]
    for at, value in enumerate((*pivot.columns, "All")):
        place, total = frame.at(at), at == frame.total
        head = value if total else label(pivot.columns_attribute, value)
        head = words.short(head, _LONGEST_HEAD)
        columns.append(Column(f"{letter}{at}", head, place, name, bold=total, over=frame.beside))
        if frame.beside:
            columns.append(Column(f"{second[0]}{at}", "", place + 1, second[1], second[2]))
    return tuple(columns)


def _rows(frame: PivotFrame, letters: tuple[str, str], figures: Figures) -> tuple[Row, ...]:
    """A row a value and the total; with the second figures beside or in a small row below."""
    first, second = letters
    rows: list[Row] = []
    for number in range(len(frame.pivot.rows) + 1):
        pairs = [figures(number, at) for at in range(frame.total + 1)]
        key, total = frame.key(number), number == len(frame.pivot.rows)
        cells: dict[str, Content | Cell] = {"value": "All" if total else _name(frame, number)}
        cells |= {f"{first}{at}": pair[0] for at, pair in enumerate(pairs)}
        if frame.beside:
            cells |= {f"{second}{at}": pair[1] for at, pair in enumerate(pairs)}
        rows.append(Row(key, cells, "total" if total else "body"))
        if not frame.beside:
            below = {f"{first}{at}": pair[1] for at, pair in enumerate(pairs)}
            rows.append(Row(f"{key} below", below, "sub"))
    return tuple(rows)


def _name(frame: PivotFrame, number: int) -> Content | Cell:
    value = frame.pivot.rows[number]
    muted = value == BLANK or value.startswith(f"{OTHER} (")
    name = distinct(frame.pivot.rows)[number]  # very long ones cut
    return Cell(name, "muted") if muted else name


def _numbered(frame: PivotFrame, rows: Sequence[Row]) -> list[tuple[int | None, Row]]:
    """Each row with the number of its value; None for the small ones below."""
    keys = {frame.key(number): number for number in range(len(frame.pivot.rows) + 1)}
    return [(keys.get(row.key), row) for row in rows]


# --- counts -------------------------------------------------------------------------------------


def _counted(frame: PivotFrame) -> Figures:
    def figures(row: int, column: int) -> tuple[Content | Cell, Content | Cell]:
        n = sum(cell.n for cell in frame.of(row, column))
        share = sum(cell.share for cell in frame.of(row, column))
        mine = Ref(frame.rows_table, frame.key(row), f"n{column}")
        everybody = Ref(frame.rows_table, ALL, f"n{frame.total}")
        second = formulas.share_of(mine, everybody, share)
        format_ = "share.after" if frame.beside else "share.small"
        return _sum_or(frame, (row, column), "n", n), Cell(second, "", format_)

    return figures


def _sum_or(frame: PivotFrame, place: tuple[int, int], letter: str, value: float) -> Content:
    """The count itself, or in a total the sum of the cells it is of."""
    row, column = place
    table = frame.rows_table if letter == "n" else frame.index_table
    if column == frame.total:
        refs = [Ref(table, frame.key(row), f"{letter}{at}") for at in range(frame.total)]
        return formulas.sum_of(refs, value)
    if row == len(frame.pivot.rows):
        keys = [frame.key(number) for number in range(row)]
        return formulas.sum_of([Ref(table, key, f"{letter}{column}") for key in keys], value)
    return value


# --- indices ------------------------------------------------------------------------------------


def _indexed(frame: PivotFrame, findings: Findings) -> Figures:
    leading = metric(frame.pivot.metric)
    table, total = frame.index_table, frame.total
    everybody = frame.of(len(frame.pivot.rows), total)
    base = Base(leading, findings.settings, _sums(everybody), table, f"e{total}", f"d{total}")

    def figures(row: int, column: int) -> tuple[Content | Cell, Content | Cell]:
        cells = frame.of(row, column)
        mine = formulas.Counted(base, frame.key(row), str(column), _sums(cells))
        if row == len(frame.pivot.rows) and column == total:
            return Cell(mine.rate(), "", words.figure(leading, findings)), _small("average")
        if row == len(frame.pivot.rows) or column == total:
            said = mine.rate_words(words.figure(leading, findings), few_words(leading))
            return mine.index(), _small(said)
        return _arrowed(mine.index(), cells[0]), _small(mine.range_words(few_words(leading)))

    return figures


def _sums(cells: Sequence[PivotCell]) -> Sums:
    return Sums(
        sum(cell.events or 0.0 for cell in cells), sum(cell.rate_n or 0.0 for cell in cells)
    )


def _small(content: Content) -> Cell:
    return Cell(content, "sub", "text")


def _arrowed(content: Content, cell: PivotCell) -> Content | Cell:
    """Bold with the way it lies where the difference is clear."""
    if cell.verdict not in ("better", "worse") or cell.index is None:
        return content
    return Cell(content, "bold", "index.up" if cell.index > 1 else "index.down")


def few_words(leading: Metric) -> tuple[str, str]:
    """What the counts are called, one and several."""
    many = "trials" if leading.id == "conversion" else words.head_of_n(leading).casefold()
    return many.removesuffix("s"), many


def _raw(frame: PivotFrame, row: int) -> dict[str, Content | Cell]:
    """Numerators and denominators of a row, right of the page."""
    cells: dict[str, Content | Cell] = {}
    for at in range(frame.total + 1):
        sums = _sums(frame.of(row, at))
        cells[f"e{at}"] = _sum_or(frame, (row, at), "e", sums.events)
        cells[f"d{at}"] = _sum_or(frame, (row, at), "d", sums.n)
    return cells


def _count_columns(frame: PivotFrame, leading: Metric) -> list[Column]:
    columns = []
    for at, value in enumerate((*frame.pivot.columns, "All")):
        name, place = words.short(value, _LONGEST_HEAD), _COUNTS_FIRST + 2 * at
        counted = words.head_of_n(leading).casefold()
        columns.append(Column(f"e{at}", f"{name}: events", place, "number"))
        columns.append(Column(f"d{at}", f"{name}: {counted}", place + 1, "number"))
    return columns
