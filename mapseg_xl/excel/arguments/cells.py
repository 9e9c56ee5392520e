"""What Excel hands over as plain cells: a column as one array, single cells as a number, day, word or name.

Knows nothing of what a column means; `columns.py` types columns and finds their header.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np

from mapseg_xl.excel.answering.answers import BadArguments
from mapseg_xl.excel.answering.remembered import Remembered
from mapseg_xl.intake.cleaning import cells as cleaning
from mapseg_xl.intake.cleaning.clean_dates import dates
from mapseg_xl.intake.cleaning.clean_labels import labels
from mapseg_xl.intake.cleaning.clean_numbers import numbers
from mapseg_xl.intake.tables import Array, RawTable

SHEET_ROWS = 1_048_576
PLACE = "row "  # the letters of every column, so that messages name "row 17"


class Clipped(list[Any]):
    """A column read only as far as its sheet is used. `rows`: as many as were asked for; the others are empty."""

    def __init__(self, cells: Any, rows: int, *, headed: bool = False) -> None:
        super().__init__(cells)
        self.rows = rows
        self.headed = headed  # the host knows that the first cell is a header


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """One column: its cells down to the last filled one, and how many rows were asked for."""

    held: Array  # objects: None or "" where empty
    blank: Array  # which of them are empty
    rows: int
    headed: bool
    values: tuple[Any, ...]  # the different ones that are not empty

    @property
    def is_whole(self) -> bool:
        """Whether a whole column of a sheet was asked for."""
        return self.rows >= SHEET_ROWS


def is_blank(value: Any) -> bool:
    """An empty cell, or one with nothing but spaces."""
    if value is None:
        return True
    if isinstance(value, str):
        return not cleaning.tidy(value)
    return isinstance(value, float) and value != value


_columns: Remembered[Cells] = Remembered(48)


def column_cells(given: Any, name: str) -> Cells:
    """The cells of a column, a row of cells, a flat list or one cell; a block is no column."""
    return _columns.get((given,), name, lambda: _column_cells(given, name))


def _column_cells(given: Any, name: str) -> Cells:
    flat = _flat(given, name)
    held = np.empty(len(flat), dtype=object)
    held[:] = flat
    found = cleaning.distinct(table_of({name: held}), 0)
    filled = np.flatnonzero(found.codes >= 0)
    last = int(filled[-1]) + 1 if len(filled) else 0
    rows = getattr(given, "rows", len(held))
    headed = bool(getattr(given, "headed", False))
    return Cells(held[:last], found.codes[:last] < 0, rows, headed, found.values)


def _flat(given: Any, name: str) -> list[Any]:
    if hasattr(given, "tolist"):
        given = given.tolist()
    if not isinstance(given, list | tuple):
        return [given]
    if not given or not isinstance(given[0], list | tuple):
        return list(given)
    widths = set(map(len, given))
    if widths == {1}:
        return list(map(itemgetter(0), given))
    if len(given) == 1:
        return list(given[0])
    wide = max(widths)
    raise BadArguments(f"{name}: one column is needed, not {wide} side by side.")


def block_rows(given: Any, name: str) -> list[list[Any]]:
    """A block of cells as rows of equal length; one cell is a block of one."""
    if hasattr(given, "tolist"):
        given = given.tolist()
    if not isinstance(given, list | tuple):
        return [[given]]
    if given and not isinstance(given[0], list | tuple):
        return [list(given)]
    rows = [list(row) for row in given]
    if len(set(map(len, rows))) > 1:
        raise BadArguments(f"{name}: the rows are not of one length.")
    return rows


def is_given(column: Any) -> bool:
    """Whether an optional column was given: not left out, and not one empty cell."""
    if isinstance(column, list | tuple) or hasattr(column, "tolist"):
        return len(column) > 1 or one_cell(column, "a column") is not None
    return not is_blank(column)


def one_cell(given: Any, name: str) -> Any:
    """A single cell's value, None where it is empty or left out; several cells cannot be used."""
    if isinstance(given, list | tuple) or hasattr(given, "tolist"):
        found = list(chain.from_iterable(block_rows(given, name)))
        if len(found) != 1:
            every = " Leave its place empty for all segments: ,," if name == "which" else ""
            raise BadArguments(f"{name}: one cell is needed, not {len(found):,}.{every}")
        given = found[0]
    if is_blank(given):
        return None
    if cleaning.is_error(given):
        raise BadArguments(f"{name} is {given}: correct that formula first.")
    return given


def one_number(given: Any, name: str, default: float | None = None) -> float | None:
    """A single cell's number, also typed as $1,200 or 60%; `default` where it is left out."""
    value = one_cell(given, name)
    if value is None:
        return default
    found = np.nan if isinstance(value, bool) else numbers(table_of({name: [value]}), 0).values[0]
    if not np.isfinite(found):
        raise BadArguments(f"{name} is {cleaning.shown(value)}, which is not a number.")
    return float(found)


def one_day(given: Any, name: str) -> date | None:
    """A single cell's date: a true date, its serial number or its text; None where it is left out."""
    value = one_cell(given, name)
    if value is None:
        return None
    read = dates(table_of({name: [value]}), 0)
    found = read.values[0]
    if np.isnat(found):
        unclear = any(issue.severity == "error" for issue in read.issues)
        why = "which may be read in two ways: type it as 2025-12-31" if unclear else "not a date"
        raise BadArguments(f"{name} is {cleaning.shown(value)}, {why}.")
    return date.fromisoformat(str(found))


def one_name(given: Any, name: str) -> str | None:
    """A single cell as the name of a segment, in the form labels have; None where it is left out."""
    value = one_cell(given, name)
    if value is None:
        return None
    text = str(labels(table_of({name: [value]}), 0).values[0])
    return text or str(value).strip()


def table_of(columns: dict[str, Any], first_row: int = 1) -> RawTable:
    """Columns of equal length as the table that the cleaning of sheets reads; records are named by row."""
    held = tuple(_objects(column) for column in columns.values())
    rows = np.arange(first_row, first_row + len(held[0]), dtype=np.int64)
    return RawTable("", "", tuple(columns), (PLACE,) * len(held), 0, rows, held)


def _objects(column: Any) -> Array:
    if isinstance(column, np.ndarray):
        return column
    held = np.empty(len(column), dtype=object)
    held[:] = column
    return held
