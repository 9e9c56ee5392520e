"""The table of a sheet: its header, its records, and what was left out around them. Cells stay as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.blocks import Grid, column_groups, grid, header_row, is_heading, second_header
from mapseg_xl.intake.cells import shown
from mapseg_xl.intake.leftouts import LeftOut, left_out
from mapseg_xl.intake.package import column_letters
from mapseg_xl.intake.tables import Issue, RawSheet, RawTable

_ROWS_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the table lies in the grid: columns, the header's rows, and the rows of its data. All from 0."""

    columns: tuple[int, ...]
    header: int
    header_end: int
    end: int
    named: bool = True


def find_table(sheet: RawSheet) -> RawTable | None:
    """The largest table of a sheet, or None where there is none (no header, or no row below it).

    Title rows, notes, blank and total rows, repeated headers and other tables beside or below are left
    out, each with an issue. Unnamed columns with data are called `Column D`, a second `Revenue` becomes `Revenue (2)`.
    """
    if sheet.headers:
        return _typed_table(sheet)
    if not sheet.columns or len(sheet.columns[0]) < 2:
        return None
    cells = grid(sheet.columns)
    found = _place(sheet, cells, 0, cells.height)
    if found is None:
        return None
    place, issues = found
    return _table(sheet, cells, place, issues)


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
    names, issues = _unique(sheet, list(sheet.headers), letters, sheet.top - 1)
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


def _place(
    sheet: RawSheet, cells: Grid, start: int, end: int
) -> tuple[_Place, tuple[Issue, ...]] | None:
    """The largest table between two rows, and what stands beside or below it."""
    groups = column_groups(cells.filled[start:end])
    if not groups:
        return None
    main = max(groups, key=lambda g: int(cells.filled[start:end][:, g].sum()))
    header = header_row(cells, main, start, end)
    if header is None:
        return _unnamed_place(cells, main, start, end)
    columns, issues = _joined_groups(sheet, cells, groups, (main, header, start, end))
    below = second_header(cells, columns, header, end)
    if below is not None:
        if end - below > below - header and (other := _place(sheet, cells, below, end)):
            return other[0], (*other[1], _other_block(sheet, columns, header, below - 1))
        issues += (_other_block(sheet, columns, below, end - 1),)
        end = below
    header_end = _second_header_row(cells, columns, header, end)
    return _Place(tuple(columns), header, header_end, end), issues


def _unnamed_place(
    cells: Grid, main: Sequence[int], start: int, end: int
) -> tuple[_Place, tuple[Issue, ...]] | None:
    """Data from the first row on: no row of names was found."""
    rows = np.flatnonzero(cells.filled[start:end][:, main].any(axis=1)) + start
    if len(rows) < 2:
        return None
    first = int(rows[0])
    return _Place(tuple(main), first - 1, first - 1, end, named=False), ()


def _joined_groups(
    sheet: RawSheet,
    cells: Grid,
    groups: list[list[int]],
    found: tuple[list[int], int, int, int],
) -> tuple[list[int], tuple[Issue, ...]]:
    """The main columns with those that belong to them across an empty column; the others are said."""
    main, header, start, end = found
    rows = cells.filled[header:end]
    length = int(np.flatnonzero(rows[:, main].any(axis=1)).max())
    columns: list[int] = []
    issues: tuple[Issue, ...] = ()
    for group in groups:
        known = np.flatnonzero(cells.filled[start:end][:, group].any(axis=1)) + start
        reach = int(known.max()) - header
        below = int(cells.filled[header + 1 : end][:, group].any(axis=1).sum())
        solid = below > 0 and reach == below and reach < length / 2
        belongs = group is main or (
            bool(cells.filled[header, group].any()) and not (solid and len(group) > 1)
        )
        if belongs:
            columns += group
        elif known.max() > header:
            issues += (_other_block(sheet, group, int(known.min()), int(known.max())),)
    return columns, issues


def _other_block(sheet: RawSheet, columns: Sequence[int], first: int, last: int) -> Issue:
    """The note that cells beside or below the table were left out."""
    left, right = (column_letters(sheet.left + c) for c in (columns[0], columns[-1]))
    area = f"{left}{first + sheet.top}:{right}{last + sheet.top}"
    return Issue(
        "note",
        sheet.source,
        sheet.sheet,
        area,
        "",
        f"another block of cells at {area} is not part of the table",
        "Left out. Put it on a sheet of its own to have it read",
        kind="second_table",
    )


def _second_header_row(cells: Grid, columns: Sequence[int], header: int, end: int) -> int:
    """Last row of the header: the next one too where it holds only names, and such that the first one lacks."""
    below = header + 1
    if below >= end - 1:
        return header
    first, second = cells.row(header, columns), cells.row(below, columns)
    known = [s for s in second if s is not None]
    fills = any(a is None and b is not None for a, b in zip(first, second, strict=True))
    partial = len(known) < len(columns) and second[0] is None
    return below if known and fills and partial and all(is_heading(s) for s in known) else header


def _table(
    sheet: RawSheet, cells: Grid, place: _Place, issues: tuple[Issue, ...]
) -> RawTable | None:
    first = place.header_end + 1
    if place.named:
        names, more = _names(sheet, cells, place)
        out = left_out(cells, place.columns, place.header, first, place.end)
    else:
        names, more = _no_names(sheet, place)
        out = left_out(cells, place.columns, first, first, place.end)
        out = replace(out, repeated=np.zeros_like(out.repeated))
    keep = ~out.any
    if not keep.any():
        return None
    issues += more + _left_out_issues(sheet, out, first)
    used = [i for i, c in enumerate(place.columns) if names[i] or cells.filled[first:, c].any()]
    letters = tuple(column_letters(sheet.left + place.columns[i]) for i in used)
    headers, more = _unique(sheet, [names[i] for i in used], letters, place.header + sheet.top)
    table = _kept(sheet, cells, [place.columns[i] for i in used], first, keep)
    return RawTable(
        sheet.source,
        sheet.sheet,
        headers,
        letters,
        place.header_end + sheet.top,
        np.flatnonzero(keep).astype(np.int64) + first + sheet.top,
        table,
        _with_headers(sheet.issues, letters, headers) + issues + more,
    )


def _kept(
    sheet: RawSheet, cells: Grid, columns: Sequence[int], first: int, keep: NDArray[np.bool_]
) -> tuple[Any, ...]:
    """The records' cells; blank text becomes None, everything else stays as it is."""
    kept = []
    for column in columns:
        values = sheet.columns[column][first : first + len(keep)]
        values = values if keep.all() else values[keep]
        blank = ~cells.filled[first : first + len(keep), column][keep] & pd.notna(values)
        if blank.any():
            values = values.copy()
            values[blank] = None
        kept.append(values)
    return tuple(kept)


def _names(sheet: RawSheet, cells: Grid, place: _Place) -> tuple[list[str], tuple[Issue, ...]]:
    """Header texts, "" where there is none; two rows of names become one."""
    names = [_name(v) for v in cells.row(place.header, place.columns)]
    row = place.header + sheet.top
    issues = _titles_issue(sheet, cells, place)
    if place.header_end > place.header:
        below = [_name(v) for v in cells.row(place.header_end, place.columns)]
        names = _under(names, below)
        what = f"the header takes two rows, {row} and {row + 1}"
        issues += (
            _header_issue(sheet, place, "two_row_header", what, "Both were joined into one name"),
        )
    elif place.header > 0:
        above = [_name(v) for v in cells.row(place.header - 1, place.columns)]
        joined = _over(above, names)
        if joined != names:
            what = f"the header takes two rows, {row - 1} and {row}"
            issues += (
                _header_issue(
                    sheet, place, "two_row_header", what, "Both were joined into one name"
                ),
            )
            names = joined
    return names, issues


def _titles_issue(sheet: RawSheet, cells: Grid, place: _Place) -> tuple[Issue, ...]:
    """The note that the header is not in row 1, with what stands above it."""
    row = place.header + sheet.top
    if row == 1:
        return ()
    above = [v for r in range(place.header) for v in cells.row(r, place.columns) if v is not None]
    left = f"; above it: {shown(_name(above[0]))}" if above else ""
    what, action = f"the header was found in row {row}{left}", "Rows above it are no records"
    return (_header_issue(sheet, place, "header_row", what, action),)


def _header_issue(sheet: RawSheet, place: _Place, kind: str, what: str, action: str) -> Issue:
    cell = f"{column_letters(sheet.left + place.columns[0])}{place.header + sheet.top}"
    return Issue("note", sheet.source, sheet.sheet, cell, "", what, action, kind=kind)


def _under(names: list[str], below: list[str]) -> list[str]:
    """Names with the second row's under them: a group's name goes before each of its columns."""
    joined, group = [], ""
    for name, sub in zip(names, below, strict=True):
        group = name or group
        joined.append(f"{group} {sub}".strip() if sub else name)
    return joined


def _over(above: list[str], names: list[str]) -> list[str]:
    """Names with the row above where that tells equal ones apart or names a column that has none."""
    if sum(map(bool, above)) < 2:
        return names
    often = Counter(n for n in names if n)
    joined, group = [], ""
    for upper, name in zip(above, names, strict=True):
        group = upper or group
        joined.append(
            f"{group} {name}".strip() if (not name and upper) or often[name] > 1 else name
        )
    return joined


def _name(value: Any) -> str:
    """A header cell as text: outer spaces go, a year loses its `.0`, a date is ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.15g}" if isinstance(value, float) else str(value).strip()


def _no_names(sheet: RawSheet, place: _Place) -> tuple[list[str], tuple[Issue, ...]]:
    row = place.header + 1 + sheet.top
    issue = Issue(
        "error",
        sheet.source,
        sheet.sheet,
        f"{column_letters(sheet.left + place.columns[0])}{row}",
        "",
        f"no row of column names was found, row {row} already looks like data",
        "Put the column names in the row above the data",
        kind="no_header",
    )
    return [""] * len(place.columns), (issue,)


def _unique(
    sheet: RawSheet, names: list[str], letters: Sequence[str], row: int
) -> tuple[tuple[str, ...], tuple[Issue, ...]]:
    """Every column with a name of its own."""
    headers: list[str] = []
    seen: set[str] = set()
    issues: tuple[Issue, ...] = ()
    for name, letter in zip(names, letters, strict=True):
        header = name or f"Column {letter}"
        if not name and any(names):
            what = f"column {letter} has data but no name"
            issues += (
                _name_issue(sheet, f"{letter}{row}", header, ("note", "unnamed_column"), what),
            )
        number = 2
        unique = header
        while _compared(unique) in seen:
            unique, number = f"{header} ({number})", number + 1
        if unique != header:
            what = f"another column is called '{header}' too"
            issues += (
                _name_issue(sheet, f"{letter}{row}", unique, ("warning", "duplicate_header"), what),
            )
        seen.add(_compared(unique))
        headers.append(unique)
    return tuple(headers), issues


def _compared(header: str) -> str:
    return " ".join(header.casefold().split())


def _name_issue(
    sheet: RawSheet, cell: str, header: str, severity_kind: tuple[str, str], what: str
) -> Issue:
    severity, kind = severity_kind
    action = f"Called '{header}'. Give the column a name of its own"
    return Issue(severity, sheet.source, sheet.sheet, cell, header, what, action, kind=kind)


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
    return (Issue("warning", sheet.source, sheet.sheet, where, "", text, action, len(rows), kind),)


def _with_headers(
    issues: tuple[Issue, ...], letters: Sequence[str], headers: Sequence[str]
) -> tuple[Issue, ...]:
    """Issues found while reading, now with the header of the column they are about."""
    known = dict(zip(letters, headers, strict=True))
    about_columns = ("formula_without_value",)
    return tuple(
        replace(i, column=known.get(i.cell.rstrip("0123456789"), ""))
        if i.kind in about_columns
        else i
        for i in issues
    )
