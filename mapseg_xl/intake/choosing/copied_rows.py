"""Rows of a joined table that are there twice, cell by cell: pasted or exported again. Left out, each named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from mapseg_xl.intake.cleaning.cells import is_empty_word
from mapseg_xl.intake.columns.classify import Classified, Kind, customer_key, order_column
from mapseg_xl.intake.columns.profiles import shown
from mapseg_xl.intake.health import blank_issue, each_record
from mapseg_xl.intake.tables import Array, Issue, RawTable
from mapseg_xl.repairs import COPIES

_FEWEST_COLUMNS = 3  # two that agree in name and amount may be two purchases


def without_copied_rows(told: Classified) -> Classified:
    """The table without rows equal to an earlier one of the same customer, or of the same order, in every cell.

    Orders without a number of their own are never copies: somebody may buy the same twice a day.
    """
    table = told.table
    naming = _naming(told)
    if naming is None or len(table.headers) < _FEWEST_COLUMNS or COPIES in table.wishes.repairs_off:
        return told
    names = pd.Series(table.columns[naming])
    suspects = np.flatnonzero((names.notna() & names.duplicated(keep=False)).to_numpy())
    if not len(suspects):
        return told
    lines = list(zip(*(_texts(column[suspects]) for column in table.columns), strict=True))
    first: dict[tuple[str, ...], int] = {}
    earlier = {
        record: row
        for record, line in zip(suspects.tolist(), lines, strict=True)
        if (row := first.setdefault(line, int(table.rows[record]))) != table.rows[record]
    }
    copies = np.array(list(earlier), dtype=np.intp)
    if not len(copies):
        return told
    issue = blank_issue(table, -1, "warning", "copied_row", "Left out; the first of them is used")
    issues = each_record(
        table, -1, copies, issue, lambda r: f"the same in every cell as row {earlier[r]}"
    )
    return replace(told, table=_kept(table, copies, issues))


def _naming(told: Classified) -> int | None:
    """The column by which two equal rows are one: the order's number, or the customer's key."""
    if told.kind is Kind.TRANSACTIONS:
        return order_column(told.table)
    if told.kind is not Kind.CUSTOMERS:
        return None
    key = customer_key(told.table, told.found, told.keys)
    return None if key is None else key.index


def _texts(column: Array) -> list[str]:
    return [_text(v) for v in column.tolist()]


def _text(value: object) -> str:
    text = "" if value is None else " ".join(shown(value).split()).casefold()
    return "" if is_empty_word(text) else text


def _kept(table: RawTable, copies: Array, issues: tuple[Issue, ...]) -> RawTable:
    keep = np.ones(len(table.rows), dtype=bool)
    keep[copies] = False
    return replace(
        table,
        rows=table.rows[keep],
        columns=tuple(c[keep] for c in table.columns),
        issues=(*table.issues, *issues),
    )
