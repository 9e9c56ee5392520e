"""What the team knows of each segment's market, from a sheet. What follows from it is for `prioritize`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake import clean
from mapseg_xl.intake.classify import Classified
from mapseg_xl.intake.health import DONE_WITHOUT, blank_issue, each_record
from mapseg_xl.intake.kind_words import MARKET, fields_of
from mapseg_xl.intake.role_values import as_share
from mapseg_xl.intake.tables import Array, Issue, MarketLine, RawTable

SHARES = ("reachable", "winnable", "growth")
RANGES = {
    "accounts": (0.0, np.inf, "0 or more"),
    "reachable": (0.0, 1.0, "a share from 0 to 1, or 0% to 100%"),
    "winnable": (0.0, 1.0, "a share from 0 to 1, or 0% to 100%"),
    "average_contract_value": (0.0, np.inf, "0 or more"),
    "growth": (-1.0, 10.0, "a year's growth, such as 5% or -2%"),
    "competition": (0.0, 3.0, "a score from 0 to 3"),
    "roadmap_fit": (0.0, 3.0, "a score from 0 to 3"),
    "scalable_channel": (0.0, 3.0, "a score from 0 to 3"),
}


def read_market(told: Classified) -> tuple[tuple[MarketLine, ...], tuple[Issue, ...]]:
    """A line a segment; cells out of range are left out, and the second line of a segment."""
    table = told.table
    fields = fields_of(table, MARKET)
    names = clean.labels(table, fields["segment"]).values
    columns: dict[str, Array] = {}
    issues = table.issues
    for field in RANGES.keys() & fields.keys():
        columns[field], found = _column(table, fields[field], field)
        issues += found
    said_by = (
        clean.labels(table, fields["said_by"]).values
        if "said_by" in fields
        else np.full(len(names), table.sheet, dtype=object)
    )
    keep, again = _first_of_each(table, fields["segment"], names)
    lines = tuple(
        MarketLine(
            segment=names[i],
            said_by=str(said_by[i]) or table.sheet,
            **{f: None if np.isnan(c[i]) else float(c[i]) for f, c in columns.items()},
        )
        for i in keep.tolist()
    )
    return lines, (*issues, *again)


def _column(table: RawTable, index: int, field: str) -> tuple[Array, tuple[Issue, ...]]:
    cleaned = clean.numbers(table, index)
    values, issues = cleaned.values, cleaned.issues
    if field in SHARES:
        values, more = as_share(table, index, values)
        issues += more
    low, high, words = RANGES[field]
    wrong = np.flatnonzero((values < low) | (values > high))
    issue = blank_issue(
        table,
        index,
        "warning",
        "market_out_of_range",
        f"{DONE_WITHOUT}, as if empty. Write {words}",
    )
    issues += each_record(table, index, wrong, issue, lambda r: f"not {words}: {values[r]:.15g}")
    return np.where((values < low) | (values > high), np.nan, values), issues


def _first_of_each(
    table: RawTable, index: int, names: Array
) -> tuple[NDArray[np.intp], tuple[Issue, ...]]:
    seen: dict[str, int] = {}
    again = []
    for i, name in enumerate(names.tolist()):
        if name and seen.setdefault(name.casefold(), i) != i:
            again.append(i)
    issue = blank_issue(
        table,
        index,
        "warning",
        "segment_twice",
        f"{DONE_WITHOUT}; the first line of a segment counts",
    )
    issues = each_record(
        table,
        index,
        np.array(again, dtype=np.intp),
        issue,
        lambda r: f"'{names[r]}' has a line in row {table.rows[seen[names[r].casefold()]]} already",
    )
    return np.array(list(seen.values()), dtype=np.intp), issues
