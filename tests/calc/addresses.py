"""Addresses in Excel's A1 style to rectangles counted from 0, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.calc.strict import ExcelRefuses

ROWS, COLUMNS = 1_048_576, 16_384
_LONGEST = 255
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_COLUMN = re.compile(r"\$?([A-Za-z]{1,3})")
_ROW = re.compile(r"\$?([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Cells from `top`, `left` to `bottom`, `right`, counted from 0, all included."""

    top: int
    left: int
    bottom: int
    right: int

    def __post_init__(self) -> None:
        inside = 0 <= self.top <= self.bottom < ROWS and 0 <= self.left <= self.right < COLUMNS
        if not inside:
            raise ExcelRefuses(f"no such cells on a sheet: {self}")

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top + 1, self.right - self.left + 1


def rectangle(address: str) -> Rectangle | None:
    """The rectangle of an address, None if it is none (but perhaps a name).

    >>> rectangle("$B$2:C9"), rectangle("a1").shape, rectangle("Sales")
    (Rectangle(top=1, left=1, bottom=8, right=2), (1, 1), None)
    """
    if "," in address:
        raise ExcelRefuses(f"{address}: on macOS several areas silently become the first cell")
    if len(address) > _LONGEST:
        raise ExcelRefuses("an address has at most 255 characters")
    first, _, last = address.partition(":")
    start, end = _corner(first), _corner(last or first)
    if start is None or end is None or (not last and None in start):
        return None
    rows = [0 if start[0] is None else start[0], ROWS - 1 if end[0] is None else end[0]]
    columns = [0 if start[1] is None else start[1], COLUMNS - 1 if end[1] is None else end[1]]
    return Rectangle(min(rows), min(columns), max(rows), max(columns))


def _corner(text: str) -> tuple[int | None, int | None] | None:
    if found := _CELL.fullmatch(text):
        return int(found[2]) - 1, column_of(found[1])
    if found := _COLUMN.fullmatch(text):
        return None, column_of(found[1])
    if found := _ROW.fullmatch(text):
        return int(found[1]) - 1, None
    return None


def column_of(letters: str) -> int:
    """The column of letters, counted from 0.

    >>> column_of("A"), column_of("ab")
    (0, 27)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(column: int) -> str:
    """The letters of a column counted from 0.

    >>> letters_of(0), letters_of(27)
    ('A', 'AB')
    """
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def text_of(at: Rectangle, row_absolute: bool = True, column_absolute: bool = True) -> str:
    """The address as Excel writes it.

    >>> text_of(Rectangle(1, 1, 8, 2)), text_of(Rectangle(0, 0, 0, 0), False, False)
    ('$B$2:$C$9', 'A1')
    """
    rows, columns = "$" * row_absolute, "$" * column_absolute
    first = f"{columns}{letters_of(at.left)}{rows}{at.top + 1}"
    last = f"{columns}{letters_of(at.right)}{rows}{at.bottom + 1}"
    if at.bottom - at.top + 1 == ROWS:
        return f"{columns}{letters_of(at.left)}:{columns}{letters_of(at.right)}"
    if at.right - at.left + 1 == COLUMNS:
        return f"{rows}{at.top + 1}:{rows}{at.bottom + 1}"
    return first if first == last else f"{first}:{last}"
