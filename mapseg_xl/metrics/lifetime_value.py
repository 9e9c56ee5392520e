"""Value and cost: lifetime value under contract, acquisition cost, their ratio and payback."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.metrics.base import (
    Comparison,
    Context,
    Estimate,
    Metric,
    bounds,
    difference,
    known,
    once,
    quotient,
    sentence,
    undefined,
)
from mapseg_xl.metrics.lifetime import NO_LIFETIMES, curve_of
from mapseg_xl.metrics.revenue import arpu, arpu_draws, mean_draws
from mapseg_xl.stats.curve_draws import survival_draws
from mapseg_xl.stats.rates import conditional_binomial_p, poisson_interval, rate_ratio
from mapseg_xl.stats.resampling import bootstrap_p, percentile_interval
from mapseg_xl.stats.survival import annuity, at_risk_at, payback_payments, payment_weights
from mapseg_xl.tally.tally import Acquisition, Tally

Floats = NDArray[np.float64]
NO_MARGIN = "needs a gross margin: type one on Survival & LTV, or add a column"
NO_COST = "needs what was spent to win these customers"


def margin_monthly(tally: Tally, context: Context) -> float | None:
    """Gross margin a customer a month; the revenue itself while no margin is known."""
    if tally.margin_monthly is not None and context.settings.gross_margin is None:
        return tally.margin_monthly.mean
    value = arpu(tally, context).value
    share = context.settings.gross_margin
    return value if value is None or share is None else value * share


def knows_margin(tally: Tally, context: Context) -> bool:
    """Whether money is margin and not revenue."""
    return context.settings.gross_margin is not None or tally.margin_monthly is not None


def _margin_draws(tally: Tally, context: Context) -> Floats | None:
    if tally.margin_monthly is not None and context.settings.gross_margin is None:
        return mean_draws(tally.margin_monthly, context)
    draws = arpu_draws(tally, context)
    share = context.settings.gross_margin
    return draws if draws is None or share is None else draws * share


def paid_draws(tally: Tally, context: Context) -> Floats | None:
    """Discounted S(k) at each payment in every redraw of the folds: draws x horizon."""
    life = tally.lifetimes
    if life is None:
        return None
    months = context.horizon_months
    events, gone, times = life.folded.dense(float(months))
    later = life.folded.per_fold() - gone.sum(axis=1)
    times = np.append(
        times, float(months)
    )  # whoever is followed beyond the horizon is at risk in it
    events = np.column_stack([events, np.zeros(len(later))])
    gone = np.column_stack([gone, later])
    still = survival_draws(times, events, gone - events, context.weights, np.arange(months))
    still[:, 0] = np.where(np.isnan(still[:, 0]), np.nan, 1.0)
    return still * payment_weights(months, context.settings.discount_monthly)


@once
def ltv_draws(tally: Tally, context: Context) -> Floats | None:
    """Lifetime value in every redraw of the folds; None where a part is missing."""
    money, paid = _margin_draws(tally, context), paid_draws(tally, context)
    return None if money is None or paid is None else money * paid.sum(axis=1)


@once
def ltv(tally: Tally, context: Context) -> Estimate:
    """Margin a month times the discounted share still here at each payment, over the horizon."""
    curve, months = curve_of(tally), context.horizon_months
    if curve is None:
        return undefined(NO_LIFETIMES)
    money = margin_monthly(tally, context)
    if money is None:
        return undefined("needs monthly revenue, or revenue so far")
    if months < 1:
        return undefined("no month is followed by enough customers", curve.n)
    still = annuity(curve, months, context.settings.discount_monthly)
    if still is None:
        return undefined(f"followed for {curve.last_time:.1f} months, fewer than {months}", curve.n)
    draws = ltv_draws(tally, context)
    low, high = bounds(percentile_interval(known(draws), context.settings.confidence))
    at_risk = at_risk_at(curve, months - 1)
    enough = at_risk >= context.settings.min_at_risk and curve.n >= context.settings.min_units
    return Estimate(
        money * still,
        curve.n,
        float(curve.events.sum()),
        low,
        high,
        _ltv_note(tally, context, float(curve.events.sum())),
        enough=enough,
        variance=_variance(draws),
    )


def _ltv_note(tally: Tally, context: Context, events: float) -> str:
    months = context.horizon_months
    kind = "" if knows_margin(tally, context) else f"{months}-month revenue: no margin is known"
    none_left = "" if events else f"nobody has left: this is for {months} months only"
    return sentence(kind, none_left)


def _variance(draws: Floats | None) -> float | None:
    seen = known(draws)
    return float(seen.var()) if len(seen) > 1 else None


def compare_ltv(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Difference of two lifetime values, both redrawn together."""
    a, b = ltv(part, context), ltv(rest, context)
    first, second = ltv_draws(part, context), ltv_draws(rest, context)
    if a.value is None or b.value is None or first is None or second is None:
        return Comparison(difference(a.value, b.value))
    draws = known(first - second)
    low, high = bounds(percentile_interval(draws, context.settings.confidence))
    return Comparison(
        a.value - b.value,
        low,
        high,
        bootstrap_p(draws),
        variance=a.variance,
        variance_rest=b.variance,
    )


def cac(tally: Tally, context: Context) -> Estimate:
    """Spend on the group over its new customers; limits from the Poisson limits of their number."""
    a = tally.acquisition
    if a is None or a.known == 0:
        return undefined(NO_COST)
    if a.new_customers == 0:
        return undefined("spend with no new customer" if a.spend > 0 else "no new customer", 0)
    few, many = poisson_interval(a.new_customers, 1.0, context.settings.confidence)
    return Estimate(
        a.spend / a.new_customers,
        a.new_customers,
        a.new_customers,
        a.spend / many if many else None,
        a.spend / few if few else None,
        "cost as recorded on each row",
        enough=a.new_customers >= context.settings.min_new_customers,
        variance=(a.spend / a.new_customers) ** 2 / a.new_customers,
    )


def compare_cac(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Ratio of two costs, spend fixed: new customers for a unit of spend, conditional binomial."""
    a, b = part.acquisition, rest.acquisition
    if a is None or b is None or a.spend <= 0 or b.spend <= 0:
        return Comparison(None)
    if a.new_customers == 0 or b.new_customers == 0:
        return Comparison(None)
    won = rate_ratio(
        b.new_customers, b.spend, a.new_customers, a.spend, confidence=context.settings.confidence
    )
    rest_value = b.spend / b.new_customers
    low = None if won.low is None else (won.low - 1) * rest_value
    high = None if won.high is None else (won.high - 1) * rest_value
    return Comparison(
        a.spend / a.new_customers - rest_value,
        low,
        high,
        conditional_binomial_p(a.new_customers, a.spend, b.new_customers, b.spend),
        ratio_low=won.low,
        ratio_high=won.high,
        variance=1 / a.new_customers,
        variance_rest=1 / b.new_customers,
    )


def _cac_draws(a: Acquisition, context: Context) -> Floats:
    spend, new = context.weights @ a.fold_spend, context.weights @ a.fold_new
    return quotient(spend, new, otherwise=np.inf)


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
    low, high = bounds(percentile_interval(draws, context.settings.confidence))
    return Estimate(
        value.value / cost.value,
        cost.n,
        None,
        low,
        high,
        enough=value.enough and cost.enough,
        variance=_variance(draws),
    )


def _ratio_draws(tally: Tally, context: Context) -> Floats:
    values = ltv_draws(tally, context)
    if values is None or tally.acquisition is None:
        return np.empty(0)
    cost = _cac_draws(tally.acquisition, context)
    ratio = quotient(values, cost)
    return np.where(np.isfinite(values), ratio, np.nan)


def _net_draws(tally: Tally, context: Context) -> Floats:
    values = ltv_draws(tally, context)
    if values is None or tally.acquisition is None:
        return np.empty(0)
    return values - _cac_draws(tally.acquisition, context)


def compare_ltv_to_cac(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Difference of the ratios, redrawn together; p on lifetime value less cost."""
    a, b = ltv_to_cac(part, context), ltv_to_cac(rest, context)
    if a.value is None or b.value is None:
        return Comparison(difference(a.value, b.value))
    gap = known(_ratio_draws(part, context) - _ratio_draws(rest, context))
    low, high = bounds(percentile_interval(gap, context.settings.confidence))
    net = _net_draws(part, context) - _net_draws(rest, context)
    return Comparison(
        a.value - b.value,
        low,
        high,
        bootstrap_p(known(net)),
        variance=a.variance,
        variance_rest=b.variance,
    )


def payback_months(tally: Tally, context: Context) -> Estimate:
    """Payments until the cost is earned back, counting those who leave; never is undefined."""
    missing = _cost_and_margin(tally, context)
    if missing is not None:
        return missing
    curve, money, cost = (
        curve_of(tally),
        margin_monthly(tally, context),
        cac(tally, context),
    )
    if curve is None or money is None or cost.value is None:
        return undefined(NO_LIFETIMES if curve is None else "needs monthly revenue", cost.n)
    months = context.horizon_months
    if months < 1:
        return undefined("no month is followed by enough customers", cost.n)
    paid = payback_payments(curve, money, context.settings.discount_monthly, cost.value, months)
    if paid is None:
        return undefined(f"never within {months} months", cost.n)
    draws = _payback_draws(tally, context)
    low, high = bounds(percentile_interval(draws, context.settings.confidence))
    note = f"{paid.survival:.0%} are still here when the last of these payments is made"
    if high is None:
        note = sentence(note, f"may never pay back within {months} months")
    return Estimate(
        float(paid.payments),
        cost.n,
        None,
        low,
        high,
        note,
        enough=cost.enough and curve.n >= context.settings.min_units,
    )


def _payback_draws(tally: Tally, context: Context) -> Floats:
    """Payments to payback in every redraw; infinite where it never comes."""
    money, paid = _margin_draws(tally, context), paid_draws(tally, context)
    if money is None or paid is None or tally.acquisition is None:
        return np.empty(0)
    earned = money[:, None] * np.cumsum(paid, axis=1)
    covered = earned >= _cac_draws(tally.acquisition, context)[:, None]
    return np.where(covered.any(axis=1), covered.argmax(axis=1) + 1.0, np.inf)


def compare_payback(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Difference of payments to payback; p on lifetime value less cost."""
    a, b = payback_months(part, context), payback_months(rest, context)
    if a.value is None or b.value is None:
        return Comparison(difference(a.value, b.value))
    first, second = _payback_draws(part, context), _payback_draws(rest, context)
    one_pays = np.isfinite(first) | np.isfinite(second)
    gap = first[one_pays] - second[one_pays]
    low, high = bounds(percentile_interval(gap, context.settings.confidence))
    net = _net_draws(rest, context) - _net_draws(part, context)
    return Comparison(
        a.value - b.value,
        low,
        high,
        bootstrap_p(known(net)),
        variance=_variance(first),
        variance_rest=_variance(second),
    )


LTV = Metric(
    id="ltv",
    title="Lifetime value",
    plain_title="Lifetime value",
    unit="money",
    direction="good_high",
    step="pay",
    estimate=ltv,
    compare=compare_ltv,
    needs="monthly revenue; months as a customer and who has churned; a gross margin to be called "
    "lifetime value",
    definition="Margin a month times the share of customers still here at each payment, "
    "discounted, over a horizon that is the same for all segments. Nothing is extrapolated.",
    formula="sum of m x S(k) / (1+d)^k, k = 0 .. H-1",
    source="Kaplan & Meier 1958; Gupta & Lehmann for the form; resampled interval",
    counted="customers",
    computed_from=("revenue_monthly", "revenue_total", "churned", "churned_on", "tenure_months"),
)

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
    computed_from=("acquisition_cost",),
    margin="rate",
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
    computed_from=("revenue_monthly", "revenue_total", "tenure_months", "acquisition_cost"),
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
    computed_from=("revenue_monthly", "revenue_total", "tenure_months", "acquisition_cost"),
)

METRICS = (LTV, CAC, LTV_TO_CAC, PAYBACK)
