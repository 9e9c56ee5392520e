"""One sheet's cells as columns, with what only the package knows put in: error values and formulas without a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from mapseg_xl.intake.cleaning.cells import ISSUES_A_KIND, UNCALCULATED
from mapseg_xl.intake.reading.package import column_letters
from mapseg_xl.intake.reading.sheet_facts import SheetFacts
from mapseg_xl.intake.tables import Array, CellError, Issue, Spot

HIDDEN_SHEET = "hidden_sheet"  # kind of the issue that a table read from one carries
_COLUMNS_NAMED = 5


def place_errors(columns: list[Array], facts: SheetFacts, top: int, left: int) -> None:
    """Puts a `CellError` where the sheet has an error value; the reader leaves those cells empty."""
    known: dict[str, Any] = {}
    for row, column, code in facts.errors:
        if _inside(columns, row - top, column - left):
            columns[column - left][row - top] = known.setdefault(code, CellError(code))


def place_uncalculated(
    columns: list[Array], facts: SheetFacts, top: int, left: int
) -> dict[int, list[int]]:
    """Marks formulas without a value; returns their sheet rows by sheet column.

    A zero counts where all formulas are zero and the writer left the calculating to Excel (XlsxWriter does).
    """
    cells = list(facts.uncalculated)
    if facts.zeros and len(facts.zeros) + len(cells) >= facts.formulas:
        cells += facts.zeros
    by_column: dict[int, list[int]] = {}
    _grow(columns, max((r for r, _ in cells), default=0) - top + 1)
    for row, column in cells:
        by_column.setdefault(column, []).append(row)
        if _inside(columns, row - top, column - left):
            columns[column - left][row - top] = UNCALCULATED
    return by_column


def _inside(columns: list[Array], row: int, column: int) -> bool:
    return 0 <= column < len(columns) and 0 <= row < len(columns[0])


def _grow(columns: list[Array], height: int) -> None:
    """Lengthens columns to rows that hold nothing but formulas without a value."""
    missing = height - len(columns[0]) if columns else 0
    if missing > 0:
        columns[:] = [np.append(c, np.full(missing, None, dtype=object)) for c in columns]


def reading_issues(
    source: str, sheet: str, facts: SheetFacts, uncalculated: dict[int, list[int]]
) -> tuple[Issue, ...]:
    """A warning a column with formulas without a value, a note about hidden or filtered rows."""
    issues = tuple(
        uncalculated_issue(source, sheet, f"{column_letters(column)}{min(rows)}", "", len(rows))
        for column, rows in sorted(uncalculated.items())
    )
    return issues + _hidden_issue(source, sheet, facts)


def uncalculated_issue(
    source: str, sheet: str, cell: str, header: str, count: int, severity: str = "warning"
) -> Issue:
    """Formulas of one column that were never calculated, with the first of them."""
    one = "1 formula was never calculated and has no value"
    many = f"{count:,} formulas were never calculated and have no value"
    return Issue(
        severity,
        source,
        sheet,
        cell,
        header,
        one if count == 1 else many,
        "Open the workbook in Excel, save it, and run again",
        count,
        "formula_without_value",
    )


def _hidden_issue(source: str, sheet: str, facts: SheetFacts) -> tuple[Issue, ...]:
    if not facts.hidden_rows:
        return ()
    first, count = min(facts.hidden_rows), len(facts.hidden_rows)
    rows = "1 row is" if count == 1 else f"{count:,} rows are"
    what = f"{rows} {'filtered out' if facts.filtered else 'hidden'}, from row {first} on"
    action = "Included. To leave them out, delete them or copy the visible rows to a new sheet"
    found = Issue("note", source, sheet, f"A{first}", "", what, action, count, "hidden_rows")
    if count == 1:
        return (found,)
    one = f"the row is {'filtered out' if facts.filtered else 'hidden'}"
    named = sorted(facts.hidden_rows)[:ISSUES_A_KIND]
    return (replace(found, spots=tuple(Spot(f"A{row}", one) for row in named)),)


def note_hidden_sheet(source: str, sheet: str, *, very: bool = False) -> Issue:
    """Says that a sheet was read which nobody sees who opens the workbook."""
    what = "the sheet is hidden" + (", so that only a macro can show it" if very else "")
    action = "Read, because it was named. To leave it out, do not name it"
    return Issue("note", source, sheet, "A1", "", what, action, kind=HIDDEN_SHEET)


def note_hidden_columns(
    source: str, sheet: str, columns: list[Array], left: int, facts: SheetFacts
) -> tuple[Issue, ...]:
    """Names the hidden columns that hold something."""
    held = {left + i for i, column in enumerate(columns) if any(v is not None for v in column)}
    letters = [column_letters(c) for c in sorted(held & set(facts.hidden_columns))]
    if not letters:
        return ()
    named = ", ".join(letters[:_COLUMNS_NAMED])
    rest = f" and {len(letters) - _COLUMNS_NAMED:,} more" if len(letters) > _COLUMNS_NAMED else ""
    what = f"{'a column is' if len(letters) == 1 else 'columns are'} hidden: {named}{rest}"
    action = "Read like the others. To leave one out, delete it"
    cell = f"{letters[0]}:{letters[0]}"
    return (Issue("note", source, sheet, cell, "", what, action, len(letters), "hidden_columns"),)


def note_1904(
    source: str, sheet: str, columns: list[Array], start: tuple[int, int]
) -> tuple[Issue, ...]:
    """Says that dates of a workbook with the 1904 system were converted, how many, and the first."""
    first, count = "", 0
    for i, column in enumerate(columns):
        dates = [r for r, v in enumerate(column.tolist()) if isinstance(v, date)]
        if dates and not first:
            first = f"{column_letters(start[1] + i)}{start[0] + dates[0]}"
        count += len(dates)
    what = "the workbook counts days from 1904, not from 1900"
    action = "Read as dates of that system. Nothing to do"
    return (
        Issue(
            "warning", source, sheet, first or "A1", "", what, action, max(count, 1), "date_1904"
        ),
    )
