"""Paying: revenue a customer a month, and revenue a customer so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.metrics.base import (
    THIN,
    Comparison,
    Context,
    Estimate,
    Metric,
    bounds,
    difference,
    drawn_range,
    known,
    quotient,
    sentence,
    undefined,
)
from mapseg_xl.stats.means import ratio_of_sums, t_interval, welch, welch_of_variances
from mapseg_xl.stats.permutation import Pooled, as_far_out, pooled
from mapseg_xl.stats.resampling import bootstrap_p
from mapseg_xl.tally.tally import Money, PerMonth, Sums, Tally

Floats = NDArray[np.float64]
NO_REVENUE = "needs a column with revenue"
CUSTOMER_MONTHS = "customer-months"
PER_MONTH = "revenue so far over months as a customer: no monthly price is known"
NO_SPREAD = "the sheet gives sums alone"
UNLOCKED = "a column with the standard deviation beside the sum would give a plausible range"


COCHRAN = (
    25  # times the squared skewness: customers from which a mean may be trusted to the normal curve
)


def is_skewed(money: Money, context: Context) -> bool:
    """Whether a mean is resampled: few customers, or the top 1 % hold more than a fifth."""
    s = context.settings
    return money.n < s.skew_small_n or money.values.top_share > s.skew_top_share


def thin(n: float, context: Context) -> str:
    """The warning that goes with a resampled mean of few customers."""
    return THIN if n < context.settings.thin_n else ""


def mean_draws(money: Money, context: Context) -> Floats:
    """The mean in each redraw of the folds; NaN where a redraw holds nobody."""
    total, n = context.redrawn(money.fold_total), context.redrawn(money.fold_n)
    return quotient(total, n)


def mean_of(money: Money | None, context: Context, note: str = "") -> Estimate:
    """Plain mean with t or percentile-bootstrap interval, and the median in the note."""
    if money is None or money.mean is None:
        return undefined(NO_REVENUE, 0 if money else None)
    n, mean, m2 = money.n, money.mean, money.values.m2
    if is_skewed(money, context):
        draws = known(mean_draws(money, context))
        low, high = drawn_range(draws, context)
        note = sentence(note, thin(n, context))
    else:
        low, high = bounds(t_interval(n, mean, m2, context.settings.confidence))
    if not money.values.values.any():
        note = sentence(note, "every amount is 0")
    variance = m2 / (n - 1) / n if n > 1 else None
    enough = n >= context.settings.min_units
    return Estimate(
        mean, n, None, low, high, note, enough=enough, variance=variance, median=money.values.median
    )


def compare_money(part: Money | None, rest: Money | None, context: Context) -> Comparison:
    """Difference of two means: Welch, or both redrawn together where either side is skewed."""
    if part is None or rest is None or part.mean is None or rest.mean is None:
        return Comparison(None)
    variance = part.values.m2 / max(part.n - 1, 1) / part.n
    variance_rest = rest.values.m2 / max(rest.n - 1, 1) / rest.n
    gap = part.mean - rest.mean
    if is_skewed(part, context) or is_skewed(rest, context):
        draws = known(mean_draws(part, context) - mean_draws(rest, context))
        low, high = drawn_range(draws, context)
        p = careful_p(bootstrap_p(draws), part, rest, gap, context)
        return Comparison(gap, low, high, p, variance=variance, variance_rest=variance_rest)
    w = welch(
        part.n,
        part.mean,
        part.values.m2,
        rest.n,
        rest.mean,
        rest.values.m2,
        context.settings.confidence,
    )
    p = careful_p(w.p, part, rest, gap, context)
    return Comparison(gap, w.low, w.high, p, variance=variance, variance_rest=variance_rest)


def mean_of_sums(sums: Sums, context: Context) -> Estimate:
    """Mean of what a sheet added up; its range needs the spread, and is not known without it."""
    if sums.mean is None:
        return undefined(NO_REVENUE, 0)
    n, mean, m2 = sums.n, sums.mean, sums.m2
    if m2 is None or n < 2:
        return Estimate(mean, n, note=sentence(sums.who, UNLOCKED), untested=NO_SPREAD)
    low, high = bounds(t_interval(n, mean, m2, context.settings.confidence))
    enough = n >= context.settings.min_units
    return Estimate(mean, n, None, low, high, sums.who, enough=enough, variance=m2 / (n - 1) / n)


def compare_ratios(
    part: Estimate, n: int, rest: Estimate, n_rest: int, context: Context
) -> Comparison:
    """Difference of two ratios of sums by linearisation, customers being the units (Cochran 1977)."""
    if part.value is None or rest.value is None:
        return Comparison(difference(part.value, rest.value))
    w = welch_of_variances(
        n,
        part.value,
        part.variance,
        n_rest,
        rest.value,
        rest.variance,
        context.settings.confidence,
    )
    gap = part.value - rest.value
    return Comparison(gap, w.low, w.high, w.p, variance=part.variance, variance_rest=rest.variance)


def dealt_at_random(part: Money, rest: Money) -> Pooled | None:
    """The spread of the difference if the amounts of both had been dealt at random."""
    n = part.n + rest.n
    if not n:
        return None
    mean = (part.values.total + rest.values.total) / n
    cubes = sum(
        float((v.counts * (v.values - mean) ** 3).sum()) for v in (part.values, rest.values)
    )
    squares = sum(
        float((v.counts * (v.values - mean) ** 2).sum()) for v in (part.values, rest.values)
    )
    return pooled(part.n, rest.n, squares, cubes)


def rests_on_few(part: Money, rest: Money, chance: Pooled, context: Context) -> bool:
    """Whether a test of means may be fooled by a few large amounts.

    Where means are resampled, and below Cochran's (1977) 25 times the squared skewness.
    """
    few = COCHRAN * chance.skewness**2
    skewed = is_skewed(part, context) or is_skewed(rest, context)
    return skewed or part.n < few or rest.n < few


def careful_p(
    p: float | None, part: Money, rest: Money, gap: float, context: Context
) -> float | None:
    """The p of a difference of means; where few large amounts decide, the larger of it and of chance."""
    chance = dealt_at_random(part, rest)
    if p is None or chance is None or not rests_on_few(part, rest, chance, context):
        return p
    return max(p, as_far_out(gap / chance.variance**0.5, chance.lean))


def _per_month(p: PerMonth, context: Context) -> Estimate:
    ratio = ratio_of_sums(
        p.n, p.revenue, p.months, p.revenue_squared, p.revenue_months, p.months_squared
    )
    if ratio.value is None:
        return undefined("no customer-month to divide by", p.n)
    draws = known(per_month_draws(p, context))
    low, high = drawn_range(draws, context)
    return Estimate(
        ratio.value,
        p.months,
        None,
        low,
        high,
        sentence(PER_MONTH, thin(p.n, context)),
        enough=p.n >= context.settings.min_units,
        variance=ratio.variance,
        counted=CUSTOMER_MONTHS,
        customers=p.n,
    )


def per_month_draws(p: PerMonth, context: Context) -> Floats:
    """Revenue over customer-months in each redraw of the folds."""
    revenue, months = context.redrawn(p.fold_revenue), context.redrawn(p.fold_months)
    return quotient(revenue, months)


def arpu(tally: Tally, context: Context) -> Estimate:
    """Mean monthly price of all who ever paid; without prices, revenue over customer-months."""
    if tally.revenue_monthly is not None:
        return mean_of(tally.revenue_monthly, context, _price_note(tally))
    if tally.revenue_per_month is not None:
        return _per_month(tally.revenue_per_month, context)
    if tally.price_sums is not None:
        return mean_of_sums(tally.price_sums, context)
    return undefined("needs monthly revenue, or revenue so far with months as a customer")


def _price_note(tally: Tally) -> str:
    now = tally.revenue_monthly_now.mean if tally.revenue_monthly_now is not None else None
    here = "" if now is None else f", {now:,.2f} for those still here"
    return f"mean of the monthly prices, churned customers at their last one{here}"


def arpu_draws(tally: Tally, context: Context) -> Floats | None:
    """ARPU in each redraw of the folds; None where it is not available."""
    if tally.revenue_monthly is not None:
        return mean_draws(tally.revenue_monthly, context)
    if tally.revenue_per_month is not None:
        return per_month_draws(tally.revenue_per_month, context)
    return None


def compare_arpu(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Welch or resampling on prices; on the linearised ratio where only totals are known."""
    if part.revenue_monthly is not None:
        return compare_money(part.revenue_monthly, rest.revenue_monthly, context)
    sums, others = part.price_sums, rest.price_sums
    if sums is not None and others is not None:
        a, b = mean_of_sums(sums, context), mean_of_sums(others, context)
        return compare_ratios(a, sums.n, b, others.n, context)
    if part.revenue_per_month is None or rest.revenue_per_month is None:
        return Comparison(None)
    mine, theirs = part.revenue_per_month, rest.revenue_per_month
    a, b = _per_month(mine, context), _per_month(theirs, context)
    return compare_ratios(a, mine.n, b, theirs.n, context)


def revenue_per_customer(tally: Tally, context: Context) -> Estimate:
    """Revenue so far over customers with any revenue record; grows with age, so never judged."""
    if tally.revenue_total is None and tally.revenue_sums is not None:
        return mean_of_sums(tally.revenue_sums, context)
    if tally.revenue_total is None:
        return undefined("needs a column with revenue so far")
    return mean_of(tally.revenue_total, context)


ARPU = Metric(
    id="arpu",
    title="ARPU",
    plain_title="Revenue a customer a month",
    unit="money",
    direction="good_high",
    step="pay",
    estimate=arpu,
    compare=compare_arpu,
    needs="monthly revenue; or revenue so far and months as a customer",
    definition="Mean monthly revenue of everybody who ever became a customer, churned ones at "
    "their last price.",
    formula="sum of monthly revenue / customers with a price",
    source="t or percentile-bootstrap interval; Welch 1947; where few large amounts decide, also "
    "amounts dealt at random (Mielke & Berry 2007)",
    counted="customers with a price",
    computed_from=("revenue_monthly", "revenue_total"),
    cautious="mean",
    strata="arpu",
    native="{total}/{n}",
    fields=("total",),
)

REVENUE_PER_CUSTOMER = Metric(
    id="revenue_per_customer",
    title="Revenue per customer",
    plain_title="Revenue a customer so far",
    unit="money",
    direction="good_high",
    step="pay",
    estimate=revenue_per_customer,
    compare=None,
    needs="revenue so far",
    definition="Revenue so far over customers with any revenue record. It grows with the time "
    "they have been here, so segments of different age cannot be compared on it.",
    formula="sum of revenue / customers with revenue",
    source="t or percentile-bootstrap interval",
    counted="customers with revenue",
    untested="depends on age",
    computed_from=("revenue_monthly", "revenue_total"),
    cautious="mean",
    native="{total}/{n}",
    fields=("total",),
)

METRICS = (ARPU, REVENUE_PER_CUSTOMER)
