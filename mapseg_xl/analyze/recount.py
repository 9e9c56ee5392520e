"""An earlier day counted again in today's data, so that who came since is told apart from who was there already.

Reads rows. Only what today's data still dates can be counted again: conversions within a window, and leaving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from mapseg_xl.analyze.baselines import Seen
from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.performance import ALL
from mapseg_xl.intake.tables import Customers
from mapseg_xl.settings import Settings
from mapseg_xl.tally.groups import tally_all, tally_groups
from mapseg_xl.tally.rows import bind
from mapseg_xl.tally.standing import as_they_stood, first_dates
from mapseg_xl.tally.tally import Question, Tally

CONVERSION, LEAVING = "conversion", "monthly_churn"


@dataclass(frozen=True, slots=True)
class Count:
    """What a figure is made of: events of n units."""

    events: float
    n: float

    @property
    def rate(self) -> float | None:
        """Events a unit; None without any."""
        return self.events / self.n if self.n else None

    def minus(self, other: Count) -> Count:
        """What came on top of another count."""
        return Count(self.events - other.events, self.n - other.n)


@dataclass(frozen=True, slots=True)
class Recount:
    """The day of an earlier run in today's data. `size` None: not every row says when it came."""

    as_of: date
    size: int | None
    counts: Mapping[tuple[str, str], Count]  # segment_id, metric

    def of(self, segment_id: str, metric: str) -> Count | None:
        """A segment's count on a metric; None where it cannot be counted again."""
        return self.counts.get((segment_id, metric))


def recount(
    customers: Customers,
    candidates: Sequence[Candidate],
    moment: Seen | None,
    question: Question,
    settings: Settings,
) -> Recount | None:
    """The day of `moment` in today's customers, under today's question; None where there is no such day before it."""
    if moment is None or moment.as_of is None or question.as_of is None:
        return None
    if moment.as_of > question.as_of:
        return None
    first = first_dates(customers)
    there = ~(first > np.datetime64(moment.as_of, "D"))
    if not there.any():
        return None
    window = question.window_days
    asked = replace(settings, window_days=window, window_all=window is None)
    rows = bind(as_they_stood(customers, moment.as_of), moment.as_of, asked)
    counts = _counted(ALL, tally_all(rows), customers)
    for c in candidates:
        codes = c.measured.member[there].astype(np.int32) - 1
        counts |= _counted(c.segment_id, tally_groups(rows, codes, 1)[0], customers)
    size = None if np.isnat(first).any() else int(there.sum())
    return Recount(moment.as_of, size, counts)


def _counted(segment_id: str, tally: Tally, customers: Customers) -> dict[tuple[str, str], Count]:
    """What can be counted again of one group: where each event has its day, and no length was given as a number."""
    found: dict[tuple[str, str], Count] = {}
    roles, won, stays = customers.roles, tally.conversion, tally.lifetimes
    if won is not None and won.form == "window" and "converted_on" in roles:
        found[segment_id, CONVERSION] = Count(won.converted, won.n)
    if stays is not None and "churned_on" in roles and "tenure_months" not in roles:
        months = stays.months
        found[segment_id, LEAVING] = Count(float(months.events.sum()), months.exposure)
    return found
