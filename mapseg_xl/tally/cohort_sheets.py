"""What a team's cohort tables tell of customers' stay: closed cells, lifetimes, curves, several segments as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from mapseg_xl.intake.tables import CohortRow, CohortTable
from mapseg_xl.tally.tally import Counts, Floats, Lifetimes, SharesHere

RETAINED, SHARES = "retained", "shares"
_MONTH = re.compile(r"(\d{4})-(\d\d)")


def closed_on(table: CohortTable, as_of: date | None) -> CohortTable:
    """The table without cells of months that are not over on the day.

    As it stands without a day, or where cohorts are no months.
    """
    if as_of is None:
        return table
    month = (as_of + timedelta(days=1)).year * 12 + (as_of + timedelta(days=1)).month - 1
    rows = tuple(_closed_row(row, table, month) for row in table.rows)
    return replace(table, rows=rows)


def _closed_row(row: CohortRow, table: CohortTable, month: int) -> CohortRow:
    """`month`: the first that is not over, counted from the year 0."""
    found = _MONTH.fullmatch(row.cohort)
    if found is None:
        return row
    start = int(found[1]) * 12 + int(found[2]) - 1
    cells = (
        cell if start + age < month else None
        for age, cell in zip(table.ages, row.cells, strict=True)
    )
    return replace(row, cells=tuple(cells))


def lifetimes_of(table: CohortTable) -> Lifetimes | None:
    """Months until customers of a cohort table left, or were last seen: the actuarial chain is its Kaplan-Meier curve.

    Who was there at one age and not at the next left by then; who was there at the last closed age is still a
    customer. A cohort without a closed age says nothing, and its customers are counted as left out.
    """
    if table.kind != RETAINED:
        return None
    events, censored = np.zeros(len(table.times), np.int64), np.zeros(len(table.times), np.int64)
    left_out = 0
    for row in table.rows:
        here = [c for c in row.cells if c is not None]
        if row.size is None or not here:
            left_out += round(row.size or 0.0)
            continue
        before = round(row.size)
        for at, cell in enumerate(here):
            events[at] += before - round(cell)
            before = round(cell)
        censored[len(here) - 1] += before
    seen = (events > 0) | (censored > 0)
    if not seen.any():
        return None
    return Lifetimes(
        Counts(np.array(table.times)[seen], events[seen], censored[seen]), None, left_out
    )


def of_all(tables: Sequence[CohortTable]) -> tuple[CohortTable, ...]:
    """The tables of the whole base; where there is none, those of all segments of one attribute added up."""
    found = tuple(t for t in tables if not t.attribute)
    if found or not tables:
        return found
    kinds = dict.fromkeys((t.kind, t.attribute) for t in tables if t.kind != SHARES)
    parts = [[t for t in tables if (t.kind, t.attribute) == kind] for kind in kinds]
    return tuple(_summed(p) for p in parts if len({t.times for t in p}) == 1)


def _summed(tables: Sequence[CohortTable]) -> CohortTable:
    """Cohorts of several segments as cohorts of all of them; an age that is open for one is open."""
    by_name: dict[str, list[CohortRow]] = {}
    for table in tables:
        for row in table.rows:
            by_name.setdefault(row.cohort, []).append(row)
    rows = tuple(
        CohortRow(
            name,
            sum(row.size or 0.0 for row in same),
            tuple(_total(cells) for cells in zip(*(row.cells for row in same), strict=True)),
        )
        for name, same in by_name.items()
    )
    return replace(tables[0], rows=rows, attribute="", segment="")


def _total(cells: Sequence[float | None]) -> float | None:
    known = [c for c in cells if c is not None]
    return sum(known) if len(known) == len(cells) else None


def shares_of(table: CohortTable) -> SharesHere | None:
    """The curve of a table of shares whose sizes nobody wrote down: every cohort counts the same."""
    if table.kind != SHARES:
        return None
    cells = np.array([[np.nan if c is None else c for c in row.cells] for row in table.rows])
    before = np.column_stack([np.ones(len(cells)), cells[:, :-1]])
    both = ~np.isnan(cells) & ~np.isnan(before)
    above, below = (np.where(both, side, 0.0).sum(axis=0) for side in (cells, before))
    known = int(np.cumprod(below > 0).sum())
    return SharesHere(np.array(table.times[:known]), np.cumprod(above[:known] / below[:known]))


def together(parts: Sequence[Lifetimes | None]) -> Lifetimes | None:
    """The lifetimes of all parts together."""
    known = [p for p in parts if p is not None]
    if not known:
        return None
    times: Floats = np.unique(np.concatenate([p.months.times for p in known]))
    events, censored = np.zeros(len(times), np.int64), np.zeros(len(times), np.int64)
    for p in known:
        at = np.searchsorted(times, p.months.times)
        events[at] += p.months.events
        censored[at] += p.months.censored
    return Lifetimes(Counts(times, events, censored), None, sum(p.left_out for p in known))
