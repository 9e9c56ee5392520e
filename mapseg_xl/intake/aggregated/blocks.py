"""The blocks of filled cells of a small sheet, and what a cell of them holds. Knows no pivots and no cohorts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from mapseg_xl.intake.cleaning.amounts import amount
from mapseg_xl.intake.finding.blocks import Grid, grid
from mapseg_xl.intake.reading.package import column_letters
from mapseg_xl.intake.tables import CellError, RawSheet

MOST_ROWS, MOST_COLUMNS = 2_000, 200
"""A larger sheet is no summary that somebody reads."""
_NOTHING = frozenset("-–—−.·") | {"n/a", "na", "n.a.", "null", "none", "#n/a"}
_PERCENT = re.compile(r"%\s*$")


@dataclass(frozen=True)
class Block:
    """A rectangle of a sheet, cells trimmed and None where blank. Rows and columns count from 0.

    `above`: single texts that stand over it: titles, filters of a pivot, the name of a segment.
    """

    sheet: RawSheet
    top: int
    left: int
    rows: tuple[tuple[Any, ...], ...]
    above: tuple[tuple[Any, ...], ...] = ()

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.rows[0]) if self.rows else 0

    @property
    def area(self) -> str:
        """Where it stands, as `A3:F12`."""
        return f"{self.cell(0, 0)}:{self.cell(len(self.rows) - 1, self.width - 1)}"

    def cell(self, row: int, column: int) -> str:
        """Address of one of its cells."""
        letter = column_letters(self.sheet.left + self.left + column)
        return f"{letter}{self.sheet.top + self.top + row}"

    @cached_property
    def comma(self) -> bool:
        """Whether the comma is the decimal mark of its numbers typed as text."""
        texts = [v for row in self.rows for v in row if isinstance(v, str) and v[-1:].isdigit()]
        found = [a for v in texts if (a := amount(v)) is not None]
        only_comma = sum(a.point is None for a in found)
        return only_comma > sum(a.comma is None for a in found)

    def number(self, row: int, column: int) -> float | None:
        """What a cell holds as a number; None where it holds none. 12% is .12."""
        return number_of(self.rows[row][column], comma=self.comma)

    def is_number(self, row: int, column: int) -> bool:
        """Whether a cell holds a number."""
        return self.number(row, column) is not None

    def percent(self, row: int, column: int) -> bool:
        """Whether a cell is a text that ends in a percent sign."""
        value = self.rows[row][column]
        return isinstance(value, str) and bool(_PERCENT.search(value))


def number_of(value: Any, *, comma: bool = False) -> float | None:
    """A cell as a number; dates, yes and no, and words are none.

    >>> number_of("1,204"), number_of("12%"), number_of("Agency")
    (1204.0, 0.12, None)
    """
    if isinstance(value, bool | np.bool_) or value is None:
        return None
    if isinstance(value, int | float | np.integer | np.floating):
        return float(value) if np.isfinite(value) else None
    if not isinstance(value, str):
        return None
    found = amount(value)
    if found is None:
        return None
    first, second = (found.comma, found.point) if comma else (found.point, found.comma)
    return first if first is not None else second


def text_of(value: Any) -> str:
    """A cell as the words of a header or label; a whole number without its decimals."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return str(value).strip()


def blocks(sheet: RawSheet) -> tuple[Block, ...]:
    """The tables of a sheet: parts between blank rows and columns that hold numbers; nothing of a large sheet.

    A part without a header of its own continues the one above. Single texts go to the block below them.
    """
    if sheet.headers or not sheet.columns:
        return ()
    height, width = len(sheet.columns[0]), len(sheet.columns)
    if not 2 <= height <= MOST_ROWS or not 2 <= width <= MOST_COLUMNS:
        return ()
    cells = grid(sheet.columns)
    found: list[Block] = []
    above: list[tuple[Any, ...]] = []
    for first, last in _bands(cells.filled.any(axis=1)):
        for left, right in _column_spans(cells, first, last):
            block = Block(sheet, first, left, _values(cells, (first, last), (left, right)))
            if not _holds_numbers(block):
                above += [_without_none(row) for row in block.rows]
            elif found and _continues(found[-1], block):
                found[-1] = _joined(found[-1], cells, last)
            else:
                found.append(Block(sheet, first, left, block.rows, tuple(above)))
                above = []
    return tuple(found)


def _bands(filled: Any) -> Iterator[tuple[int, int]]:
    """First and last of each run of filled rows, or columns."""
    start: int | None = None
    for at, full in enumerate([*np.asarray(filled).tolist(), False]):
        if full and start is None:
            start = at
        elif not full and start is not None:
            yield start, at - 1
            start = None


def _column_spans(cells: Grid, first: int, last: int) -> list[tuple[int, int]]:
    """Runs of filled columns; one that begins with numbers belongs to the run on its left."""
    spans: list[tuple[int, int]] = []
    for left, right in _bands(cells.filled[first : last + 1].any(axis=0)):
        column = cells.columns[left][first : last + 1]
        known = [
            v for v, full in zip(column, cells.filled[first : last + 1, left], strict=True) if full
        ]
        labels = sum(number_of(v) is None for v in known[1:] or known)
        if spans and labels < len(known[1:] or known) / 2:
            spans[-1] = (spans[-1][0], right)
        else:
            spans.append((left, right))
    return spans


def _values(
    cells: Grid, rows: tuple[int, int], columns: tuple[int, int]
) -> tuple[tuple[Any, ...], ...]:
    span = range(columns[0], columns[1] + 1)
    return tuple(
        tuple(_trimmed(cells.columns[c][r]) if cells.filled[r, c] else None for c in span)
        for r in range(rows[0], rows[1] + 1)
    )


def _trimmed(value: Any) -> Any:
    """A cell; a dash and its like are blank, an error is none of a number, leading spaces of a label stay."""
    if isinstance(value, str):
        bare = value.strip()
        return None if bare.casefold() in _NOTHING else value.rstrip().lstrip("\n\t")
    if isinstance(value, CellError):
        return None
    return None if isinstance(value, time | timedelta) else value


def _without_none(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(v for v in row if v is not None)


def _holds_numbers(block: Block) -> bool:
    return any(block.is_number(r, c) for r in range(len(block.rows)) for c in range(1, block.width))


def _continues(above: Block, block: Block) -> bool:
    """Whether the first row holds figures already, under the columns of the block above."""
    first = block.rows[0]
    figures = sum(block.is_number(0, c) for c in range(1, block.width))
    words = sum(isinstance(v, str) and number_of(v) is None for v in first[1:])
    labelled = isinstance(first[0], str)
    inside = above.left <= block.left and block.left + block.width <= above.left + above.width
    return inside and labelled and figures > 0 and words <= 1


def _joined(above: Block, cells: Grid, last: int) -> Block:
    """The block with all rows down to `last`, without blank ones between: their places stay as they are."""
    columns = (above.left, above.left + above.width - 1)
    return Block(
        above.sheet, above.top, above.left, _values(cells, (above.top, last), columns), above.above
    )
