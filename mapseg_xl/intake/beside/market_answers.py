"""What the team knows of each segment's market, from a sheet. What follows from it is for `prioritize`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake import clean
from mapseg_xl.intake.columns.classify import Classified
from mapseg_xl.intake.columns.kind_words import MARKET, fields_of
from mapseg_xl.intake.columns.role_values import as_share
from mapseg_xl.intake.health import DONE_WITHOUT, blank_issue, each_record
from mapseg_xl.intake.tables import Array, Issue, MarketLine, RawTable

SCORES = ("competition", "roadmap_fit", "scalable_channel")
HIGHEST_SCORE = 3.0
SCALES = (5.0, 10.0)  # other scales that teams score on, each from 1
FEWEST_OVER, LEAST_OVER = (
    2,
    0.2,
)  # scores over 3 that tell another scale, where no header says `1-5`
_SCALE = re.compile(r"\b1\s*(?:-|–|to|\.\.+|bis)\s*(?:5|10)\b", re.IGNORECASE)
COUNTED_IN = ("accounts", "average_contract_value")
UNITS = {
    **dict.fromkeys(("k", "thousand", "thousands", "000", "000s", "tsd"), 1e3),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions"), 1e6),
}
_UNIT = re.compile(
    r"[(\[]\s*(?:in\s+)?[$€£'’]?\s*(k|thousands?|0{3}s?|tsd|m|mn|mio|millions?)\.?\s*[)\]]"
    r"|\bin (thousands?|millions?|tsd|mio)\b",
    re.IGNORECASE,
)
_NO_SEGMENT = re.compile(
    r"weights?(?:ing)?(?: ?%)?|gewicht(?:ung)?|poids|peso|max(?:imum)?|scale|unit", re.IGNORECASE
)
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
    table = without_weights(told.table)
    fields = fields_of(table, MARKET)
    scale, issues = score_scale(table, [fields[f] for f in SCORES if f in fields])
    names = clean.labels(table, fields["segment"]).values
    columns: dict[str, Array] = {}
    issues += table.issues
    for field in RANGES.keys() & fields.keys():
        columns[field], found = _column(table, fields[field], field, scale)
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


def _column(
    table: RawTable, index: int, field: str, scale: float
) -> tuple[Array, tuple[Issue, ...]]:
    cleaned = clean.numbers(table, index)
    values, issues = cleaned.values, cleaned.issues
    if field in COUNTED_IN:
        values = values * unit_of(table.headers[index])
    if field in SCORES and scale:
        values = (values - 1) * HIGHEST_SCORE / (scale - 1)
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


def score_scale(table: RawTable, columns: Sequence[int]) -> tuple[float, tuple[Issue, ...]]:
    """The end of a scale from 1 that all scores of a sheet are on, 5 or 10; 0 for the one from 0 to 3."""
    values = [clean.numbers(table, c).values for c in columns]
    known = np.concatenate(values) if values else np.empty(0)
    known = known[np.isfinite(known)]
    said = [_SCALE.search(table.headers[c]) for c in columns]
    over = known > HIGHEST_SCORE
    told = any(said) or (over.sum() >= FEWEST_OVER and over.mean() >= LEAST_OVER)
    scale = next((s for s in SCALES if known.max(initial=0.0) <= s), 0.0)
    if not told or not over.any() or not scale or known.min() < 1:
        return 0.0, ()
    text = f"scores go from 1 to {scale:g}, here they go from 0 to {HIGHEST_SCORE:g}"
    action = f"Taken so: 1 as 0, {scale:g} as {HIGHEST_SCORE:g}, those between in proportion"
    return scale, (blank_issue(table, columns[0], "note", "score_scale", action, text),)


def unit_of(header: str) -> float:
    """How many ones a header counts in: `Accounts (k)` in thousands.

    >>> unit_of("Accounts (k)"), unit_of("ACV in thousands"), unit_of("Accounts")
    (1000.0, 1000.0, 1.0)
    """
    found = _UNIT.search(header)
    return 1.0 if found is None else UNITS[(found[1] or found[2]).casefold()]


def without_weights(table: RawTable) -> RawTable:
    """The table without the row of weights and that of a maximum, which are no segments."""
    at = fields_of(table, MARKET).get("segment")
    if at is None:
        return table
    kept = np.array(
        [not (isinstance(v, str) and _NO_SEGMENT.fullmatch(v.strip())) for v in table.columns[at]],
        dtype=bool,
    )
    if kept.all():
        return table
    return replace(table, rows=table.rows[kept], columns=tuple(c[kept] for c in table.columns))


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
