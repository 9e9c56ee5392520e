"""Where on a sheet the table lies: which cells are filled, which columns belong together, which row is the header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.tables import Array

LOOKED_AT = 60  # non-blank rows among which the header is looked for
WIDE = 0.6  # share of a usual row's cells that a header fills at least
CLEARLY_WIDER = 0.75
DATA_LOOK = re.compile(
    r"[-+−(]?\s*[$€£¥]?\s*[-+]?\d[\d.,' ]*(?:[eE][-+]?\d+)?\s*[%€$£]?\)?"
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?|true|false|yes|no|#[A-Z/0!?]+|\S+@\S+\.\S+",
    re.IGNORECASE,
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d.*")
_YEARS = (1900, 2100)

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A sheet's columns with the mask of their filled cells, rows x columns. Rows and columns count from 0."""

    columns: tuple[Array, ...]
    filled: Mask
    texts: tuple[frozenset[str], ...]  # different texts of each column
    spaced: frozenset[int]  # columns with cells of nothing but spaces

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.filled.shape[0])

    def row(self, row: int, columns: Sequence[int]) -> list[Any]:
        """Cells of a row, None where blank."""
        return [self.columns[c][row] if self.filled[row, c] else None for c in columns]


def grid(columns: tuple[Array, ...]) -> Grid:
    """The sheet with its filled cells; text of nothing but spaces is blank."""
    height = len(columns[0])
    filled = np.empty((height, len(columns)), dtype=bool, order="F")
    texts, spaced = [], set()
    for i, column in enumerate(columns):
        different = frozenset(column.tolist()) if column.dtype.kind == "O" else frozenset()
        texts.append(frozenset([v for v in different if type(v) is str]))
        filled[:, i] = pd.notna(column)
        for blank in [v for v in texts[i] if not v.strip()]:
            filled[:, i] &= column != blank
            spaced.add(i)
    return Grid(columns, filled, tuple(texts), frozenset(spaced))


def column_groups(filled: Mask) -> list[list[int]]:
    """Filled columns that stand side by side, without an empty one between."""
    groups: list[list[int]] = []
    for column in np.flatnonzero(filled.any(axis=0)).tolist():
        if groups and groups[-1][-1] == column - 1:
            groups[-1].append(column)
        else:
            groups.append([column])
    return groups


def is_heading(value: Any) -> bool:
    """Whether a cell could be a column's name: text that does not look like data, a year, or a date."""
    if isinstance(value, str):
        text = value.strip()
        return not DATA_LOOK.fullmatch(text) or _is_year(text)
    if isinstance(value, (bool, time, timedelta)):
        return False
    return (
        isinstance(value, (int, float)) and float(value).is_integer() and _is_year(f"{value:.0f}")
    )


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and _YEARS[0] <= int(text) <= _YEARS[1]


def header_row(sheet: Grid, columns: Sequence[int], start: int, end: int) -> int | None:
    """The row with the column names, or None where the first wide row already looks like data."""
    counts = sheet.filled[start:end][:, columns].sum(axis=1)
    rows = np.flatnonzero(counts)
    if len(rows) < 2:
        return None
    needed = max(min(2, len(columns)), int(np.ceil(WIDE * np.median(counts[rows]))))
    best: int | None = None
    data_seen = False
    for row in rows[:LOOKED_AT].tolist():
        if counts[row] < needed or row == rows[-1]:
            continue
        if not _names_row(sheet, columns, row + start, end):
            if best is not None:
                break
            data_seen = True
            continue
        if best is None:
            if data_seen and not _data_follows(sheet, columns, rows, row, start):
                continue
            best = row
        elif counts[best] < CLEARLY_WIDER * counts[row] and _falls_short(
            sheet.filled[[best + start, row + start]][:, columns]
        ):
            best = row
    return None if best is None else best + start


def _falls_short(rows: Mask) -> bool:
    """Whether the first of two rows ends further left: a line of facts above the header, not a header with a gap."""
    ends = [int(np.flatnonzero(row)[-1]) for row in rows]
    return ends[0] < ends[1]


def _names_row(sheet: Grid, columns: Sequence[int], row: int, end: int) -> bool:
    """Whether a row could hold names. A date is one where the cell below is none: months across the sheet."""
    cells = sheet.row(row, columns)
    below = sheet.row(row + 1, columns) if row + 1 < end else [None] * len(cells)
    return _all_headings(
        [
            str(c) if isinstance(c, date) and not isinstance(b, date) and b is not None else c
            for c, b in zip(cells, below, strict=True)
        ],
        months=any(isinstance(c, date) for c in cells),
    )


def _all_headings(cells: list[Any], *, months: bool = False) -> bool:
    known = [c for c in cells if c is not None]
    texts = any(isinstance(c, str) for c in known)
    if months:
        known = [c for c in known if not (isinstance(c, str) and _ISO.fullmatch(c))]
        texts = any(isinstance(c, str) for c in known)
    return texts and all(is_heading(c) for c in known)


def _data_follows(
    sheet: Grid, columns: Sequence[int], rows: NDArray[np.intp], row: int, start: int
) -> bool:
    """After rows that look like data only a full row of names counts as header, and only with data below it."""
    following = rows[rows > row][:1]
    cells = sheet.row(row + start, columns)
    return (
        all(c is not None for c in cells)
        and len(following) > 0
        and not _all_headings(sheet.row(int(following[0]) + start, columns))
    )


def second_header(sheet: Grid, columns: Sequence[int], header: int, end: int) -> int | None:
    """First row of another table below: after a blank row, names where this table has numbers or dates."""
    names = sheet.row(header, columns)
    for row in _after_gaps(np.any(sheet.filled[header + 1 : end][:, columns], axis=1)):
        cells = sheet.row(row + header + 1, columns)
        known = [c for c in cells if c is not None]
        if len(known) < 2 or cells == names or not _all_headings(cells):
            continue
        here = row + header + 1
        if _clashes(sheet, columns, cells, header, here) or _narrower(
            sheet, columns, header, here, end
        ):
            return here
    return None


def _narrower(sheet: Grid, columns: Sequence[int], header: int, row: int, end: int) -> bool:
    """Whether names stand over data below, and a column that was always filled above is empty from here on."""
    if row + 1 >= end or _all_headings(sheet.row(row + 1, columns)):
        return False
    above = sheet.filled[header + 1 : row][:, columns]
    above = above[np.any(above, axis=1)]
    below = sheet.filled[row:end][:, columns]
    return bool((np.all(above, axis=0) & ~np.any(below, axis=0)).any())


def _after_gaps(filled: Array) -> Iterator[int]:
    starts = np.flatnonzero(filled[1:] & ~filled[:-1]) + 1
    yield from starts[:200].tolist()


def _clashes(sheet: Grid, columns: Sequence[int], cells: list[Any], header: int, row: int) -> bool:
    """Whether a name stands where the rows above mostly hold data that no name looks like."""
    for column, cell in zip(columns, cells, strict=True):
        above = sheet.columns[column][max(header + 1, row - 50) : row]
        known = [v for v in above if v is not None]
        other = sum(not is_heading(v) for v in known)
        if isinstance(cell, str) and known and other >= 0.8 * len(known):
            return True
    return False
