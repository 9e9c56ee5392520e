"""An export as cells for a sheet of the team's workbook: ids stay text, dates become dates, nothing is lost. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from mapseg_xl.errors import InputError
from mapseg_xl.intake import clean
from mapseg_xl.intake.cleaning.date_order import settled
from mapseg_xl.intake.columns.profiles import shown
from mapseg_xl.intake.columns.role_values import typed_role
from mapseg_xl.intake.columns.role_words import ROLES, header_words
from mapseg_xl.intake.columns.roles import RoleMap, guess_roles
from mapseg_xl.intake.finding.header import find_table
from mapseg_xl.intake.reading.package import column_number
from mapseg_xl.intake.tables import Array, RawSheet, RawTable
from mapseg_xl.intake.workbook import read_sheets

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet
SheetValue: TypeAlias = str | float | bool | date | None

_MOSTLY_DATES = 0.6
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,10})?", re.ASCII)
_DIGITS_KEPT = 15  # a spreadsheet rounds what has more
_ID_WORDS = frozenset(("id", "uuid", "guid", "key", "code", "zip", "plz", "postcode", "phone"))


@dataclass(frozen=True, slots=True, eq=False)
class Incoming:
    """A sheet to be: the values column by column from cell A1 on, and which columns hold dates."""

    name: str  # what the sheet should be called
    file: str
    columns: tuple[tuple[SheetValue, ...], ...]
    dates: frozenset[int]
    header_row: int  # counted from 1
    records: int  # rows of the table below its header
    headers: int

    @property
    def height(self) -> int:
        """Rows of the sheet that hold something."""
        return len(self.columns[0]) if self.columns else 0


def incoming(path: Path) -> tuple[Incoming, ...]:
    """The tables of a file, one a sheet to be. InputError where it has none, or is longer than a sheet."""
    pairs = [(sheet, find_table(sheet)) for sheet in read_sheets(path) if not sheet.hidden]
    found = [(sheet, table) for sheet, table in pairs if table is not None]
    if not found:
        raise InputError(
            f"{path.name} has no table: a row of headers with rows below it. Nothing was added."
        )
    several = len(found) > 1
    return tuple(_of_sheet(path, sheet, table, several=several) for sheet, table in found)


def _of_sheet(path: Path, sheet: RawSheet, table: RawTable, *, several: bool) -> Incoming:
    named = sheet.headers  # the file itself names its columns: they go above
    top = 2 if named else sheet.top
    height = top - 1 + (len(sheet.columns[0]) if sheet.columns else 0)
    width = sheet.left - 1 + len(sheet.columns)
    if height > MOST_ROWS or width > MOST_COLUMNS:
        raise InputError(
            f"{path.name} has {height:,} rows and {width:,} columns; a sheet holds {MOST_ROWS:,} and "
            f"{MOST_COLUMNS:,}. Use `mapseg run {path.name}` instead, which has no such limit."
        )
    plain = [
        _padded(column, top, named[i] if named else None) for i, column in enumerate(sheet.columns)
    ]
    empty: list[list[SheetValue]] = [[None] * height for _ in range(sheet.left - 1)]
    columns = [*empty, *plain]
    dates = set()
    rows = table.rows - sheet.top + top - 1  # places in the lists
    found = guess_roles(table)
    order = _order(table, found)
    for at, letters in enumerate(table.letters):
        held = columns[column_number(letters) - 1]
        if _fill(held, table, (at, found), rows, day_first=order):
            dates.add(column_number(letters) - 1)
    name = f"{path.stem} {sheet.sheet}" if several else path.stem
    return Incoming(
        name,
        path.name,
        tuple(map(tuple, columns)),
        frozenset(dates),
        1 if named else table.header_row,
        len(table.rows),
        len(table.headers),
    )


def _padded(column: Array, top: int, header: str | None) -> list[SheetValue]:
    """The cells of a column from row 1 on, as a sheet can hold them."""
    above: list[SheetValue] = [None] * (top - 1)
    if header is not None:
        above[-1] = header
    return [*above, *map(_plain, _objects(column))]


def _objects(column: Array) -> Sequence[Any]:
    if column.dtype.kind == "M":
        column = column.astype("datetime64[us]")
    held: Sequence[Any] = column.tolist()
    return held


def _plain(value: Any) -> SheetValue:
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, bool | str | date):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)  # an error value: its words


def _number(value: int | float) -> SheetValue:
    """A number as a float; one with more digits than a sheet keeps as its text."""
    if isinstance(value, int) and len(str(abs(value))) > _DIGITS_KEPT:
        return str(value)
    return float(value)


def _order(table: RawTable, found: RoleMap) -> bool | None:
    """Whether the day comes first in this table's dates, as far as its columns tell."""
    roles = {r: i for r, i in found.columns.items() if ROLES[r].kind == "date"}
    typed = {r: typed_role(table, i, r, None) for r, i in roles.items()}
    return settled(table, found, typed, None)[1]


def _fill(
    held: list[SheetValue],
    table: RawTable,
    column: tuple[int, RoleMap],
    rows: Array,
    *,
    day_first: bool | None,
) -> bool:
    """Puts the values of a table's column in place where they are more than text. True where they are dates."""
    at, found = column
    if _is_id(table, at, found):
        _put(held, rows, (_id(value) for value in _objects(table.columns[at])))
        return False
    if found.profiles[at].dates >= _MOSTLY_DATES:
        cleaned = clean.dates(table, at, day_first=day_first)
        if not any(issue.severity == "error" for issue in cleaned.issues):
            days = cleaned.values.tolist()
            _put(held, rows, (_day(held[row], day) for row, day in zip(rows, days, strict=True)))
            return True
    elif _is_plain_numbers(table.columns[at]):
        numbers = clean.numbers(table, at)
        if not any(issue.kind == "unreadable_number" for issue in numbers.issues):
            _put(held, rows, (None if n != n else n for n in numbers.values.tolist()))
    return False


def _put(held: list[SheetValue], rows: Array, values: Iterator[SheetValue]) -> None:
    new = list(values)
    for row, value in zip(rows.tolist(), new, strict=True):
        held[row] = value


def _is_id(table: RawTable, at: int, found: RoleMap) -> bool:
    """A column whose digits are a name: its leading zeros and every digit count."""
    roles = {role for role, index in found.columns.items() if index == at}
    if any(ROLES[role].kind == "id" for role in roles):
        return True
    return not roles and bool(_ID_WORDS & set(header_words(table.headers[at])))


def _id(value: Any) -> SheetValue:
    """An id as text; whole numbers without decimals."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    return shown(value) if isinstance(value, int | float) else str(value)


def _day(before: SheetValue, day: date | None) -> SheetValue:
    """The day where the cell held just that; one with a time of day, or that cannot be read, stays as it is."""
    if isinstance(before, datetime):
        midnight = not (before.hour or before.minute or before.second)
        return day if midnight and day else before
    if day is None or (isinstance(before, str) and ":" in before):
        return before
    return day


def _is_plain_numbers(column: Array) -> bool:
    """Whether every cell is a number that a sheet shows and keeps as it is written here."""
    if column.dtype.kind != "O":
        return False  # numbers already
    texts = [value for value in column.tolist() if value is not None]
    return bool(texts) and all(isinstance(t, str) and _fits(t) for t in texts)


def _fits(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and sum(map(str.isdigit, text)) <= _DIGITS_KEPT
