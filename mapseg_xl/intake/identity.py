"""Which customer a row is: ids, and the rows left out because their id was there already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.health import blank_issue, each_record
from mapseg_xl.intake.role_values import typed_ids
from mapseg_xl.intake.roles import RoleMap
from mapseg_xl.intake.tables import Array, Issue, RawTable

LEAST_UNIQUE_IDS = 0.5
"""A guessed id column in which fewer of the values differ names something else than customers."""


def identified(
    table: RawTable, found: RoleMap, said: bool
) -> tuple[Array, RawTable, RoleMap, tuple[Issue, ...]]:
    """Ids, and the table without rows that repeat one. Sheet rows where no column names the customers."""
    index = found.columns.get("customer_id")
    if index is None:
        return _row_numbers(table), table, found, ()
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
        table, ids = _rows_of(table, ~repeated), ids[~repeated]
    return ids, table, found, issues


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
    issue = blank_issue(
        table, -1, "warning", "duplicate_id", "Left out; the first row of the id is used"
    )
    return each_record(
        table, -1, records, issue, lambda r: f"id '{ids[r]}' is in row {first_row[ids[r]]} already"
    )


def _rows_of(table: RawTable, mask: NDArray[np.bool_]) -> RawTable:
    columns = tuple(column[mask] for column in table.columns)
    return replace(table, rows=table.rows[mask], columns=columns)
