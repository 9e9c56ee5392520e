"""Which block of a sheet is its table: columns, header rows, data rows, and what stands beside or below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mapseg_xl.intake.columns.role_words import ROLES, header_key
from mapseg_xl.intake.finding.blocks import (
    Grid,
    column_groups,
    header_row,
    is_heading,
    second_header,
)
from mapseg_xl.intake.reading.package import column_letters
from mapseg_xl.intake.tables import Issue, RawSheet

SECOND_TABLE = "second_table"
"""Kind of the issue about a block of cells that is not part of the table."""
_NAMING = frozenset(k for role in ("customer_id", "email", "company") for k in ROLES[role].synonyms)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the table lies in the grid: columns, the header's rows, and the rows of its data. All from 0."""

    columns: tuple[int, ...]
    header: int
    header_end: int
    end: int
    named: bool = True


def table_place(
    sheet: RawSheet, cells: Grid, start: int, end: int
) -> tuple[Place, tuple[Issue, ...]] | None:
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
        if end - below > below - header and (other := table_place(sheet, cells, below, end)):
            return other[0], (*other[1], _other_block(sheet, columns, header, below - 1))
        issues += (_other_block(sheet, columns, below, end - 1),)
        end = below
    header_end = _second_header_row(cells, columns, header, end)
    return Place(tuple(columns), header, header_end, end), issues


def _unnamed_place(
    cells: Grid, main: Sequence[int], start: int, end: int
) -> tuple[Place, tuple[Issue, ...]] | None:
    """Data from the first row on: no row of names was found."""
    rows = np.flatnonzero(cells.filled[start:end][:, main].any(axis=1)) + start
    if len(rows) < 2:
        return None
    first = int(rows[0])
    return Place(tuple(main), first - 1, first - 1, end, named=False), ()


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
        solid = below > 0 and reach == below and len(group) > 1
        apart = solid and (
            reach < length / 2 or (reach != length and _names_rows(cells, group, header))
        )
        belongs = group is main or (bool(cells.filled[header, group].any()) and not apart)
        if belongs:
            columns += group
        elif known.max() > header:
            issues += (_other_block(sheet, group, int(known.min()), int(known.max())),)
    return columns, issues


def _names_rows(cells: Grid, columns: Sequence[int], header: int) -> bool:
    """Whether one of the columns is called by what names customers: a table of its own has one."""
    return any(isinstance(v, str) and header_key(v) in _NAMING for v in cells.row(header, columns))


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
        kind=SECOND_TABLE,
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
