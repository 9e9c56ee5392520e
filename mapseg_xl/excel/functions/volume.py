"""Counting: how many there are of each segment, two columns crossed, and customers by month of start."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.analyze.cohorts import CohortCell, find_cohorts
from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.answering.bases import MOST_SEGMENTS, Base, bound, segment_column
from mapseg_xl.excel.answering.figures import shown
from mapseg_xl.excel.arguments.cells import is_given, one_cell, one_day
from mapseg_xl.excel.arguments.columns import LABEL, Asked, read_columns
from mapseg_xl.excel.cell_function import Column, Day, Scalar, Spilled, Text, cell_function
from mapseg_xl.intake.describing.categories import by_size

Floats = NDArray[np.float64]
TOTAL = "Total"
HOWS = ("count", "share", "row share", "column share", "sum", "average")


def seg_volume(segment: Column) -> Spilled:
    """How many rows each segment has and its share of all of them, largest first; empty cells last.

    Parameters
    ----------
    segment
        The column to count, one value a row, e.g. Customers[Industry].
    """
    values, codes = by_size(read_columns((segment_column(segment),)).labels["segment"])
    counts = np.bincount(codes, minlength=len(values)).tolist()
    total = sum(counts)
    lines = [[v, n, n / total] for v, n in zip(values, counts, strict=True)]
    return [["segment", "n", "share"], *lines]


def seg_pivot(rows: Column, columns: Column, values: Column = None, how: Text = None) -> Spilled:
    """Two columns crossed, with totals: counts, shares, or the sum or average of a third column.

    Parameters
    ----------
    rows
        The column whose values go down, e.g. Customers[Industry].
    columns
        The column whose values go across, e.g. Customers[Country].
    values
        Numbers to sum or average, or yes and no as 1 and 0. Rows without one are left out.
    how
        count, share, row share, column share, sum or average. Left out: average where values are given, else count.
    """
    given = is_given(values)
    what = _how(how, given)
    asked = [Asked("rows", LABEL, rows), Asked("columns", LABEL, columns)]
    if given:
        asked.append(Asked("values", "revenue_total", values))
    found = read_columns(asked)
    down, across = (by_size(found.labels[name]) for name in ("rows", "columns"))
    if max(len(down[0]), len(across[0])) > MOST_SEGMENTS:
        raise BadArguments(f"At most {MOST_SEGMENTS:,} different values can be crossed.")
    amounts = found.roles.get("revenue_total", np.ones(found.n))
    cells = _totalled(down, across, amounts)
    table = _computed(*cells, what)
    head: list[Scalar] = ["", *across[0], TOTAL]
    names = (*down[0], TOTAL)
    return [head, *([n, *map(shown, line)] for n, line in zip(names, table, strict=True))]


def _how(given: Any, has_values: bool) -> str:
    value = one_cell(given, "how")
    if value is None:
        return "average" if has_values else "count"
    how = " ".join(str(value).casefold().split())
    if how not in HOWS:
        raise BadArguments(f"how is '{value}'; write one of {', '.join(HOWS)}.")
    if how in ("sum", "average") and not has_values:
        raise BadArguments(f"how is {how}, but no column of values is given.")
    return how


def _totalled(down: Any, across: Any, amounts: Floats) -> tuple[Floats, Floats]:
    """Counts and sums of every pair of values, with a row and a column of totals."""
    shape = (len(down[0]), len(across[0]))
    known = np.isfinite(amounts)
    key = (down[1].astype(np.int64) * shape[1] + across[1])[known]
    size = shape[0] * shape[1]
    both = (np.bincount(key, w, size).reshape(shape) for w in (None, amounts[known]))
    n, total = (np.block([[t, t.sum(1, keepdims=True)], [t.sum(0), t.sum()]]) for t in both)
    return n, total


def _computed(n: Floats, total: Floats, how: str) -> list[list[float | None]]:
    """What is asked of counts and sums; a cell with nobody has no average and no share of nothing."""
    below = {
        "share": np.broadcast_to(n[-1, -1], n.shape),
        "row share": np.broadcast_to(n[:, -1:], n.shape),
        "column share": np.broadcast_to(n[-1:, :], n.shape),
        "average": n,
    }.get(how)
    above = n if how in ("count", "share", "row share", "column share") else total
    if how == "sum":
        below = (n > 0).astype(np.float64)  # nobody: no sum either
    if below is None:
        return [[float(v) for v in line] for line in above]
    return [
        [float(a / b) if b else None for a, b in zip(one, other, strict=True)]
        for one, other in zip(above, below, strict=True)
    ]


def seg_cohort(started: Column, ended: Column, as_of: Day = None) -> Spilled:
    """Customers by the month they started: the share still here at the end of each month after it.

    Parameters
    ----------
    started
        When each became a customer: dates.
    ended
        When each left: dates, empty for those still here.
    as_of
        Count up to this day. Left out: the latest date in the columns. A month not yet over stays empty.
    """
    columns = (
        Asked("started", "converted_on", started),
        Asked("ended", "churned_on", ended),
    )
    found = bound(Base(columns, as_of=one_day(as_of, "as_of")))
    cohorts = find_cohorts(found.customers, None, (), found.as_of, found.settings)
    if not cohorts.retention:
        raise NotAvailable(f"There is no cohort: {cohorts.note}.")
    return _triangle(cohorts.retention)


def _triangle(cells: tuple[CohortCell, ...]) -> Spilled:
    ages = max((c.age for c in cells if c.complete), default=0)
    lines: dict[str, list[Scalar]] = {}
    for cell in cells:
        line = lines.setdefault(cell.cohort, [cell.cohort, cell.at_risk, *[""] * (ages + 1)])
        if cell.complete and cell.age <= ages:
            line[2 + cell.age] = shown(cell.value)
    head: list[Scalar] = ["started in", "customers", *(f"month {age}" for age in range(ages + 1))]
    return [head, *lines.values()]


FUNCTIONS = (
    cell_function(seg_volume, "Count", "=SEG_VOLUME(Customers[Industry])"),
    cell_function(
        seg_pivot,
        "Count",
        '=SEG_PIVOT(Customers[Industry], Customers[Country], Customers[MRR], "average")',
    ),
    cell_function(
        seg_cohort, "Stay", "=SEG_COHORT(Customers[Started], Customers[Cancelled], AsOf)"
    ),
)
