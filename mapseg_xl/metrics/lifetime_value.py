"""Lifetime value under contract: margin a month for as long as customers stay, within a horizon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.metrics.base import (
    Comparison,
    Context,
    Estimate,
    Metric,
    counted,
    drawn_range,
    known,
    less,
    once,
    sentence,
    undefined,
)
from mapseg_xl.metrics.lifetime import NO_SIZES, curve_in, is_counted, no_lifetimes
from mapseg_xl.metrics.revenue import (
    NO_SPREAD,
    arpu,
    arpu_draws,
    compare_ratios,
    dealt_at_random,
    mean_draws,
    per_month_draws,
    rests_on_few,
    thin,
)
from mapseg_xl.stats.curve_draws import survival_draws
from mapseg_xl.stats.intervals import normal_quantile
from mapseg_xl.stats.permutation import as_far_out
from mapseg_xl.stats.resampling import bootstrap_p
from mapseg_xl.stats.survival import (
    annuity,
    annuity_variance,
    at_risk_at,
    payment_weights,
    survival_on,
)
from mapseg_xl.tally.tally import Money, PerMonth, Tally

Floats = NDArray[np.float64]
VALUE_ROLES = (
    "revenue_monthly",
    "revenue_total",
    "gross_margin",
    "status",
    "churned",
    "churned_on",
    "tenure_months",
)


def margin_monthly(tally: Tally, context: Context) -> float | None:
    """Gross margin a customer a month; the revenue itself while no margin is known."""
    if context.settings.gross_margin is None:
        own, per_month = tally.margin_monthly, tally.margin_per_month
        if own is not None:
            return own.mean
        if per_month is not None:
            return per_month.revenue / per_month.months if per_month.months else None
    value = arpu(tally, context).value
    share = context.settings.gross_margin
    return value if value is None or share is None else value * share


def knows_margin(tally: Tally, context: Context) -> bool:
    """Whether money is margin and not revenue."""
    return context.settings.gross_margin is not None or has_own_margin(tally)


def has_own_margin(tally: Tally) -> bool:
    """Whether customers come with a margin each."""
    return tally.margin_monthly is not None or tally.margin_per_month is not None


def margin_draws(tally: Tally, context: Context) -> Floats | None:
    """`margin_monthly` in each redraw of the folds; None where it is not available."""
    if context.settings.gross_margin is None:
        if tally.margin_monthly is not None:
            return mean_draws(tally.margin_monthly, context)
        if tally.margin_per_month is not None:
            return per_month_draws(tally.margin_per_month, context)
    draws = arpu_draws(tally, context)
    share = context.settings.gross_margin
    return draws if draws is None or share is None else draws * share


def paid_draws(tally: Tally, context: Context) -> Floats | None:
    """Discounted S(k) at each payment in every redraw of the folds: draws x horizon."""
    life = tally.lifetimes
    if life is None or life.folded is None:
        return None
    months = context.horizon_months
    events, gone, times = life.folded.dense(float(months))
    later = life.folded.per_fold() - gone.sum(axis=1)
    times = np.append(
        times, float(months)
    )  # whoever is followed beyond the horizon is at risk in it
    events = np.column_stack([events, np.zeros(len(later))])
    gone = np.column_stack([gone, later])
    at = np.arange(months)
    still = survival_draws(times, events, gone - events, context.weights, at)
    still *= _from_grid_to_days(tally, context, (times, events, gone))
    still[:, 0] = np.where(np.isnan(still[:, 0]), np.nan, 1.0)
    return still * payment_weights(months, context.settings.discount_monthly)


def _from_grid_to_days(
    tally: Tally, context: Context, grid: tuple[Floats, Floats, Floats]
) -> Floats:
    """S(k) of the curve by days over that of the coarser grid on which curves are resampled."""
    times, events, gone = grid
    curve = curve_in(tally, context)
    at = np.arange(int(times[-1]))
    everybody = np.ones((1, len(events)))
    coarse = survival_draws(times, events, gone - events, everybody, at)[0]
    exact = survival_on(curve, at) if curve is not None else coarse
    ratio = np.divide(exact, coarse, out=np.ones(len(at)), where=coarse > 0)
    return np.where(np.isfinite(ratio), ratio, 1.0)


@once
def ltv_draws(tally: Tally, context: Context) -> Floats | None:
    """Lifetime value in every redraw of the folds; None where a part is missing."""
    money, paid = margin_draws(tally, context), paid_draws(tally, context)
    return None if money is None or paid is None else money * paid.sum(axis=1)


@once
def ltv(tally: Tally, context: Context) -> Estimate:
    """Margin a month times the discounted share still here at each payment, over the horizon."""
    curve, months = curve_in(tally, context), context.horizon_months
    if curve is None:
        return undefined(no_lifetimes(tally))
    money = margin_monthly(tally, context)
    if money is None:
        return undefined("needs monthly revenue, or revenue so far")
    if months < 1:
        return undefined("no month is followed by enough customers", curve.n)
    still = annuity(curve, months, context.settings.discount_monthly)
    if still is None:
        return undefined(f"followed for {curve.last_time:.1f} months, fewer than {months}", curve.n)
    if not is_counted(curve):
        return Estimate(money * still, note=_ltv_note(tally, context, 1.0), untested=NO_SIZES)
    draws = ltv_draws(tally, context)
    if draws is None:
        return _by_errors(tally, money * still, context)
    low, high = drawn_range(known(draws), context)
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
        variance=spread(draws),
    )


def _by_errors(tally: Tally, value: float, context: Context) -> Estimate:
    """Where no customers can be drawn again: the range by the delta method, from the errors of money and of curve.

    Money of which sums alone are known has no error that could be told, so neither has what it makes.
    """
    curve, months = curve_in(tally, context), context.horizon_months
    price, money = arpu(tally, context), margin_monthly(tally, context)
    events = 0.0 if curve is None else float(curve.events.sum())
    note = _ltv_note(tally, context, events)
    n = None if curve is None else curve.n
    if curve is None or not money or price.variance is None or not price.value:
        return Estimate(value, n, events, note=note, untested=NO_SPREAD)
    errors = annuity_variance(curve, months, context.settings.discount_monthly) or 0.0
    variance = value**2 * price.variance / price.value**2 + money**2 * errors
    half = normal_quantile(context.settings.confidence) * variance**0.5
    enough = at_risk_at(curve, months - 1) >= context.settings.min_at_risk and price.enough
    return Estimate(
        value, n, events, value - half, value + half, note, enough=enough, variance=variance
    )


def _ltv_note(tally: Tally, context: Context, events: float) -> str:
    months = context.horizon_months
    kind = "" if knows_margin(tally, context) else f"{months}-month revenue: no margin is known"
    none_left = "" if events else f"nobody has left: this is for {months} months only"
    return sentence(kind, none_left, _margin_unknown(tally, context), thin(tally.paying, context))


def _margin_unknown(tally: Tally, context: Context) -> str:
    if context.settings.gross_margin is not None:
        return ""
    whole: Money | PerMonth | None = tally.revenue_monthly
    own: Money | PerMonth | None = tally.margin_monthly
    if own is None:
        whole, own = tally.revenue_per_month, tally.margin_per_month
    left = counted(whole.n - own.n, "customer", "customers") if whole and own else ""
    return f"{left} left out: margin unknown" if left else ""


def spread(draws: Floats | None) -> float | None:
    """Variance of the finite draws; None of fewer than two."""
    seen = np.empty(0) if draws is None else draws[np.isfinite(draws)]
    return float(seen.var()) if len(seen) > 1 else None


def careful_value_p(p: float, part: Tally, rest: Tally, gap: float, context: Context) -> float:
    """The p of a difference of lifetime values; where few large prices decide, not under that of chance.

    By the delta method: prices as if dealt at random, curves with their own Greenwood errors.
    """
    prices, theirs = _prices(part, context), _prices(rest, context)
    curve, other = curve_in(part, context), curve_in(rest, context)
    if prices is None or theirs is None or curve is None or other is None:
        return p
    chance = dealt_at_random(prices, theirs)
    if chance is None or not rests_on_few(prices, theirs, chance, context):
        return p
    months, discount = context.horizon_months, context.settings.discount_monthly
    kept = [annuity(c, months, discount) for c in (curve, other)]
    errors = [annuity_variance(c, months, discount) for c in (curve, other)]
    if None in kept or None in errors:
        return p
    n = prices.n + theirs.n
    money = (prices.values.total + theirs.values.total) / n
    payments = sum(k * m.n for k, m in zip(kept, (prices, theirs), strict=True) if k) / n
    share = context.settings.gross_margin if context.settings.gross_margin is not None else 1.0
    by_price = (payments * share) ** 2 * chance.variance
    whole = by_price + (money * share) ** 2 * sum(e for e in errors if e)
    if whole <= 0:
        return p
    return max(p, as_far_out(gap / whole**0.5, chance.lean * (by_price / whole) ** 1.5))


def _prices(tally: Tally, context: Context) -> Money | None:
    """The amounts a lifetime value is made of: each customer's margin where known, else the price."""
    if context.settings.gross_margin is None and tally.margin_monthly is not None:
        return tally.margin_monthly
    return tally.revenue_monthly


def compare_ltv(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Difference of two lifetime values, both redrawn together."""
    a, b = ltv(part, context), ltv(rest, context)
    first, second = ltv_draws(part, context), ltv_draws(rest, context)
    if a.value is None or b.value is None:
        return Comparison(None)
    if first is None or second is None:
        return compare_ratios(a, round(a.n or 0), b, round(b.n or 0), context)
    draws = known(less(first, second))
    low, high = drawn_range(draws, context)
    gap = a.value - b.value
    return Comparison(
        gap,
        low,
        high,
        careful_value_p(bootstrap_p(draws), part, rest, gap, context),
        variance=a.variance,
        variance_rest=b.variance,
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
    source="Kaplan & Meier 1958; Gupta & Lehmann for the form; resampled interval; where few large "
    "prices decide, also prices dealt at random",
    counted="customers",
    computed_from=VALUE_ROLES,
    follows=True,
    cautious="mean",
)

METRICS = (LTV,)
