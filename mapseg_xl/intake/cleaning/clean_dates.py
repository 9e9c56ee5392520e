"""A column of dates, however they were typed. Days only: times and zones are dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.cleaning.cells import (
    Cleaned,
    Distinct,
    distinct,
    error_and_empty,
    mark,
    named_cells,
    shown,
)
from mapseg_xl.intake.cleaning.days import Day, day_reader, existing
from mapseg_xl.intake.cleaning.once import once
from mapseg_xl.intake.tables import Array, Issue, RawTable
from mapseg_xl.repairs import DAY_NUMBERS

SERIALS = (20_000, 60_000)  # 1954 to 2064
YEARS = (1950, 2100)
_EPOCH_1900 = np.datetime64("1899-12-30", "D")
_EPOCH_1904 = np.datetime64("1904-01-01", "D")
_NAT = np.datetime64("NaT", "D")
_KIND_1904 = "date_1904"

Days = NDArray[np.datetime64]


def dates(table: RawTable, index: int, *, day_first: bool | None = None) -> Cleaned:
    """One column as datetime64[D], NaT where empty, unreadable or outside 1950 to 2100 (an issue a cell).

    `day_first` says how 03/04/2025 is meant; None lets the column decide (any part above 12). A column
    that cannot tell is an error "ambiguous_dates", one that says both "mixed_date_orders"; their open cells are NaT.
    Serial numbers 20000 to 60000 become dates, with a warning.
    """
    column = table.columns[index]
    typed = _typed(column)
    if typed is not None and _all_plausible(typed):
        filled = int(np.count_nonzero(~np.isnat(typed)))
        return Cleaned(typed, filled=filled, readable=filled)
    if column.dtype.kind in "fiubM":
        column = _as_objects(column)
    cleaned = _mixed(distinct(_replaced(table, index, column), index), day_first)
    once(table.columns[index], _as_days(table, day_first), lambda: cleaned.values)
    return cleaned


def day_values(table: RawTable, index: int, day_first: bool | None) -> Days:
    """The days of a column without what had to be said about its cells; known where it was read before."""
    key = _as_days(table, day_first)
    return once(table.columns[index], key, lambda: dates(table, index, day_first=day_first).values)


def _as_days(table: RawTable, day_first: bool | None) -> tuple[str, bool | None, bool]:
    return "days", day_first, DAY_NUMBERS in table.wishes.repairs_off


def _typed(column: Array) -> Days | None:
    """The column at once where every cell is a date or empty; None where not."""
    if column.dtype.kind == "M":
        return column.astype("datetime64[D]")
    if column.dtype.kind != "O":
        return None
    kinds = set(map(type, column)) - {type(None)}
    if not all(issubclass(kind, date) for kind in kinds):
        return None
    codes, values = pd.factorize(column)
    days = np.full(len(values) + 1, _NAT)
    days[:-1] = [_date(v) for v in values]
    return np.asarray(days[codes])  # -1, empty, is the last


def _date(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def _all_plausible(days: Days) -> bool:
    known = days[~np.isnat(days)]
    return not len(known) or bool(_in_years(known).all())


def _in_years(days: Days) -> NDArray[np.bool_]:
    first, last = np.datetime64(str(YEARS[0]), "D"), np.datetime64(str(YEARS[1] + 1), "D")
    return np.asarray((days >= first) & (days < last))


def _as_objects(column: Array) -> Array:
    empty = np.isnat(column) if column.dtype.kind == "M" else np.isnan(column.astype(np.float64))
    objects = column.astype("datetime64[us]" if column.dtype.kind == "M" else column.dtype).astype(
        object
    )
    objects[empty] = None
    return objects


def _replaced(table: RawTable, index: int, column: Array) -> RawTable:
    if column is table.columns[index]:
        return table
    columns = (*table.columns[:index], column, *table.columns[index + 1 :])
    return replace(table, columns=columns)


def _mixed(cells: Distinct, day_first: bool | None) -> Cleaned:
    errors, empty, issues = error_and_empty(cells)
    skipped = errors | empty
    values = np.full(len(cells.values), _NAT)
    typed = mark(cells.values, lambda v: isinstance(v, date))
    values[typed] = [_date(v) for v in cells.values if isinstance(v, date)]
    issues += _serials(cells, values, ~skipped & ~typed)
    open_ones = (~skipped & np.isnat(values)).tolist()
    read = day_reader()
    texts = [
        read(v) if is_open and isinstance(v, str) else None
        for v, is_open in zip(cells.values, open_ones, strict=True)
    ]
    order, asked = _order(cells, texts, day_first)
    dateless = _read_texts(values, texts, order)
    issues += asked + _swapped(cells, texts, typed, values)
    unread = np.isnat(values) & ~skipped & ~dateless
    issues += _unreadable(cells, unread) + _implausible(cells, values)
    counts = cells.counts()
    readable = int(counts[~np.isnat(values) | dateless].sum())
    values[~np.isnat(values) & ~_in_years(values)] = _NAT
    filled = int(counts[~empty].sum())
    return Cleaned(cells.spread(values, _NAT), issues, filled, readable, day_first=order)


def _serials(cells: Distinct, values: Days, candidates: NDArray[np.bool_]) -> tuple[Issue, ...]:
    """Fills `values` from Excel's day numbers and from numbers of the form 20251231; says so."""
    old = any(issue.kind == _KIND_1904 for issue in cells.table.issues)
    numbers = np.array(
        [_whole(v) if c else 0 for v, c in zip(cells.values, candidates, strict=True)],
        dtype=np.int64,
    )
    serial = (numbers >= SERIALS[0]) & (numbers <= SERIALS[1])
    if DAY_NUMBERS in cells.table.wishes.repairs_off:
        serial[:] = False
    values[serial] = (_EPOCH_1904 if old else _EPOCH_1900) + numbers[serial]
    for i in np.flatnonzero((numbers > 19_000_000) & (numbers < 21_010_000)):
        n = int(numbers[i])
        values[i] = np.datetime64(existing(n // 10_000, n // 100 % 100, n % 100), "D")
    return cells.counted(
        serial,
        "warning",
        "serial_date",
        "Excel day numbers instead of dates",
        "Read as dates, e.g. 45658 as 2025-01-01; format the column as a date"
        if not old
        else "Read as dates of the 1904 system this workbook uses",
        values,
    )


def _whole(value: Any) -> int:
    """The day part of a number or of digits in text; 0 where it is neither."""
    if isinstance(value, str):
        return int(value) if len(value) == 5 and value.isascii() and value.isdigit() else 0
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return int(value) if number and abs(value) < 1e9 else 0


def _order(
    cells: Distinct, texts: list[Day | None], day_first: bool | None
) -> tuple[bool | None, tuple[Issue, ...]]:
    """Whether the day comes first: as told, else as the column shows; an error where it cannot be known."""
    opened = np.array([t is not None and _exists(t) for t in texts], dtype=bool)
    if day_first is not None or not opened.any():
        return day_first, ()
    first = np.array([t is not None and t.first > 12 >= t.second for t in texts], dtype=bool)
    second = np.array([t is not None and t.second > 12 >= t.first for t in texts], dtype=bool)
    if first.any() != second.any():
        return bool(first.any()), ()
    if first.any():
        one, other = (
            named_cells(cells.table, cells.index, cells.records(m)[:1], cells.cell_text)
            for m in (first, second)
        )
        what = f"the day comes first in {one}, the month in {other}; both orders in one column"
        return None, cells.counted(opened, "error", "mixed_date_orders", what, _ONE_ORDER)
    differ = opened & np.array([t is not None and t.first != t.second for t in texts])
    if not differ.any():
        return None, ()  # 01/01 and 02/02 read the same either way
    what = "day and month cannot be told apart, no part is above 12"
    return None, cells.counted(differ, "error", "ambiguous_dates", what, _HOW_TO_SAY)


def _exists(text: Day) -> bool:
    """Whether its two numbers are a date in one order at least: 45/13/2024 is none and asks nothing."""
    return text.open_order and any(text.read(day_first=first) for first in (True, False))


_HOW_TO_SAY = (
    "Write day_first = true (31/12/2025) or day_first = false (12/31/2025) in a file and give it with "
    "--settings, or type the dates as 2025-12-31"
)
_ONE_ORDER = "Type the dates of one of the two as 2025-12-31, or export the column again"


def _read_texts(values: Days, texts: list[Day | None], order: bool | None) -> NDArray[np.bool_]:
    """Fills `values` from texts; returns which are dates whose order of day and month is not known."""
    dateless = np.zeros(len(texts), dtype=bool)
    days: list[date | None] = [None] * len(texts)
    for i, text in enumerate(texts):
        if text is None:
            continue
        if text.open_order and order is None:
            either = text.read(day_first=True) or text.read(day_first=False)
            same = text.first == text.second
            days[i] = either if same else None
            dateless[i] = either is not None and not same
        else:
            days[i] = text.read(day_first=bool(order))
    known = np.array([d is not None for d in days], dtype=bool)
    values[known] = [d for d in days if d is not None]
    return dateless


def _swapped(
    cells: Distinct, texts: list[Day | None], typed: NDArray[np.bool_], values: Days
) -> tuple[Issue, ...]:
    """True dates that all have days up to 12, beside texts with days above 12: read in the wrong order on import."""
    late = any(t is not None and t.open_order and max(t.first, t.second) > 12 for t in texts)
    if not late or np.count_nonzero(typed) < 3:
        return ()
    days = (values[typed] - values[typed].astype("datetime64[M]")).astype(np.int64) + 1
    if days.max() > 12:
        return ()
    return cells.counted(
        typed,
        "warning",
        "maybe_swapped_dates",
        "every true date has a day up to 12 while later days are text: day and month may be swapped",
        "Taken as they are. Check them, and import the column again as day/month/year text if they are wrong",
    )


def _unreadable(cells: Distinct, unread: NDArray[np.bool_]) -> tuple[Issue, ...]:
    return cells.each(
        unread,
        "warning",
        "unreadable_date",
        lambda v: f"date cannot be read: {shown(v)}",
        "Left out, as if empty. Type a date that exists, or leave the cell empty",
    )


def _implausible(cells: Distinct, values: Days) -> tuple[Issue, ...]:
    outside = ~np.isnat(values) & ~_in_years(values)
    return cells.each(
        outside,
        "warning",
        "implausible_date",
        lambda v: f"year is before {YEARS[0]} or after {YEARS[1]}: {shown(v)}",
        "Left out, as if empty. Correct the date, or leave the cell empty",
    )
