"""Reads cells of an open workbook in blocks, as Python values: what Excel hands over differs by format and platform."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from mapseg_xl.hosts.earlier import Held
from mapseg_xl.report.verbs import Rect

CELLS_AT_ONCE = 200_000
_NO_DAY = {date(1899, 12, 30), date(1899, 12, 31), date(1904, 1, 1)}  # a time of day alone


def used(sheet: Any) -> Rect:
    """The rectangle from A1 to the last cell that Excel counts as used."""
    area = sheet.used_range
    height, width = area.shape
    return Rect(0, 0, area.row + height - 2, area.column + width - 2)


def values(sheet: Any, rect: Rect) -> Iterator[list[list[Any]]]:
    """The values of a rectangle, some rows at a time."""
    width = rect.right - rect.left + 1
    step = max(1, CELLS_AT_ONCE // width)
    for top in range(rect.top, rect.bottom + 1, step):
        part = Rect(top, rect.left, min(top + step - 1, rect.bottom), rect.right)
        yield _exact(sheet, part, sheet.range(part.a1).options(ndim=2, err_to_str=True).value)


def _exact(sheet: Any, rect: Rect, rows: list[list[Any]]) -> list[list[Any]]:
    """Cells formatted as money come with four decimals: what was typed says more. A day has no time, a time no day."""
    money = any(isinstance(value, Decimal) for row in rows for value in row)
    typed = formulas(sheet, rect) if money else rows
    return [
        [_plain(value, text) for value, text in zip(row, texts, strict=True)]
        for row, texts in zip(rows, typed, strict=True)
    ]


def _plain(value: Any, typed: Any) -> Any:
    if isinstance(value, Decimal):
        try:
            return float(typed)
        except (TypeError, ValueError):  # a formula: four decimals are all there is
            return float(value)
    if isinstance(value, datetime):
        if value.date() in _NO_DAY and value.time() != time():
            return value.time()
        return value if value.time() != time() else value.date()
    return float(value) if type(value) is int else value


def formulas(sheet: Any, rect: Rect) -> list[list[str]]:
    """Formulas with their equals sign, constants as text, of a rectangle."""
    found = sheet.range(rect.a1).formula
    if not isinstance(found, list | tuple):
        return [[found]]
    rows = found if found and isinstance(found[0], list | tuple) else [found]
    if len(rows) == 1 and rect.bottom > rect.top:  # one column, flat
        return [[str(text)] for text in rows[0]]
    return [[str(text) for text in row] for row in rows]


def held(sheet: Any) -> Iterator[Held]:
    """Every cell of a sheet that holds something, with its formula."""
    area = used(sheet)
    rows = [row for part in values(sheet, area) for row in part]
    texts = formulas(sheet, area)
    for row, (found, typed) in enumerate(zip(rows, texts, strict=True)):
        for column, (value, text) in enumerate(zip(found, typed, strict=True)):
            formula = text if text.startswith("=") and value != text else ""
            if value is not None or formula:
                yield Held(row, column, "" if value is None else value, formula)
