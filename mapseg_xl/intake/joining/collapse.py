"""A table that should have one row a customer, where some have several: their rows made one, money added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake import clean
from mapseg_xl.intake.columns.roles import RoleMap
from mapseg_xl.intake.health import blank_issue
from mapseg_xl.intake.tables import Array, Issue, RawTable, objects

SUMMED = ("revenue_total", "order_count")
STARTS = ("created_on", "trial_on", "converted_on")
_ROWS_NAMED = 5

Codes = NDArray[np.intp]


def collapsed(
    table: RawTable, found: RoleMap, codes: Codes, day_first: bool | None
) -> tuple[RawTable, RoleMap, tuple[Issue, ...]]:
    """One record a key. `codes`: the key of each record, -1 where it has none (those stay as they are).

    Totals are added up, money a month over the rows that have not ended (else over the last that did). Starts are the
    earliest, an end is the latest and none where a row has none. All else is the latest row's, where it is filled.
    """
    counts = np.bincount(codes[codes >= 0], minlength=int(codes.max(initial=-1)) + 1)
    several = (codes >= 0) & (counts[codes] > 1)
    if not several.any():
        return table, found, ()
    records = np.flatnonzero(several)
    rows = _Rows(table, found.columns, records, codes[records], day_first)
    columns = []
    for i in range(len(table.headers)):
        column = table.columns[i].astype(object)
        column[rows.kept] = rows.cells(i)
        columns.append(column)
    keep = ~several
    keep[rows.kept] = True
    one = replace(table, rows=table.rows[keep], columns=tuple(c[keep] for c in columns))
    return one, found, (*rows.issues(), _said(table, records, len(rows.kept)))


class _Rows:
    """The records of customers that have several, the latest of each customer last."""

    def __init__(
        self,
        table: RawTable,
        columns: Mapping[str, int],
        records: Codes,
        codes: Codes,
        day_first: bool | None,
    ) -> None:
        self.table = table
        self.roles = {i: role for role, i in columns.items()}
        self.day_first = day_first
        dated = [columns[r] for r in ("converted_on", "created_on") if r in columns]
        days = self._days(dated[0])[records] if dated else np.zeros(len(records), "M8[D]")
        order = np.lexsort(
            (records, np.where(np.isnat(days), np.datetime64("0001-01-01"), days), codes)
        )
        self.records, self.codes = records[order], codes[order]
        self.last = np.append(self.codes[1:] != self.codes[:-1], True)
        self.kept = self.records[self.last]
        self.counts = self._counts(columns)

    def cells(self, index: int) -> Array:
        """One cell a customer, in the order of `kept`."""
        role = self.roles.get(index, "")
        if role in SUMMED:
            return self._sum(index, np.ones(len(self.records), bool))
        if role == "revenue_monthly":
            return self._sum(index, self.counts)
        if role in STARTS or role == "churned_on":
            return self._extreme(index, latest=role == "churned_on")
        held = pd.Series(self.table.columns[index].astype(object)[self.records])
        held[held.map(lambda v: isinstance(v, str) and not v.strip())] = None
        last = held.groupby(self.codes, sort=False).last()
        return objects([None if pd.isna(v) else v for v in last.tolist()])

    def issues(self) -> tuple[Issue, ...]:
        """What is odd in the cells that were added up or compared: the one row made of them no longer shows it."""
        own = replace(
            self.table,
            rows=self.table.rows[np.sort(self.records)],
            columns=tuple(c[np.sort(self.records)] for c in self.table.columns),
        )
        found: tuple[Issue, ...] = ()
        for index, role in self.roles.items():
            if role in SUMMED or role == "revenue_monthly":
                found += clean.numbers(own, index).issues
            elif role in STARTS or role == "churned_on":
                found += clean.dates(own, index, day_first=self.day_first).issues
        return tuple(i for i in found if i.severity != "error")

    def _days(self, index: int) -> Array:
        return clean.dates(self.table, index, day_first=self.day_first).values

    def _counts(self, columns: Mapping[str, int]) -> NDArray[np.bool_]:
        """Rows that still run, else the one of each customer that ended last; all of them where no row can end."""
        if "churned_on" not in columns:
            return np.ones(len(self.records), dtype=bool)
        ends = self._days(columns["churned_on"])[self.records]
        groups = pd.Series(np.where(np.isnat(ends), np.iinfo(np.int64).max, ends.astype(np.int64)))
        latest = groups.groupby(self.codes, sort=False).transform("max")
        same = (groups == latest).to_numpy()
        return np.asarray(same, dtype=bool)

    def _sum(self, index: int, counts: NDArray[np.bool_]) -> Array:
        numbers = clean.numbers(self.table, index).values[self.records]
        held = pd.Series(np.where(counts, numbers, np.nan))
        total = held.groupby(self.codes, sort=False).sum(min_count=1)
        return objects([None if v != v else v for v in total.tolist()])

    def _extreme(self, index: int, *, latest: bool) -> Array:
        days = pd.Series(self._days(index)[self.records].astype("M8[s]"))
        groups = days.groupby(self.codes, sort=False)
        if not latest:
            found = groups.min()
        else:
            ended = days.notna().groupby(self.codes, sort=False).all()
            found = groups.max().where(ended)
        return objects([None if pd.isna(v) else v.date() for v in found.tolist()])


def _said(table: RawTable, records: Codes, customers: int) -> Issue:
    named = ", ".join(str(r) for r in table.rows[records[:_ROWS_NAMED]].tolist())
    rest = f" and {len(records) - _ROWS_NAMED:,} more" if len(records) > _ROWS_NAMED else ""
    issue = blank_issue(
        table,
        -1,
        "warning",
        "several_rows",
        "Money added up, other cells from the latest row that has them. Delete rows that are there twice by mistake",
        f"{customers:,} customers have several rows: {named}{rest}",
    )
    row = int(table.rows[records[0]])
    cell = f"{table.letters[0]}{row}:{table.letters[-1]}{row}"
    return replace(issue, cell=cell, count=len(records) - customers)
