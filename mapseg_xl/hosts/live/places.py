"""Where names of an open workbook point: places that have moved along when people inserted rows or renamed a tab."""

from __future__ import annotations

import re
from typing import Any

from mapseg_xl.report.verbs import Rect

_REFERENCE = re.compile(
    r"=(?:'((?:[^']|'')+)'|([^'!=]+))!\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?"
)


def place(refers: str) -> tuple[str, Rect] | None:
    """Sheet and cells of a reference; None where its cells or its sheet were deleted.

    >>> place("='Bob''s'!$B$3:$C$4")
    ("Bob's", Rect(top=2, left=1, bottom=3, right=2))
    >>> place("=Volume!#REF!") is None
    True
    """
    found = _REFERENCE.fullmatch(refers)
    if found is None:
        return None
    quoted, plain, left, top, right, bottom = found.groups()
    first = int(top) - 1, column_number(left)
    last = (int(bottom) - 1, column_number(right)) if bottom else first
    return quoted.replace("''", "'") if quoted else plain, Rect(*first, *last)


def column_number(letters: str) -> int:
    """The number of a column, from 0.

    >>> column_number("A"), column_number("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def named(book: Any, name: str) -> str | None:
    """What a name of the workbook refers to; None where there is no such name."""
    if not name or name not in book.names:
        return None
    return str(book.names[name].refers_to)
