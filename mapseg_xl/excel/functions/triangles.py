"""Cohort tables a team already keeps: a row a cohort, its new customers first, then month by month those left."""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import NamedTuple

import numpy as np

from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.arguments.blocks import (
    ANY,
    COUNT,
    DISCOUNT,
    MARGIN,
    Bounds,
    Floats,
    number,
    option,
)
from mapseg_xl.excel.arguments.cohort_tables import cohort_block, counted
from mapseg_xl.excel.cell_function import Number, Spilled, Table, cell_function
from mapseg_xl.settings import Settings
from mapseg_xl.stats.curve_sums import annuity, payment_weights
from mapseg_xl.stats.kaplan_meier import loglog_interval
from mapseg_xl.stats.proportions import wilson
from mapseg_xl.stats.triangle_curve import triangle_curve
from mapseg_xl.stats.triangles import TriangleChain, pooled_shares, triangle_chain

_DEFAULTS = Settings()
_MONTHS = Bounds(1, 240)


class Triangle(NamedTuple):
    """A cohort table taken apart: `cells` are NaN where the month lies ahead."""

    new: Floats
    cells: Floats


def seg_cohort_survival(triangle: Table) -> Spilled:
    """Share of customers still here by age, from a cohort table of counts: age by age over the cohorts that are old
    enough, never the mean of the columns. A table with plausible ranges.

    Parameters
    ----------
    triangle
        A row a cohort: its new customers, then how many of them are left after 1, 2, 3 ... months; blank where the
        month lies ahead.

    >>> [row[3] for row in seg_cohort_survival([[100, 80, 60], [100, 90, ""]])]
    ['survival', 1.0, 0.85, 0.6375]
    """
    held = _people(triangle)
    chain = _chain(held)
    curve = triangle_curve(chain)
    rows: Spilled = [
        ["age", "at_risk", "events", "survival", "ci_low", "ci_high"],
        [0, float(held.new.sum()), 0.0, 1.0, 1.0, 1.0],
    ]
    for at, age in enumerate(curve.times.tolist()):
        ends = loglog_interval(curve, age, _DEFAULTS.confidence)
        counts = [curve.at_risk[at], curve.events[at], curve.survival[at]]
        shown = ["" if end is None else end for end in ends]
        rows.append([int(age), *map(float, counts), *shown])
    return rows


def seg_cohort_active(triangle: Table) -> Spilled:
    """Share of customers active by age where people come and go, as with orders: from a cohort table of counts, over
    all cohorts that are old enough. A table with plausible ranges.

    Parameters
    ----------
    triangle
        A row a cohort: its new customers, then how many of them were active in the 1st, 2nd, 3rd ... month; blank
        where the month lies ahead.

    >>> seg_cohort_active([[10, 4, 5], [10, 6, ""]])[2][:4]
    [2, 10.0, 5.0, 0.5]
    """
    held = _counts(triangle)
    if (held.cells > held.new[:, None]).any():
        raise BadArguments("triangle: more are active in a month than were new in that row.")
    pooled = pooled_shares(held.new, held.cells)
    rows: Spilled = [["age", "n", "active", "share", "ci_low", "ci_high"]]
    for age, share in enumerate(pooled.survival, start=1):
        if share is not None:
            n, active = pooled.at_risk[age - 1], pooled.retained[age - 1]
            ends = ["" if e is None else e for e in wilson(active, n, _DEFAULTS.confidence)]
            rows.append([age, n, active, share, *ends])
    return rows


def seg_cohort_ltv(
    triangle: Table, margin: Number, annual_discount: Number, months: Number = None
) -> float:
    """Lifetime value of a customer from a cohort table of money: what a cohort brought in per customer, month by
    month, times margin, discounted. Nothing is extrapolated.

    Parameters
    ----------
    triangle
        A row a cohort: its new customers, then the revenue they brought in their 1st, 2nd, 3rd ... month; blank where
        the month lies ahead.
    margin
        Gross margin, the share of revenue kept: 0.8 or 80%. With 1 this is revenue, not lifetime value.
    annual_discount
        Discount a year: 0.1 or 10%.
    months
        How many months to count. Left out: at most 36, and those that at least 10 customers have reached.

    Notes
    -----
    Paid at the beginning of each month: the first one is not discounted.

    >>> seg_cohort_ltv([[10, 1000, 800], [10, 1000, ""]], 0.5, 0)
    90.0
    """
    worth = _values(triangle, margin, annual_discount)
    return float(worth[: _months(triangle, worth, months)].sum())


def seg_cohort_value(triangle: Table, margin: Number, annual_discount: Number) -> Spilled:
    """What a customer has brought in by age, from a cohort table of money: margin a month and its sum so far, both
    discounted. A table; its last column reads like a payback curve.

    Parameters
    ----------
    triangle
        A row a cohort: its new customers, then the revenue they brought in their 1st, 2nd, 3rd ... month; blank where
        the month lies ahead.
    margin
        Gross margin, the share of revenue kept: 0.8 or 80%.
    annual_discount
        Discount a year: 0.1 or 10%.

    >>> seg_cohort_value([[10, 1000, 800], [10, 1000, ""]], 0.5, 0)[-1]
    [2, 10.0, 40.0, 90.0]
    """
    worth = _values(triangle, margin, annual_discount)
    reached = _reached(_taken_apart(triangle, ANY))
    total = np.cumsum(worth).tolist()
    rows: Spilled = [["month", "n", "value", "value_so_far"]]
    rows += [[k + 1, float(reached[k]), float(worth[k]), total[k]] for k in range(len(worth))]
    return rows


def seg_retention_ltv(
    triangle: Table,
    revenue_monthly: Number,
    margin: Number,
    annual_discount: Number,
    months: Number = None,
) -> float:
    """Lifetime value of a customer from a cohort table of counts and what one pays a month: margin a month times the
    share still here, discounted. Nothing is extrapolated.

    Parameters
    ----------
    triangle
        A row a cohort: its new customers, then how many of them are left after 1, 2, 3 ... months; blank where the
        month lies ahead.
    revenue_monthly
        What a customer pays a month.
    margin
        Gross margin, the share of revenue kept: 0.8 or 80%. With 1 this is revenue, not lifetime value.
    annual_discount
        Discount a year: 0.1 or 10%.
    months
        How many monthly payments to count. Left out: at most 36, and those that at least 10 customers have reached.

    Notes
    -----
    Paid at the beginning of each month: everybody makes the first payment.

    >>> seg_retention_ltv([[100, 80], [100, 90]], 100, 0.5, 0)
    92.5
    """
    held = _people(triangle)
    paid = number(revenue_monthly, "revenue_monthly") * number(margin, "margin", MARGIN)
    curve = triangle_curve(_chain(held))
    reached = np.concatenate(([held.new.sum()], curve.at_risk))
    count = _asked(months, len(reached), reached)
    kept = annuity(curve, count, _monthly(annual_discount))
    if kept is None:
        raise NotAvailable(f"The table does not reach {count} months.")
    return paid * kept


def _taken_apart(triangle: Table, bounds: Bounds) -> Triangle:
    """The columns of a cohort table, checked: no month without new customers, no blank before a filled month."""
    held = cohort_block(triangle, bounds)
    if held.shape[1] < 2:
        raise BadArguments(
            "triangle needs a column of new customers and a column a month after it."
        )
    new, cells = held[:, 0], held[:, 1:]
    if np.isnan(new).any():
        raise BadArguments("triangle: a cohort has no number of new customers in its first column.")
    if (new < 0).any():
        raise BadArguments("triangle: a number of new customers is below 0.")
    gaps = np.isnan(cells[:, :-1]) & ~np.isnan(cells[:, 1:])
    if gaps.any():
        at = int(gaps.any(axis=1).argmax()) + 1
        raise BadArguments(f"triangle: cohort {at} has a blank month before a filled one.")
    if np.isnan(cells).all():
        raise NotAvailable("triangle: no month is filled yet.")
    return Triangle(new, cells)


def _counts(triangle: Table) -> Triangle:
    """A cohort table of customers; shares of the new ones are counts as well."""
    held = _taken_apart(triangle, COUNT)
    return Triangle(held.new, counted(*held))


def _people(triangle: Table) -> Triangle:
    """A cohort table of counts in which nobody comes back."""
    held = _counts(triangle)
    whole = np.column_stack([held.new, held.cells])
    for before, after in pairwise(range(whole.shape[1])):
        more = whole[:, after] > whole[:, before]
        if more.any():
            at = int(more.argmax()) + 1
            raise BadArguments(
                f"triangle: cohort {at} rises in month {after}. Customers who come back: SEG_COHORT_ACTIVE."
            )
    return held


def _chain(held: Triangle) -> TriangleChain:
    chain = triangle_chain(held.new, held.cells)
    if chain.survival[0] is None:
        raise NotAvailable("triangle: there are no new customers.")
    return chain


def _values(triangle: Table, margin: Number, annual_discount: Number) -> Floats:
    """Margin a starter in each month, discounted to the first."""
    held = _taken_apart(triangle, ANY)
    pooled = pooled_shares(held.new, held.cells).survival
    known = list(takewhile(lambda value: value is not None, pooled))
    if not known:
        raise NotAvailable("triangle: there are no new customers.")
    weights = payment_weights(len(known), _monthly(annual_discount))
    worth: Floats = np.array(known, dtype=np.float64) * weights * number(margin, "margin", MARGIN)
    return worth


def _monthly(annual_discount: Number) -> float:
    yearly = number(annual_discount, "annual_discount", DISCOUNT)
    return Settings(annual_discount=yearly).discount_monthly


def _reached(held: Triangle) -> Floats:
    """New customers of the cohorts that have come so far, a figure a month."""
    reached: Floats = np.where(np.isnan(held.cells), 0.0, held.new[:, None]).sum(axis=0)
    return reached


def _months(triangle: Table, worth: Floats, months: Number) -> int:
    return _asked(months, len(worth), _reached(_taken_apart(triangle, ANY)))


def _asked(months: Number, most: int, reached: Floats) -> int:
    """So many months as asked for; else those that enough customers reached, within the usual horizon."""
    enough = int((np.cumprod(reached[:most] >= _DEFAULTS.min_at_risk)).sum()) or most
    default = float(min(enough, _DEFAULTS.horizon_months))
    asked = option(months, "months", default, _MONTHS)
    if asked != int(asked):
        raise BadArguments(f"months is {asked:g}; whole months are needed.")
    if asked > most:
        raise NotAvailable(f"The table reaches {most} months, fewer than {asked:g}.")
    return int(asked)


FUNCTIONS = (
    cell_function(seg_cohort_survival, "Cohort tables", "=SEG_COHORT_SURVIVAL(B2:N14)"),
    cell_function(seg_cohort_active, "Cohort tables", "=SEG_COHORT_ACTIVE(B2:N14)"),
    cell_function(seg_cohort_ltv, "Cohort tables", "=SEG_COHORT_LTV(B2:N14,80%,10%)"),
    cell_function(seg_cohort_value, "Cohort tables", "=SEG_COHORT_VALUE(B2:N14,80%,10%)"),
    cell_function(seg_retention_ltv, "Cohort tables", "=SEG_RETENTION_LTV(B2:N14,100,80%,10%)"),
)
