"""Values as `Range.raw_value` takes and gives them. Pure: everything about Excel's cells that needs no Excel."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from mapseg_xl.hosts.live.grid import Spot
from mapseg_xl.report.verbs import Live, Rect, Value

Written = str | float | bool
LONGEST_IN_BLOCK = 8_000  # Excel refuses blocks with a text of more than 8,203 characters
_DAY_0 = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_LAST_SERIAL = 2_958_465


def cleaned(value: Value, *, from_1904: bool = False) -> Written:
    """A value as Excel is to get it: numbers as floats, text with an apostrophe before it, formulas with their sign.

    The apostrophe keeps text from becoming a formula, a number or a date; Excel does not show it.

    >>> cleaned("=1+1"), cleaned(7), cleaned(True), cleaned(None), cleaned(Live("A1*2", 4))
    ("'=1+1", 7.0, True, '', '=A1*2')
    """
    match value:
        case None | "":
            return ""
        case Live():
            return "=" + value.formula
        case bool():
            return value
        case int() | float():
            return float(value) if math.isfinite(value) else ""
        case date():
            return serial(value, from_1904=from_1904)
        case _:
            return "'" + value


def serial(day: date, *, from_1904: bool = False) -> float:
    """A day as the number a workbook keeps for it.

    >>> serial(date(2026, 6, 30)), serial(date(2026, 6, 30), from_1904=True)
    (46203.0, 44741.0)
    """
    days = float((date(day.year, day.month, day.day) - _DAY_0[from_1904]).days)
    if isinstance(day, datetime):
        days += (day - datetime.combine(day.date(), time())).total_seconds() / 86_400
    return days


def moment(number: float, *, from_1904: bool = False) -> date | datetime | None:
    """The day, or the day and time, that a number stands for; None where it stands for none."""
    if not 0 < number <= _LAST_SERIAL:
        return None
    whole, part = divmod(number, 1)
    day = _DAY_0[from_1904] + timedelta(days=whole)
    if not part:
        return day
    return datetime.combine(day, time()) + timedelta(seconds=round(part * 86_400))


def blocks(
    values: Mapping[Spot, Value], zones: Collection[Rect], foreign: Collection[Spot]
) -> Iterator[Rect]:
    """Rectangles to write in one go: whole areas, cut around cells that are somebody else's."""
    for zone in zones:
        rows = [row for row, column in values if zone.left <= column <= zone.right]
        if rows:
            area = Rect(min(rows), zone.left, max(rows), zone.right)
            yield from around(area, foreign)


def around(area: Rect, foreign: Collection[Spot]) -> Iterator[Rect]:
    """A rectangle in parts that leave some of its cells alone.

    >>> [part.a1 for part in around(Rect(0, 0, 9, 3), {(4, 1)})]
    ['A1:D4', 'A5', 'C5:D5', 'A6:D10']
    """
    inside = sorted(
        (row, column)
        for row, column in foreign
        if area.top <= row <= area.bottom and area.left <= column <= area.right
    )
    top = area.top
    for row in dict.fromkeys(row for row, _ in inside):
        if row > top:
            yield Rect(top, area.left, row - 1, area.right)
        left = area.left
        for column in (column for at, column in inside if at == row):
            if column > left:
                yield Rect(row, left, row, column - 1)
            left = column + 1
        if left <= area.right:
            yield Rect(row, left, row, area.right)
        top = row + 1
    if top <= area.bottom:
        yield Rect(top, area.left, area.bottom, area.right)


def rows_of(
    rect: Rect, values: Mapping[Spot, Value], *, from_1904: bool = False
) -> list[list[Written]]:
    """The cells of a rectangle as Excel is to get them; texts too long for a block are left empty."""
    return [
        [
            shortened(cleaned(values.get((row, column)), from_1904=from_1904))
            for column in range(rect.left, rect.right + 1)
        ]
        for row in range(rect.top, rect.bottom + 1)
    ]


def shortened(value: Written) -> Written:
    """The value, or nothing where it is a text too long for a block: it is written by itself."""
    return "" if is_long(value) else value


def is_long(value: Written) -> bool:
    """Whether a value is a text too long for a block."""
    return isinstance(value, str) and len(value) > LONGEST_IN_BLOCK
