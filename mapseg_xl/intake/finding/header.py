"""The table of a sheet: its header, its records, and what was left out around them. Cells stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.cleaning.cells import ISSUES_A_KIND, UNCALCULATED
from mapseg_xl.intake.finding.blocks import Grid, grid
from mapseg_xl.intake.finding.leftouts import LeftOut, left_out
from mapseg_xl.intake.finding.names import names_of, no_names, unique_names
from mapseg_xl.intake.finding.places import Place, table_place
from mapseg_xl.intake.reading.package import column_letters
from mapseg_xl.intake.reading.sheet_cells import uncalculated_issue
from mapseg_xl.intake.tables import Array, Issue, RawSheet, RawTable, Spot

_ROWS_NAMED = 5
_UNCALCULATED_KIND = "formula_without_value"


def find_table(sheet: RawSheet, *, keep_totals: bool = False) -> RawTable | None:
    """The largest table of a sheet, or None where there is none (no header, or no row below it).

    Title rows, notes, blank and total rows, repeated headers and other tables beside or below are left
    out, each with an issue. Unnamed columns with data are called `Column D`, a second `Revenue` becomes `Revenue (2)`.
    """
    if sheet.headers:
        return _typed_table(sheet)
    if not sheet.columns or len(sheet.columns[0]) < 2:
        return None
    cells = grid(sheet.columns)
    found = table_place(sheet, cells, 0, cells.height)
    if found is None:
        return None
    place, issues = found
    return _table(sheet, cells, place, issues, keep_totals=keep_totals)


def _typed_table(sheet: RawSheet) -> RawTable | None:
    """A table whose file names its columns; rows with nothing in them are left out."""
    height = len(sheet.columns[0]) if sheet.columns else 0
    filled = np.zeros(height, dtype=bool)
    for column in sheet.columns:
        filled |= pd.notna(column)
        if filled.all():
            break
    if not filled.any():
        return None
    letters = tuple(column_letters(sheet.left + i) for i in range(len(sheet.columns)))
    names, issues = unique_names(sheet, list(sheet.headers), letters, sheet.top - 1)
    rows = np.arange(sheet.top, sheet.top + height, dtype=np.int64)
    issues += _row_issue(sheet, rows[~filled], "blank_row", "blank rows", "Left out")
    whole = bool(filled.all())
    columns = sheet.columns if whole else tuple(c[filled] for c in sheet.columns)
    return RawTable(
        sheet.source,
        sheet.sheet,
        names,
        letters,
        sheet.top - 1,
        rows if whole else rows[filled],
        columns,
        sheet.issues + issues,
    )


def _table(
    sheet: RawSheet, cells: Grid, place: Place, issues: tuple[Issue, ...], *, keep_totals: bool
) -> RawTable | None:
    first = place.header_end + 1
    if place.named:
        names, more = names_of(sheet, cells, place)
        out = left_out(cells, place.columns, place.header, first, place.end)
    else:
        names, more = no_names(sheet, place)
        out = left_out(cells, place.columns, first, first, place.end)
        out = replace(out, repeated=np.zeros_like(out.repeated))
    if keep_totals:
        out = replace(out, totals=np.zeros_like(out.totals))
    keep = ~out.any
    if not keep.any():
        return None
    records = np.arange(len(keep)) <= np.flatnonzero(keep)[-1]
    out = replace(out, blank=out.blank & records)
    issues += more + _left_out_issues(sheet, out, first)
    used = [i for i, c in enumerate(place.columns) if names[i] or cells.filled[first:, c].any()]
    letters = tuple(column_letters(sheet.left + place.columns[i]) for i in used)
    headers, more = unique_names(sheet, [names[i] for i in used], letters, place.header + sheet.top)
    columns = _kept(sheet, cells, [place.columns[i] for i in used], first, keep)
    reading = tuple(i for i in sheet.issues if i.kind != _UNCALCULATED_KIND)
    table = RawTable(
        sheet.source,
        sheet.sheet,
        headers,
        letters,
        place.header_end + sheet.top,
        np.flatnonzero(keep).astype(np.int64) + first + sheet.top,
        tuple(columns),
        reading + issues + more,
    )
    return table if len(reading) == len(sheet.issues) else _without_uncalculated(table)


def _without_uncalculated(table: RawTable) -> RawTable:
    """Formulas without a value become empty; an error for each column, which counts where the column is needed."""
    columns, issues = list(table.columns), table.issues
    for i, column in enumerate(columns):
        marked = np.array([v is UNCALCULATED for v in column], dtype=bool)
        if marked.any():
            columns[i] = column.copy()
            columns[i][marked] = None
            first, count = table.cell(i, int(np.argmax(marked))), int(marked.sum())
            issues += (
                uncalculated_issue(
                    table.source, table.sheet, first, table.headers[i], count, "error"
                ),
            )
    return replace(table, columns=tuple(columns), issues=issues)


def _kept(
    sheet: RawSheet, cells: Grid, columns: Sequence[int], first: int, keep: NDArray[np.bool_]
) -> list[Array]:
    """The records' cells; blank text becomes None, everything else stays as it is."""
    kept = []
    for column in columns:
        values = sheet.columns[column][first : first + len(keep)]
        values = values if keep.all() else values[keep]
        if column in cells.spaced:
            values = values.copy()
            values[~cells.filled[first : first + len(keep), column][keep]] = None
        kept.append(values)
    return kept


def _left_out_issues(sheet: RawSheet, out: LeftOut, first: int) -> tuple[Issue, ...]:
    kinds = (
        (out.blank, "blank_row", "blank rows", "Left out"),
        (out.repeated, "repeated_header", "rows that repeat the header", "Left out"),
        (
            out.totals,
            "total_row",
            "total or subtotal rows",
            "Left out. Rename the cell if it is a customer",
        ),
        (out.notes, "note_below", "notes below the table", "Left out"),
    )
    issues: tuple[Issue, ...] = ()
    for mask, kind, what, action in kinds:
        rows = np.flatnonzero(mask).astype(np.int64) + first + sheet.top
        issues += _row_issue(sheet, rows, kind, what, action)
    return issues


def _row_issue(
    sheet: RawSheet, rows: NDArray[np.int64], kind: str, what: str, action: str
) -> tuple[Issue, ...]:
    """One counted warning for rows of a kind, naming the first of them."""
    if not len(rows):
        return ()
    left, right = (column_letters(sheet.left + i) for i in (0, len(sheet.columns) - 1))
    named = ", ".join(str(r) for r in rows[:_ROWS_NAMED])
    rest = f" and {len(rows) - _ROWS_NAMED:,} more" if len(rows) > _ROWS_NAMED else ""
    where = f"{left}{rows[0]}:{right}{rows[0]}"
    text = f"{what}: {'row' if len(rows) == 1 else 'rows'} {named}{rest}"
    spots = tuple(
        Spot(f"{left}{r}:{right}{r}", f"{what}: row {r}") for r in rows[:ISSUES_A_KIND].tolist()
    )
    issue = Issue("warning", sheet.source, sheet.sheet, where, "", text, action, len(rows), kind)
    return (replace(issue, spots=spots),)
