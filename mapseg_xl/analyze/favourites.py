"""Segments people believe in that the data cannot confirm: how many more it takes, and whether waiting pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.analyze.verdicts import meaningful
from mapseg_xl.intake.tables import Customers
from mapseg_xl.measure.segments import MY_SEGMENTS
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.settings import Settings
from mapseg_xl.stats.sample_size import units_needed
from mapseg_xl.tally.calendar import days_between
from mapseg_xl.tally.rows import Mask, Rows, entered_on

LEADING = ("conversion", "win_rate", "repeat_rate", "monthly_churn", "arpu")
DAYS_A_YEAR = 365.25
_SHARES = ("conversion", "win_rate", "repeat_rate")


@dataclass(frozen=True, slots=True)
class Favourite:
    """One's own segment on the leading metric, where it cannot be told apart from everyone else.

    `needed`: units in all that would settle it, None if it cannot be settled so. `per_year`: units that came in
    the last year of the data, None without dates. `years`: how long the missing ones take at that pace.
    """

    segment_id: str
    segment: str
    suggested_by: str
    metric: str
    n: float
    events: float | None
    value: float
    low: float | None
    high: float | None
    needed: int | None
    per_year: int | None
    years: float | None


def find_favourites(
    candidates: Sequence[Candidate],
    lines: Mapping[tuple[str, str], PerformanceRow],
    customers: Customers,
    rows: Rows,
    settings: Settings,
) -> tuple[Favourite, ...]:
    """Every own segment of which nothing leading is clear, on the first leading metric this data gives."""
    found = []
    for candidate in candidates:
        known = _leading(candidate, lines)
        open_yet = known and not any(row.verdict in ("better", "worse") for row in known)
        if candidate.segmentation == MY_SEGMENTS and open_yet and known[0].verdict == "cant_tell":
            found.append(_favourite(candidate, known[0], customers, rows, settings))
    return tuple(found)


def _leading(
    candidate: Candidate, lines: Mapping[tuple[str, str], PerformanceRow]
) -> list[PerformanceRow]:
    """The leading metrics that have a value for the segment."""
    rows = (lines.get((candidate.segment_id, name)) for name in LEADING)
    return [row for row in rows if row is not None and row.value is not None]


def _favourite(
    candidate: Candidate, row: PerformanceRow, customers: Customers, rows: Rows, settings: Settings
) -> Favourite:
    n, value = row.n or 0.0, row.value or 0.0
    needed = _needed(row, rows.n, settings) if row.metric in _SHARES else None
    per_year = _per_year(candidate.member, customers, rows, settings)
    years = None
    if needed is not None and per_year:
        years = max(needed - n, 0) / per_year
    return Favourite(
        candidate.segment_id,
        candidate.name,
        candidate.suggested_by,
        row.metric,
        n,
        row.events,
        value,
        row.ci_low,
        row.ci_high,
        needed,
        per_year,
        years,
    )


def _needed(row: PerformanceRow, base: int, settings: Settings) -> int | None:
    """Units in all for a verdict on a share, if the careful estimate is the truth; never under the minimum.

    The raw share of a few units is no guide to the spread to come: 4 of 4 has none.
    """
    judged = metric(row.metric)
    n, value, rest = row.n or 0.0, row.cautious, row.rest_value
    if not n or value is None or rest is None or row.all_value is None:
        return None
    margin = meaningful(judged, row.all_value, settings)
    spread, spread_rest = value * (1 - value) / n, rest * (1 - rest) / max(base - n, 1)
    if margin is None or not spread:
        return None
    units = units_needed(
        n, spread, spread_rest, value - rest, margin, 1, settings.false_discovery_rate
    )
    least = int(getattr(settings, judged.least))
    return None if units is None else max(units, least)


def _per_year(member: Mask, customers: Customers, rows: Rows, settings: Settings) -> int | None:
    """Units of the segment that came in the last year of the data."""
    started = entered_on(customers, settings.model)
    if started is None or rows.question.as_of is None:
        return None
    age = days_between(started[1], np.array(rows.question.as_of, "M8[D]"))
    return int((member & (age >= 0) & (age < DAYS_A_YEAR)).sum())
