"""Says which customers a rule holds for. Text matches ignore case and outer spaces; numbers match as numbers."""

from __future__ import annotations

import difflib
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.errors import InputError, UnknownSegment
from mapseg_xl.intake.tables import BLANK, Array, Customers
from mapseg_xl.measure.columns import NamedColumn, find_column, listed
from mapseg_xl.measure.rules import Condition, Rule, as_date, as_number

Mask = NDArray[np.bool_]


def evaluate(rule: Rule, customers: Customers) -> Mask:
    """Which customers the rule holds for, one bool a row.

    An empty cell is in no comparison but `<>`, as in a spreadsheet's filter. Raises MissingColumn for a column,
    UnknownSegment for a value that no row has, InputError for text where numbers are compared.
    """
    inside = np.ones(customers.n, np.bool_)
    for condition in rule.conditions:
        inside &= _holds(condition, find_column(customers, condition.column), customers.sheet)
    return inside


def _holds(condition: Condition, column: NamedColumn, sheet: str) -> Mask:
    match condition.operator:
        case "is blank":
            return _blank(column)
        case "is not blank":
            return ~_blank(column)
        case "=" | "in":
            return _is_one_of(condition, column, sheet)
        case "<>":
            return ~_is_one_of(condition, column, sheet)
        case "between":
            low, high = condition.values
            return _compared(column, ">=", low, sheet) & _compared(column, "<=", high, sheet)
        case _:
            return _compared(column, condition.operator, condition.values[0], sheet)


def _blank(column: NamedColumn) -> Mask:
    blank: Mask
    if column.values:
        blank = np.array([v == BLANK for v in column.values], np.bool_)[column.codes]
    elif column.dates is not None:
        blank = np.isnat(column.dates)
    else:
        blank = np.isnan(_numbers_if_any(column))
    return blank


def _is_one_of(condition: Condition, column: NamedColumn, sheet: str) -> Mask:
    inside = np.zeros(len(_rows_of(column)), np.bool_)
    for value in condition.values:
        inside |= _equals(column, value, sheet)
    return inside


def _equals(column: NamedColumn, value: str, sheet: str) -> Mask:
    """Rows with this value: as text first, so that `007` is not 7, then as a number or day."""
    if _key(value) in ("", BLANK):
        return _blank(column)
    keys = np.array([_key(v) == _key(value) for v in column.values], np.bool_)
    if keys.any():
        matched: Mask = keys[column.codes]
        return matched
    found: Mask = np.zeros(1, np.bool_)
    if column.dates is not None:
        found = column.dates == np.datetime64(_day(column, value, sheet))
    elif column.numbers is not None or as_number(value) is not None:
        number = as_number(value)
        found = _numbers_if_any(column) == (np.nan if number is None else number)
    if not found.any():
        raise UnknownSegment(_no_value(column, value, sheet))
    return found


def _compared(column: NamedColumn, operator: str, value: str, sheet: str) -> Mask:
    if column.dates is not None:
        held: Array = column.dates
        return _signed(held, operator, np.datetime64(_day(column, value, sheet)))
    number, day = as_number(value), as_date(value)
    if number is not None:
        return _signed(_as_numbers(column, sheet), operator, number)
    if day is not None and column.numbers is None:
        return _signed(_as_dates(column, sheet), operator, np.datetime64(day))
    raise InputError(
        f"{sheet}[{column.name}] cannot be compared with '{value}': after {operator} write a number"
        f" (1000, without thousands marks) or a date (2026-01-31)."
    )


def _signed(held: Any, operator: str, value: float | np.datetime64) -> Mask:
    signs = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
    compared: Mask = signs[operator](held, value)  # NaN and NaT compare as false
    return compared


def _rows_of(column: NamedColumn) -> Array:
    if column.numbers is not None:
        return column.numbers
    return column.codes if column.dates is None else column.dates


def _numbers_if_any(column: NamedColumn) -> NDArray[np.float64]:
    if column.numbers is not None:
        return column.numbers
    read = [as_number(v) for v in column.values]
    held: NDArray[np.float64] = np.array([np.nan if v is None else v for v in read], np.float64)
    return held[column.codes]


def _as_numbers(column: NamedColumn, sheet: str) -> NDArray[np.float64]:
    if column.numbers is None:
        _refuse_others(column, [as_number(v) for v in column.values], "numbers", sheet)
    return _numbers_if_any(column)


def _as_dates(column: NamedColumn, sheet: str) -> Array:
    read = [as_date(v) for v in column.values]
    _refuse_others(column, read, "dates", sheet)
    return np.array(["NaT" if v is None else v for v in read], "M8[D]")[column.codes]


def _refuse_others(
    column: NamedColumn, read: list[float | None] | list[date | None], what: str, sheet: str
) -> None:
    others = [v for v, got in zip(column.values, read, strict=True) if got is None and v != BLANK]
    if others:
        raise InputError(
            f"{sheet}[{column.name}] holds text that cannot be compared as {what}: "
            f"{listed([repr(v) for v in others], 3)}. Use = or in with its values."
        )


def _day(column: NamedColumn, value: str, sheet: str) -> date:
    day = as_date(value)
    if day is None:
        raise InputError(
            f"{sheet}[{column.name}] holds dates, and '{value}' is none. Write it as 2026-01-31."
        )
    return day


def _no_value(column: NamedColumn, value: str, sheet: str) -> str:
    what = f"Segment '{value}' is not in {sheet}[{column.name}]."
    if column.kind != "text":
        return f"{what} No row holds that {column.kind}; compare with >= and <, or between."
    by_key = {_key(v): v for v in column.values}
    near = [by_key[k] for k in difflib.get_close_matches(_key(value), list(by_key)[:5000], 3, 0.6)]
    others = [v for v in column.values if v not in near]
    return f"{what} The values are {listed((near + others), 3)}."


def _key(text: str) -> str:
    return text.strip().casefold()
