"""The yellow rows of My segments: a name, up to three conditions of three cells, who suggested it; read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from mapseg_xl.errors import InputError
from mapseg_xl.intake.beside.own_segments import condition
from mapseg_xl.intake.tables import OwnSegment, Written
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.names import MY_SEGMENTS
from mapseg_xl.report.verbs import Key

FORM = "form"  # the table
ROWS, CONDITIONS = 8, 3
NAME, BY = "name", "by"
OPERATORS = (
    "is", "is not", "at least", "at most", "more than", "less than", "between", "one of",
    "is empty", "is filled in",
)  # fmt: skip
_WITHOUT_VALUE = ("is empty", "is filled in")


def row_key(at: int) -> str:
    """The key of a row of the form, counted from 1."""
    return f"line {at}"


def cells_of(number: int) -> tuple[str, str, str]:
    """The columns of a condition: which column of the data, how it compares, with what."""
    return f"column {number}", f"is {number}", f"value {number}"


def typed_on_form(earlier: Previous | None) -> tuple[OwnSegment, ...]:
    """The segments typed on My segments, a row each; empty rows are none.

    What is no condition is kept with what is wrong with it, to be said beside its row.
    """
    return () if earlier is None else segments_in(earlier.edits, earlier.cell)


def segments_in(
    typed: Mapping[Key, object], cell_of: Callable[[Key], str]
) -> tuple[OwnSegment, ...]:
    """The segments that these cells say; `cell_of` tells where a cell stands."""
    found = (line(typed, cell_of, row_key(at)) for at in range(1, ROWS + 1))
    return tuple(segment for segment in found if segment is not None)


def line(typed: Mapping[Key, object], cell_of: Callable[[Key], str], row: str) -> OwnSegment | None:
    """The segment of one row; None where nothing is written in it."""

    def text(column: str) -> str:
        value = typed.get((MY_SEGMENTS, FORM, row, column))
        return "" if value is None else str(value).strip()

    written = []
    for number in range(1, CONDITIONS + 1):
        columns = cells_of(number)
        parts = tuple(map(text, columns))
        if any(parts):
            at = next(c for c, part in zip(columns, parts, strict=True) if part)
            written.append(_written(parts, cell_of((MY_SEGMENTS, FORM, row, at)), (row, at)))
    name = text(NAME)
    if not written and not name:
        return None
    cell = cell_of((MY_SEGMENTS, FORM, row, NAME))
    written = written or [Written("", cell, (row, NAME))]
    return OwnSegment(name, "", text(BY), written[0].cell, tuple(written))


def _written(parts: tuple[str, ...], cell: str, key: tuple[str, str]) -> Written:
    """A condition in the grammar of rules, or what keeps it from being one."""
    column, sign, value = parts
    written = Written(" ".join(part for part in parts if part), cell, key)
    if value and sign.casefold() in _WITHOUT_VALUE:
        return replace(written, wrong=f"'{sign}' takes no value; empty '{value}'")
    try:
        return replace(written, text=condition(column, sign, value, cell))
    except InputError as error:
        return replace(written, wrong=str(error))
