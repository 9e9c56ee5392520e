"""What the search goes by: one outcome, reduced to one score a unit, so that one search serves shares, stays and money.

Knows nothing of rules. Higher scores are better for the business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from mapseg_xl.tally.rows import Mask, Rows, Timed
from mapseg_xl.tally.tally import Floats, Ints

TOP_SHARE = 0.99  # amounts above this quantile count as it: one big account makes no segment
FEWEST_OF_A_KIND = 10  # conversions, wins, leavings, on both sides: below, an outcome tells nothing


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """An outcome of some of the rows; `value` gives the figure of a part of the base, None if undefined."""

    metric: str  # id in the catalogue, of the figure that is shown
    rows: Ints  # the units: rows the outcome is known for
    scores: Floats  # one a unit
    value: Callable[[Mask], float | None]


def find_target(rows: Rows, least: int) -> Target | None:
    """The first of conversion, win rate, survival and revenue that `least` units tell apart.

    Where none has so many, the first that tells anything; None where nothing does.
    """
    told = [t for t in _targets(rows) if np.ptp(t.scores) > 0]
    return next((t for t in told if len(t.rows) >= least), told[0] if told else None)


def _targets(rows: Rows) -> Iterator[Target]:
    """The outcomes that this base has, in their order."""
    if rows.trials is not None:
        at = np.flatnonzero(rows.trials.counted)
        yield from _share("conversion", at, rows.trials.converted[at])
    if rows.opportunities is not None:
        at = np.flatnonzero(rows.opportunities.outcome >= 0)
        yield from _share("win_rate", at, rows.opportunities.outcome[at] == 1)
    if rows.stays is not None and min(_two_sides(rows.stays.ended)) >= FEWEST_OF_A_KIND:
        yield _stays(rows.stays)
    if rows.price is not None and len(rows.price.rows):
        yield _money(rows.price.rows, rows.price.amounts, None)
    elif rows.revenue_and_months is not None and len(rows.revenue_and_months[0]):
        yield _money(*rows.revenue_and_months)


def _two_sides(yes: Mask) -> tuple[int, int]:
    count = int(np.count_nonzero(yes))
    return count, len(yes) - count


def _share(metric: str, at: Ints, yes: Mask) -> Iterator[Target]:
    if min(_two_sides(yes)) >= FEWEST_OF_A_KIND:
        scores = yes.astype(np.float64)
        yield Target(metric, at, scores, partial(_ratio, at, scores, np.ones(len(at))))


def _stays(stays: Timed) -> Target:
    """Leavings that were expected by then less those that happened: martingale residuals, turned round.

    Expected ones by the cumulated hazard of all (Nelson 1972, Aalen 1978; Therneau, Grambsch & Fleming 1990), so
    that the sum over some customers is their log-rank difference. Shown as leaving a month, which can be tested
    also where nobody has left yet.
    """
    size = len(stays.times)
    left = np.bincount(stays.index[stays.ended], minlength=size)
    at_risk = np.bincount(stays.index, minlength=size)[::-1].cumsum()[::-1]
    hazard = np.cumsum(left / np.maximum(at_risk, 1))
    scores = hazard[stays.index] - stays.ended
    return Target("monthly_churn", stays.rows, scores, partial(_leaving, stays))


def _leaving(stays: Timed, inside: Mask) -> float | None:
    """Leavings a month at risk; None without any month."""
    among = inside[stays.rows]
    months = float(stays.times[stays.index[among]].sum())
    return float(stays.ended[among].sum()) / months if months > 0 else None


def _money(at: Ints, amounts: Floats, months: Floats | None) -> Target:
    """Prices; without prices what was paid above the average of as many months, per month of an average stay."""
    weights = np.ones(len(at)) if months is None else months
    total = float(weights.sum())
    scores = amounts
    if months is not None and total > 0:
        scores = (amounts - amounts.sum() / total * months) / (total / len(at))
    low, high = np.quantile(scores, [1 - TOP_SHARE, TOP_SHARE])
    return Target("arpu", at, np.clip(scores, low, high), partial(_ratio, at, amounts, weights))


def _ratio(at: Ints, above: Floats, below: Floats, inside: Mask) -> float | None:
    """Sum over sum of the units inside; None where there is nothing to divide by."""
    among = inside[at]
    divisor = float(below[among].sum())
    return float(above[among].sum()) / divisor if divisor > 0 else None
