"""Which customer a row is: ids, and the rows left out because their id was there already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.columns.key_columns import comparable
from mapseg_xl.intake.columns.role_values import typed_ids
from mapseg_xl.intake.columns.roles import RoleMap
from mapseg_xl.intake.health import blank_issue, each_record
from mapseg_xl.intake.tables import Array, Issue, RawTable
from mapseg_xl.repairs import COPIES, REPEATED_IDS

_NAMING = ("email", "company", "domain")
"""Roles that name a customer where no column of ids does."""
LEAST_UNIQUE_IDS = 0.5
"""A guessed id column in which fewer of the values differ names something else than customers."""


def identified(
    table: RawTable, found: RoleMap, said: bool
) -> tuple[Array, RawTable, RoleMap, tuple[Issue, ...]]:
    """Ids, and the table without rows that repeat one. Sheet rows where no column names the customers."""
    index = found.columns.get("customer_id")
    if index is None:
        table, twice = _without_copies(table, found)
        return _row_numbers(table), table, found, twice
    typed = typed_ids(table, index)
    ids, empty = typed.values, typed.values == ""
    cells = table.columns[index]  # numbers are told apart faster than their texts
    repeated = (
        pd.Series(cells if cells.dtype.kind in "iu" else ids).duplicated().to_numpy() & ~empty
    )
    if not said and repeated.sum() > (1 - LEAST_UNIQUE_IDS) * len(ids):
        return (
            _row_numbers(table),
            table,
            _without_id(found, index),
            (_repeating(table, index, ids),),
        )
    issues = typed.issues
    if empty.any():
        ids = ids.copy()
        ids[empty] = [f"row {r}" for r in table.rows[empty].tolist()]
        issues += (_unnamed(table, index, empty),)
    if repeated.any():
        issues += _duplicates(table, ids, repeated)
    if repeated.any() and REPEATED_IDS not in table.wishes.repairs_off:
        table, ids = _rows_of(table, ~repeated), ids[~repeated]
    return ids, table, found, issues


def _without_copies(table: RawTable, found: RoleMap) -> tuple[RawTable, tuple[Issue, ...]]:
    """Without rows that say the same as an earlier one in every cell, where a column names whose row it is."""
    named = next((found.columns[r] for r in _NAMING if r in found.columns), None)
    if named is None or COPIES in table.wishes.repairs_off:
        return table, ()
    names = comparable(table, named)
    suspects = np.flatnonzero(pd.Series(names).duplicated(keep=False).to_numpy() & (names != ""))
    if not len(suspects):
        return table, ()
    cells = pd.DataFrame(
        {
            i: [" ".join(str(v).split()).casefold() for v in column[suspects].tolist()]
            for i, column in enumerate(table.columns)
        }
    )
    copies = suspects[cells.duplicated().to_numpy()]
    if not len(copies):
        return table, ()
    firsts = {
        v: int(table.rows[r])
        for v, r in zip(names[::-1], range(len(names) - 1, -1, -1), strict=True)
    }
    issue = blank_issue(table, -1, "warning", "copied_row", "Left out; the first of them is used")
    issues = each_record(
        table,
        -1,
        copies,
        issue,
        lambda r: (
            f"the same in every cell as an earlier row of '{table.columns[named][r]}', first in row {firsts[names[r]]}"
        ),
    )
    kept = np.ones(len(table.rows), dtype=bool)
    kept[copies] = False
    return _rows_of(table, kept), issues


def _row_numbers(table: RawTable) -> Array:
    return table.rows.astype(f"U{len(str(table.rows.max()))}").astype(object)


def _without_id(found: RoleMap, index: int) -> RoleMap:
    columns = {r: i for r, i in found.columns.items() if r != "customer_id"}
    guesses = list(found.guesses)
    guesses[index] = replace(
        guesses[index], role="ignored", sure=False, why="repeats too often to name a customer a row"
    )
    return replace(found, columns=columns, guesses=tuple(guesses))


def _repeating(table: RawTable, index: int, ids: Array) -> Issue:
    different = len(set(ids.tolist()))
    header = table.headers[index]
    return blank_issue(
        table,
        index,
        "warning",
        "repeating_id",
        f"Taken as one customer a row. If '{header}' names the customer, say --map customer_id={header}",
        f"only {different:,} different ids in {len(ids):,} rows",
    )


def _unnamed(table: RawTable, index: int, empty: NDArray[np.bool_]) -> Issue:
    issue = blank_issue(table, index, "note", "no_id", "Kept: a row without an id repeats nobody")
    first = int(np.argmax(empty))
    count = int(empty.sum())
    return replace(issue, cell=table.cell(index, first), issue="rows without an id", count=count)


def _duplicates(table: RawTable, ids: Array, repeated: NDArray[np.bool_]) -> tuple[Issue, ...]:
    records = np.flatnonzero(repeated)
    wanted = set(ids[records].tolist())
    first_row: dict[str, int] = {}
    for record in np.flatnonzero(pd.Series(ids).isin(wanted).to_numpy()).tolist():
        first_row.setdefault(ids[record], int(table.rows[record]))
    off = REPEATED_IDS in table.wishes.repairs_off
    action = (
        "Kept: this repair is switched off" if off else "Left out; the first row of the id is used"
    )
    issue = blank_issue(table, -1, "warning", "duplicate_id", action)
    return each_record(
        table, -1, records, issue, lambda r: f"id '{ids[r]}' is in row {first_row[ids[r]]} already"
    )


def _rows_of(table: RawTable, mask: NDArray[np.bool_]) -> RawTable:
    columns = tuple(column[mask] for column in table.columns)
    return replace(table, rows=table.rows[mask], columns=columns)
