"""Cost to win a customer, and what a customer is worth for it: CAC, LTV : CAC, payback."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.metrics.base import (
    Comparison,
    Context,
    Estimate,
    Metric,
    counted,
    difference,
    drawn_range,
    known,
    less,
    once,
    quotient,
    sentence,
    undefined,
)
from mapseg_xl.metrics.churn import limits_of_difference
from mapseg_xl.metrics.lifetime import NO_SIZES, curve_in, is_counted, no_lifetimes
from mapseg_xl.metrics.lifetime_value import (
    VALUE_ROLES,
    knows_margin,
    ltv,
    ltv_draws,
    margin_draws,
    margin_monthly,
    paid_draws,
    spread,
)
from mapseg_xl.stats.rates import conditional_binomial_p, poisson_interval, rate_ratio
from mapseg_xl.stats.resampling import bootstrap_p
from mapseg_xl.stats.survival import payback_payments
from mapseg_xl.tally.tally import Tally

Floats = NDArray[np.float64]
NO_MARGIN = "needs a gross margin: type one on Survival & LTV, or add a column"
NO_ROWS = "needs single customers: sheets of sums give no range"
NO_COST = "needs what was spent to win these customers"
COST_ROLES = ("acquisition_cost", "status", "stage", "outcome", "converted", "converted_on")


def cac(tally: Tally, context: Context) -> Estimate:
    """Spend on the group over its new customers; limits from the Poisson limits of their number."""
    a = tally.acquisition
    if a is None or a.known == 0:
        return undefined(NO_COST)
    unknown = counted(a.left_out, "customer", "customers")
    left_out = f"{unknown} left out: cost unknown" if unknown else ""
    if a.new_customers == 0:
        why = "spend with no new customer" if a.spend > 0 else "no new customer"
        return undefined(sentence(why, left_out), 0)
    few, many = poisson_interval(a.new_customers, 1.0, context.settings.confidence)
    return Estimate(
        a.spend / a.new_customers,
        a.new_customers,
        a.new_customers,
        a.spend / many if many else None,
        a.spend / few if few else None,
        sentence("cost as recorded on each row" if a.spend else "the cost is 0", left_out),
        enough=a.new_customers >= context.settings.min_new_customers,
        variance=(a.spend / a.new_customers) ** 2 / a.new_customers,
    )


def compare_cac(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Ratio of two costs, spend fixed: new customers for a unit of spend, conditional binomial."""
    a, b = part.acquisition, rest.acquisition
    if a is None or b is None or a.new_customers == 0 or b.new_customers == 0:
        return Comparison(None)
    rest_value = b.spend / b.new_customers
    gap = a.spend / a.new_customers - rest_value
    if a.spend <= 0 or b.spend <= 0:
        return Comparison(gap)  # no ratio to a cost of 0
    won = rate_ratio(
        b.new_customers, b.spend, a.new_customers, a.spend, confidence=context.settings.confidence
    )
    low, high = limits_of_difference(won, rest_value)
    return Comparison(
        gap,
        low,
        high,
        conditional_binomial_p(a.new_customers, a.spend, b.new_customers, b.spend),
        ratio_low=won.low,
        ratio_high=won.high,
        variance=1 / a.new_customers,
        variance_rest=1 / b.new_customers,
    )


@once
def _cac_draws(tally: Tally, context: Context) -> Floats | None:
    a = tally.acquisition
    if a is None or a.fold_spend is None or a.fold_new is None:
        return None
    return quotient(context.redrawn(a.fold_spend), context.redrawn(a.fold_new), otherwise=np.inf)


def _cost_and_margin(tally: Tally, context: Context) -> Estimate | None:
    """Why a figure that needs cost and margin is not available; None if it is."""
    if not knows_margin(tally, context):
        return undefined(NO_MARGIN)
    cost = cac(tally, context)
    return undefined(cost.note, cost.n) if cost.value is None else None


def ltv_to_cac(tally: Tally, context: Context) -> Estimate:
    """Lifetime value over acquisition cost; undefined at a cost of 0."""
    missing = _cost_and_margin(tally, context)
    if missing is not None:
        return missing
    value, cost = ltv(tally, context), cac(tally, context)
    if value.value is None or not cost.value:
        return undefined(value.note if value.value is None else "the cost is 0", cost.n)
    draws = known(_ratio_draws(tally, context))
    low, high = drawn_range(draws, context)
    return Estimate(
        value.value / cost.value,
        cost.n,
        None,
        low,
        high,
        enough=value.enough and cost.enough,
        variance=spread(draws),
        untested="" if draws.size else value.untested or NO_ROWS,
    )


def _ratio_draws(tally: Tally, context: Context) -> Floats:
    values, cost = ltv_draws(tally, context), _cac_draws(tally, context)
    if values is None or cost is None:
        return np.empty(0)
    ratio = quotient(values, cost)
    return np.where(np.isfinite(values), ratio, np.nan)


def _net_draws(tally: Tally, context: Context) -> Floats:
    values, cost = ltv_draws(tally, context), _cac_draws(tally, context)
    return np.empty(0) if values is None or cost is None else less(values, cost)


def _net(tally: Tally, context: Context) -> float:
    value, cost = ltv(tally, context).value, cac(tally, context).value
    return np.nan if value is None or cost is None else value - cost


def _judged_by_net(
    gap: Comparison, sides: tuple[Tally, Tally], context: Context, good: int
) -> Comparison:
    """The comparison with p on lifetime value less cost; none where that points the other way.

    A cheap segment of little value may be paid back sooner and still earn less: then neither
    better nor worse would be true. `good` is 1 where a higher figure is better, else -1.
    """
    part, rest = sides
    earns = _net(part, context) - _net(rest, context)
    if earns * (gap.difference or 0.0) * good < 0:
        return replace(gap, note="value less cost points the other way")
    if np.isnan(earns):
        return gap
    net = less(_net_draws(part, context), _net_draws(rest, context))
    return replace(gap, p=bootstrap_p(known(net)))


def compare_ltv_to_cac(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Difference of the ratios, redrawn together; p on lifetime value less cost."""
    a, b = ltv_to_cac(part, context), ltv_to_cac(rest, context)
    if a.value is None or b.value is None:
        return Comparison(difference(a.value, b.value))
    draws = known(_ratio_draws(part, context) - _ratio_draws(rest, context))
    low, high = drawn_range(draws, context)
    gap = Comparison(a.value - b.value, low, high, variance=a.variance, variance_rest=b.variance)
    return _judged_by_net(gap, (part, rest), context, 1)


def payback_months(tally: Tally, context: Context) -> Estimate:
    """Payments until the cost is earned back, counting those who leave; never is undefined."""
    missing = _cost_and_margin(tally, context)
    if missing is not None:
        return missing
    curve, money, cost = (
        curve_in(tally, context),
        margin_monthly(tally, context),
        cac(tally, context),
    )
    if curve is None or money is None or cost.value is None:
        return undefined(no_lifetimes(tally) if curve is None else "needs monthly revenue", cost.n)
    months = context.horizon_months
    if months < 1:
        return undefined("no month is followed by enough customers", cost.n)
    if not is_counted(curve):
        return undefined(NO_SIZES, cost.n)
    paid = payback_payments(curve, money, context.settings.discount_monthly, cost.value, months)
    if paid is None:
        return undefined(f"never within {months} months", cost.n)
    draws = known(_payback_draws(tally, context))
    low, high = drawn_range(draws, context)
    note = f"{paid.survival:.0%} are still here when the last of these payments is made"
    if high is None and draws.size:
        note = sentence(note, f"may never pay back within {months} months")
    return Estimate(
        float(paid.payments),
        cost.n,
        None,
        low,
        high,
        note,
        enough=cost.enough and curve.n >= context.settings.min_units,
        untested="" if draws.size else NO_ROWS,
    )


@once
def _payback_draws(tally: Tally, context: Context) -> Floats:
    """Payments to payback in every redraw; infinite where it never comes, NaN where nobody is drawn."""
    money, paid = margin_draws(tally, context), paid_draws(tally, context)
    cost = _cac_draws(tally, context)
    if money is None or paid is None or cost is None:
        return np.empty(0)
    earned = money[:, None] * np.cumsum(paid, axis=1)
    covered = earned >= cost[:, None]
    months = np.where(covered.any(axis=1), covered.argmax(axis=1) + 1.0, np.inf)
    return np.where(np.isnan(earned[:, 0]), np.nan, months)


def compare_payback(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Difference of payments to payback; p on lifetime value less cost."""
    a, b = payback_months(part, context), payback_months(rest, context)
    if a.value is None or b.value is None:
        return Comparison(difference(a.value, b.value))
    first, second = _payback_draws(part, context), _payback_draws(rest, context)
    low, high = drawn_range(known(less(first, second)), context)
    gap = Comparison(
        a.value - b.value,
        low,
        high,
        variance=spread(first),
        variance_rest=spread(second),
    )
    return _judged_by_net(gap, (part, rest), context, -1)


CAC = Metric(
    id="cac",
    title="CAC",
    plain_title="Cost to win a customer",
    unit="money",
    direction="good_low",
    step="cost",
    estimate=cac,
    compare=compare_cac,
    needs="what was spent on each lead or customer",
    definition="Sales and marketing spend on the segment over its new customers.",
    formula="spend / new customers",
    source="Poisson limits of the number of new customers; conditional binomial test",
    counted="new customers",
    computed_from=COST_ROLES,
    margin="rate",
    least="min_new_customers",
    cautious="mean",
    native="{total}/{n}",
    fields=("total",),
)

LTV_TO_CAC = Metric(
    id="ltv_to_cac",
    title="LTV : CAC",
    plain_title="Value for each unit of cost",
    unit="ratio",
    direction="good_high",
    step="cost",
    estimate=ltv_to_cac,
    compare=compare_ltv_to_cac,
    needs="lifetime value with a gross margin, and acquisition cost",
    definition="Lifetime value over acquisition cost.",
    formula="LTV / CAC",
    source="resampled interval",
    counted="new customers",
    computed_from=(*VALUE_ROLES, *COST_ROLES),
    least="min_new_customers",
)

PAYBACK = Metric(
    id="payback_months",
    title="Payback",
    plain_title="Months to earn the cost back",
    unit="months",
    direction="good_low",
    step="cost",
    estimate=payback_months,
    compare=compare_payback,
    needs="gross margin, acquisition cost, monthly revenue, months as a customer",
    definition="Monthly payments until the acquisition cost is earned back, counting only the "
    "customers who are still here to pay.",
    formula="least K with sum of m x S(k) / (1+d)^k >= CAC, k = 0 .. K-1",
    source="resampled interval",
    counted="new customers",
    computed_from=(*VALUE_ROLES, *COST_ROLES),
    least="min_new_customers",
)

METRICS = (CAC, LTV_TO_CAC, PAYBACK)
