"""The tables of a sheet that has several: side by side, or one below the other. What they are is told elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mapseg_xl.intake.finding.header import find_table
from mapseg_xl.intake.finding.places import SECOND_TABLE
from mapseg_xl.intake.reading.package import column_number
from mapseg_xl.intake.tables import Issue, RawSheet, RawTable

FEWEST_COLUMNS = 2
FEWEST_ROWS = 2
MOST_TABLES = 12


def find_tables(
    sheet: RawSheet, counts: Callable[[RawTable], bool], *, keep_totals: bool = False
) -> tuple[RawTable, ...]:
    """The tables of a sheet, the largest first; none where there is none.

    A block beside or below the largest is a table where it has a row of names of its own, two columns and two rows, and
    where it `counts`: the caller can tell what it is. The largest keeps the notes about all other blocks.
    """
    found = find_table(sheet, keep_totals=keep_totals)
    if found is None or sheet.headers:
        return () if found is None else (found,)
    tables = [found]
    waiting = [(0, issue) for issue in _blocks(found)]
    while waiting and len(tables) < MOST_TABLES:
        owner, issue = waiting.pop(0)
        other = find_table(_part(sheet, issue.cell), keep_totals=keep_totals)
        if other is None or not (_is_table(other) and counts(other)):
            continue
        tables[owner] = _without(tables[owner], issue)
        tables.append(replace(other, issues=_own(other, sheet)))
        waiting += [(len(tables) - 1, more) for more in _blocks(other)]
    return tuple(tables)


def _blocks(table: RawTable) -> list[Issue]:
    return [i for i in table.issues if i.kind == SECOND_TABLE]


def _without(table: RawTable, issue: Issue) -> RawTable:
    return replace(table, issues=tuple(i for i in table.issues if i is not issue))


def _own(table: RawTable, sheet: RawSheet) -> tuple[Issue, ...]:
    """Issues of the block alone: those of the whole sheet stay with its largest table."""
    shared = {id(i) for i in sheet.issues}
    return tuple(i for i in table.issues if id(i) not in shared)


def _is_table(table: RawTable) -> bool:
    named = sum(
        h != f"Column {letter}" for h, letter in zip(table.headers, table.letters, strict=True)
    )
    return named >= FEWEST_COLUMNS and len(table.rows) >= FEWEST_ROWS


def _part(sheet: RawSheet, area: str) -> RawSheet:
    """The cells of an area such as `H3:K90` as a sheet of their own."""
    first, last = area.split(":")
    left, top = _place(first)
    right, bottom = _place(last)
    rows = slice(top - sheet.top, bottom - sheet.top + 1)
    columns = sheet.columns[left - sheet.left : right - sheet.left + 1]
    return replace(
        sheet, columns=tuple(np.ascontiguousarray(c[rows]) for c in columns), top=top, left=left
    )


def _place(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    return column_number(letters), int(cell[len(letters) :])
