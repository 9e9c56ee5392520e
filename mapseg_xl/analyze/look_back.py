"""Two years of starters side by side: did a segment's share move, or did the segment itself change?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.intake.tables import Array, Customers, Status
from mapseg_xl.stats.mix import kitagawa
from mapseg_xl.tally.rows import Mask, Rows, entered_on
from mapseg_xl.tally.tally import Floats

YEAR_DAYS = 365
BECAME = ("converted_on", "trial_on", "created_on")  # the day of becoming a customer, best first


@dataclass(frozen=True, slots=True)
class Side:
    """Units and what they sum up to, in the earlier and the later year."""

    n0: int
    sum0: float
    n1: int
    sum1: float


@dataclass(frozen=True, slots=True)
class LookBack:
    """One segment and everyone else on one metric, over two years of starters. Changes add up exactly."""

    segment_id: str
    metric: str
    segment: Side
    rest: Side
    enough: bool  # each of the four counts reaches the minimum

    @property
    def effects(self) -> tuple[float, float, float] | None:
        """Change because the segment's share moved, the segment changed, everyone else changed."""
        a, b = self.segment, self.rest
        if not min(a.n0, a.n1, b.n0, b.n1):
            return None
        rates = ([a.sum0 / a.n0, b.sum0 / b.n0], [a.sum1 / a.n1, b.sum1 / b.n1])
        moved = kitagawa(([a.n0, b.n0], [a.n1, b.n1]), rates)
        return moved.by_mix, float(moved.by_rate[0]), float(moved.by_rate[1])


def look_back(
    candidates: Sequence[Candidate], customers: Customers, rows: Rows, model: str, least: int
) -> tuple[LookBack, ...]:
    """Every candidate on conversion and on price, the last 12 months' starters against the 12 before.

    Trials count by the day they started, the year ending where the window still fits before the as-of date.
    `least`: units needed in each of the four cells.
    """
    found = []
    for metric, (years, amounts) in _units(customers, rows, model).items():
        for candidate in candidates:
            segment = _side(candidate.member, years, amounts)
            rest = _side(~candidate.member, years, amounts)
            counts = (segment.n0, segment.n1, rest.n0, rest.n1)
            enough = min(counts) >= least
            found.append(LookBack(candidate.segment_id, metric, segment, rest, enough))
    return tuple(found)


def became_on(customers: Customers) -> Array | None:
    """The dates of becoming a customer, or of the start where no such dates are known."""
    for role in BECAME:
        dates = customers.roles.get(role)
        if dates is not None and not np.isnat(dates).all():
            return dates
    return None


def _units(
    customers: Customers, rows: Rows, model: str
) -> dict[str, tuple[tuple[Mask, Mask], Floats]]:
    """By metric: the units of the earlier and the later year, and what each of them counts for."""
    found: dict[str, tuple[tuple[Mask, Mask], Floats]] = {}
    as_of, window = rows.question.as_of, rows.question.window_days
    if as_of is None:
        return found
    last = np.datetime64(as_of, "D")
    started = entered_on(customers, model)
    trials = rows.trials
    if trials is not None and trials.form == "window" and started is not None and window:
        years = _years(started[1], last - np.timedelta64(window, "D"), trials.counted)
        found["conversion"] = years, trials.converted.astype(np.float64)
    since = became_on(customers)
    if rows.price is not None and since is not None:
        priced = np.zeros(rows.n, bool)
        priced[rows.price.rows] = True
        price = np.zeros(rows.n)
        price[rows.price.rows] = rows.price.amounts
        found["arpu"] = _years(since, last, priced & (rows.status >= Status.CUSTOMER)), price
    return found


def _years(dates: Array, last: np.datetime64, inside: Mask) -> tuple[Mask, Mask]:
    """Who of `inside` started in the year before the last one up to `last`, and who in the last."""
    known = inside & ~np.isnat(dates)
    days = np.where(known, (last - dates.astype("M8[D]")).astype(np.int64), -1)
    later = known & (days >= 0) & (days < YEAR_DAYS)
    return known & (days >= YEAR_DAYS) & (days < 2 * YEAR_DAYS), later


def _side(member: Mask, years: tuple[Mask, Mask], amounts: Floats) -> Side:
    earlier, later = (year & member for year in years)
    return Side(
        int(earlier.sum()),
        float(amounts[earlier].sum()),
        int(later.sum()),
        float(amounts[later].sum()),
    )
