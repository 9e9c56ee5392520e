"""A column of numbers, however they were typed. What it means is decided elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.cleaning.amounts import Amount, amount
from mapseg_xl.intake.cleaning.cells import (
    Cleaned,
    Distinct,
    column_issue,
    distinct,
    error_and_empty,
    mark,
    shown,
)
from mapseg_xl.intake.cleaning.once import once
from mapseg_xl.intake.tables import Array, Issue, RawTable
from mapseg_xl.repairs import TEXT_NUMBERS

_NUMBER_TYPES = (float, int, bool, np.floating, np.integer, np.bool_)
_PLAIN_CHARACTERS = frozenset("0123456789.-+eE")
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".tab")

_FEW_STRAYS = 0.02  # of the cells; more in another currency are a second one, and stop the run
_FEWEST_USUAL = 5  # numbers that say what is usual in a column
_ROOM = 5.0  # times beyond the usual that 1.2k may still lie

_POINT_CURRENCIES = ("$", "£", "₹")  # $1,200 is not one dollar twenty

Amounts = Sequence[Amount | None]


def numbers(table: RawTable, index: int) -> Cleaned:
    """One column as float64, NaN where empty or unreadable.

    Text such as `$1,200`, `1.200,50`, `45%` (.45) and `(300)` is read, with a counted warning; a cell that
    cannot be read is an issue of its own. Whether point or comma is the decimal mark is decided by the
    column as a whole; `1.200` with nothing else to go by is 1200. k, M and bn count only where most cells
    carry one and all can be read. Several currencies in one column are an error; a cell or two in a hundred are
    left out and named.
    """
    column = table.columns[index]
    typed = _typed(column)
    if typed is not None and not np.isinf(typed).any():
        filled = int(np.count_nonzero(~np.isnan(typed)))
        return Cleaned(typed, filled=filled, readable=filled)
    cleaned = _mixed(distinct(table, index))
    once(column, _as_numbers(table), lambda: cleaned.values)
    return cleaned


def number_values(table: RawTable, index: int) -> NDArray[np.float64]:
    """The numbers of a column without what had to be said about its cells; known where it was read before."""
    return once(table.columns[index], _as_numbers(table), lambda: numbers(table, index).values)


def _as_numbers(table: RawTable) -> tuple[str, bool]:
    return "numbers", TEXT_NUMBERS in table.wishes.repairs_off


def _typed(column: Array) -> NDArray[np.float64] | None:
    """The column at once where every cell is a number or empty; None where not."""
    if column.dtype.kind in "fiub":
        return column.astype(np.float64)
    if column.dtype.kind != "O":
        return None
    kinds = set(map(type, column)) - {type(None)}
    if all(issubclass(kind, _NUMBER_TYPES) for kind in kinds):
        return column.astype(np.float64)
    return None


def _mixed(cells: Distinct) -> Cleaned:
    errors, empty, issues = error_and_empty(cells)
    skipped = errors | empty
    text = mark(cells.values, lambda v: isinstance(v, str)) & ~skipped
    if TEXT_NUMBERS in cells.table.wishes.repairs_off and not _is_text_file(cells):
        text[:] = False  # then they are cells that cannot be read
    number = mark(cells.values, lambda v: isinstance(v, _NUMBER_TYPES))
    values = np.full(len(cells.values), np.nan)
    values[number] = [
        float(v) for v, is_number in zip(cells.values, number, strict=True) if is_number
    ]
    plain = _plain(cells, text)
    symbols: tuple[str, ...] = ()
    stray = np.zeros(len(cells.values), dtype=bool)
    if plain is not None:
        values[text] = plain
        issues += _stored_as_text(cells, text, values)
    else:
        amounts = _amounts(cells, text, values)
        stray, said = _strays(cells, amounts)
        amounts = [None if s else a for a, s in zip(amounts, stray, strict=True)]
        read, more = _read(cells, amounts)
        values[text] = read[text]
        issues += more + said
        symbols = tuple(sorted({a.symbol for a in amounts if a and a.symbol}))
    values[np.isinf(values)] = np.nan  # more digits than a number holds
    unread = np.isnan(values) & ~skipped & ~stray
    issues += cells.each(
        unread,
        "warning",
        "unreadable_number",
        lambda v: f"number cannot be read: {shown(v)}",
        "Left out, as if empty. Type a number, or leave the cell empty",
    )
    counts = cells.counts()
    return Cleaned(
        cells.spread(values, np.nan),
        issues,
        filled=int(counts[~empty].sum()),
        readable=int(counts[~np.isnan(values)].sum()),
        symbols=symbols,
    )


def _plain(cells: Distinct, text: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """All texts at once where they hold nothing but digits, point, sign and exponent; None where not."""
    texts = [v for v, is_text in zip(cells.values, text, strict=True) if is_text]
    if not set("".join(texts)) <= _PLAIN_CHARACTERS:
        return None
    pointed = [t for t in texts if "." in t]
    if pointed and all(len(t) - t.rfind(".") == 4 for t in pointed):
        return None  # 1.200: the column has to be weighed
    try:
        return np.array(texts, dtype=object).astype(np.float64)
    except ValueError:
        return None


def _amounts(
    cells: Distinct, text: NDArray[np.bool_], numbers: NDArray[np.float64]
) -> list[Amount | None]:
    """What each text holds; k, M and bn only where the column is consistent about them, or they fit its numbers."""
    amounts = [
        amount(v) if is_text else None for v, is_text in zip(cells.values, text, strict=True)
    ]
    scaled = sum(a is not None and a.scaled for a in amounts)
    wrong = sum(a is None for a, is_text in zip(amounts, text, strict=True) if is_text)
    if scaled and (wrong or scaled * 2 < int(text.sum())):
        low, high = _usual(amounts, numbers)
        return [
            None if a is not None and a.scaled and not low <= (a.point or 0) <= high else a
            for a in amounts
        ]
    return amounts


def _usual(amounts: Amounts, numbers: NDArray[np.float64]) -> tuple[float, float]:
    """Between which amounts the plain numbers of a column lie, with some room; an empty range where they are few."""
    plain = [a.point for a in amounts if a is not None and not a.scaled and a.point is not None]
    held = np.array([*plain, *numbers[np.isfinite(numbers)]])
    held = held[held > 0]
    if len(held) < _FEWEST_USUAL:
        return 1.0, 0.0
    low, high = np.quantile(held, (0.02, 0.98))
    return float(low) / _ROOM, float(high) * _ROOM


def _read(cells: Distinct, amounts: Amounts) -> tuple[NDArray[np.float64], tuple[Issue, ...]]:
    """Values under the column's decimal mark, and what to say about it."""
    point = _evidence(amounts, lambda a: a.comma is None)
    comma = _evidence(amounts, lambda a: a.point is None)
    unclear = np.array([a is not None and a.ambiguous for a in amounts], dtype=bool)
    use_comma, sure = _decimal_comma(cells, amounts, (point, comma))
    values = np.array([_value(a, use_comma) for a in amounts], dtype=np.float64)
    issues: tuple[Issue, ...] = ()
    if point and comma:
        values[unclear] = np.nan
        issues += _mixed_marks(cells, amounts)
    elif unclear.any() and not sure:
        example = next(v for v, u in zip(cells.values, unclear, strict=True) if u)
        reading = values[unclear][0]
        issues += cells.counted(
            unclear,
            "warning",
            "ambiguous_number",
            f"point or comma may be the decimal mark, and nothing in the column tells; "
            f"{shown(example)} was read as {reading:.15g}",
            "Check the first of them; store the column as numbers if the reading is wrong",
            values,
        )
    conversions = _conversions(cells, amounts, values)
    return values, issues + conversions + _currencies(cells, amounts)


def _evidence(amounts: Amounts, only: Any) -> bool:
    return any(
        a is not None and (a.point is None) != (a.comma is None) and only(a) for a in amounts
    )


def _value(found: Amount | None, use_comma: bool) -> float:
    if found is None:
        return np.nan
    first, second = (found.comma, found.point) if use_comma else (found.point, found.comma)
    value = first if first is not None else second
    return np.nan if value is None else value


def _decimal_comma(
    cells: Distinct, amounts: Amounts, evidence: tuple[bool, bool]
) -> tuple[bool, bool]:
    """Whether the comma is the decimal mark, and whether the column says so clearly."""
    point, comma = evidence
    if point != comma:
        return comma, True
    if all(a.symbol in _POINT_CURRENCIES for a in amounts if a is not None and a.ambiguous):
        return False, True
    dotted = any(
        a is not None and a.ambiguous and "." in v
        for v, a in zip(cells.values, amounts, strict=True)
    )
    if dotted and any(a is not None and a.ungrouped for a in amounts):
        return (
            False,
            False,
        )  # 1500 without a separator: nobody groups thousands here, so the point is decimal
    return dotted, False


def _mixed_marks(cells: Distinct, amounts: Amounts) -> tuple[Issue, ...]:
    comma = np.array([a is not None and a.point is None for a in amounts], dtype=bool)
    return cells.counted(
        comma,
        "warning",
        "mixed_decimal_marks",
        "decimal comma in a column that also has decimal points",
        "Each cell read by itself; those that could be either, such as '1.200', were left out",
    )


def _is_text_file(cells: Distinct) -> bool:
    return cells.table.source.lower().endswith(_TEXT_SUFFIXES)


def _stored_as_text(
    cells: Distinct, text: NDArray[np.bool_], values: NDArray[np.float64]
) -> tuple[Issue, ...]:
    if _is_text_file(cells):
        return ()  # a text file has nothing but text
    return cells.counted(
        text, "warning", "text_number", "numbers stored as text", "Read as numbers", values
    )


def _conversions(
    cells: Distinct, amounts: Amounts, values: NDArray[np.float64]
) -> tuple[Issue, ...]:
    """Counted warnings: dressed-up numbers, and shares beside plain numbers."""
    dressed = np.array(
        [a is not None and (not a.plain or a.comma != a.point) for a in amounts], dtype=bool
    )
    if _is_text_file(cells):  # where all is text, a decimal comma is how numbers are written
        dressed &= np.array([a is not None and not a.plain for a in amounts], dtype=bool)
    percent = np.array([a is not None and a.percent for a in amounts], dtype=bool)
    bare = np.array([a is not None and not a.percent for a in amounts], dtype=bool) | mark(
        cells.values, _above_one
    )
    issues = cells.counted(
        dressed, "warning", "text_number", "numbers typed as text", "Read as numbers", values
    )
    issues += _stored_as_text(
        cells, np.array([a is not None for a in amounts], dtype=bool) & ~dressed, values
    )
    if percent.any() and bare.any():
        issues += cells.counted(
            percent,
            "warning",
            "mixed_percent",
            "percentages in a column that also has plain numbers",
            "45% was read as 0.45, plain numbers as they are; make the column one or the other",
            values,
        )
    return issues


def _above_one(value: Any) -> bool:
    return isinstance(value, _NUMBER_TYPES) and abs(float(value)) > 1


def _strays(cells: Distinct, amounts: Amounts) -> tuple[NDArray[np.bool_], tuple[Issue, ...]]:
    """Which values are in another currency than the rest, where few are: left out, for nobody can add them up."""
    symbols = [a.symbol if a else "" for a in amounts]
    counts = cells.counts()
    cells_of: dict[str, int] = {}
    for symbol, n in zip(symbols, counts.tolist(), strict=True):
        if symbol:
            cells_of[symbol] = cells_of.get(symbol, 0) + n
    usual = max(cells_of, key=lambda s: cells_of[s], default="")
    others = sum(cells_of.values()) - cells_of.get(usual, 0)
    if not 0 < others <= _FEW_STRAYS * int(counts.sum()) or others >= cells_of[usual]:
        return np.zeros(len(amounts), dtype=bool), ()
    stray = np.array([s not in ("", usual) for s in symbols], dtype=bool)
    return stray, cells.each(
        stray,
        "warning",
        "other_currency",
        lambda v: f"in another currency than the rest, which is in {usual}: {shown(v)}",
        f"Left out, as if empty. Convert it to {usual}",
    )


def _currencies(cells: Distinct, amounts: Amounts) -> tuple[Issue, ...]:
    """An error naming the first cell of each currency, where there are several."""
    first: dict[str, int] = {}
    for code in cells.codes.tolist():
        found = amounts[code] if code >= 0 else None
        if found is not None and found.symbol and found.symbol not in first:
            first[found.symbol] = code
    if len(first) < 2:
        return ()
    records = {s: int(np.argmax(cells.codes == code)) for s, code in first.items()}
    where = ", ".join(f"{s} in {cells.table.cell(cells.index, r)}" for s, r in records.items())
    return (
        column_issue(
            cells.table,
            cells.index,
            min(records.values()),
            ("error", "mixed_currencies"),
            f"several currencies in one column: {where}",
            "Convert the column to one currency",
            len(records),
        ),
    )
