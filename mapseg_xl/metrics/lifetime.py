"""Staying: share still here after 12 and 24 months, median and average months as a customer."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from mapseg_xl.metrics.base import (
    Comparison,
    Context,
    Estimate,
    Metric,
    bounds,
    counted,
    once,
    sentence,
    undefined,
)
from mapseg_xl.metrics.churn import NO_LIFETIMES, NOBODY_SAYS
from mapseg_xl.stats.intervals import normal_quantile
from mapseg_xl.stats.survival import (
    Curve,
    Durations,
    at_risk_at,
    greenwood_variance,
    kaplan_meier,
    loglog_interval,
    logrank,
    median,
    median_interval,
    rmst,
    rmst_difference,
    rmst_variance,
    survival_at,
    survival_difference,
)
from mapseg_xl.tally.tally import Lifetimes, SharesHere, Tally

NO_TEST_AT_THE_END = (
    "nobody or everybody has left on one side, so this figure has no test; "
    "average months as a customer has one"
)
NO_SIZES = "the sheet gives shares alone, not of how many customers"
SOURCE = "Kaplan & Meier 1958; Greenwood 1926"


def no_lifetimes(tally: Tally) -> str:
    """Why there is no curve."""
    return NO_LIFETIMES if tally.leaving_told else NOBODY_SAYS


def curve_of(tally: Tally) -> Curve | None:
    """The survival curve of a group; None where nobody's length of stay is known."""
    life = tally.lifetimes
    if life is None and tally.shares_here is not None:
        return _uncounted(tally.shares_here)
    if life is None or life.months.n == 0:
        return None
    return kaplan_meier(life.months.times, life.months.events, life.months.censored)


def _uncounted(drawn: SharesHere) -> Curve | None:
    """A curve of shares alone: nobody knows how many are at risk, so nothing read off it has a range."""
    if not len(drawn.months):
        return None
    unknown = np.full(len(drawn.months), math.nan)
    return Curve(
        drawn.months, unknown, unknown, drawn.shares, unknown, float(drawn.months[-1]), math.nan
    )


def is_counted(curve: Curve) -> bool:
    """Whether it is known of how many customers a curve is."""
    return not math.isnan(curve.n)


@once
def curve_in(tally: Tally, context: Context) -> Curve | None:
    """`curve_of`, found once a run."""
    return curve_of(tally)


def _left_out(life: Lifetimes | None) -> str:
    unknown = counted(life.left_out, "customer", "customers") if life else ""
    return f"{unknown} left out: length of stay unknown" if unknown else ""


def survival(tally: Tally, context: Context, month: float) -> Estimate:
    """Share still a customer after `month` months, log-log interval; n enter the curve."""
    curve = curve_in(tally, context)
    if curve is None:
        return undefined(no_lifetimes(tally))
    value = survival_at(curve, month)
    at_risk = at_risk_at(curve, month)
    if value is None:
        n = curve.n if is_counted(curve) else None
        return undefined(f"followed for {curve.last_time:.1f} months only", n)
    if not is_counted(curve):
        return Estimate(value, note=NO_SIZES, untested=NO_SIZES)
    low, high = bounds(loglog_interval(curve, month, context.settings.confidence))
    note = sentence(f"{at_risk:,.0f} still followed at month {month:g}", _left_out(tally.lifetimes))
    return Estimate(
        value,
        curve.n,
        float(curve.events[curve.times <= month].sum()),
        low,
        high,
        note,
        enough=at_risk >= context.settings.min_at_risk,
        variance=greenwood_variance(curve, month),
    )


def compare_survival(part: Tally, rest: Tally, context: Context, month: float) -> Comparison:
    """Difference of two shares still here; p by complementary log-log.

    Where one side stands at 1 or 0 there is no p, but exact limits, and these can still rule out a
    difference that matters: so the segment stays in its family and gets a verdict.
    """
    a, b = curve_in(part, context), curve_in(rest, context)
    if a is None or b is None or not (is_counted(a) and is_counted(b)):
        return Comparison(None)
    gap = survival_difference(a, b, month, context.settings.confidence)
    at_the_end = gap.difference is not None and gap.p is None
    return Comparison(
        gap.difference,
        gap.low,
        gap.high,
        gap.p,
        variance=None if at_the_end else greenwood_variance(a, month),
        variance_rest=None if at_the_end else greenwood_variance(b, month),
        note=NO_TEST_AT_THE_END if at_the_end else "",
    )


def median_lifetime_months(tally: Tally, context: Context) -> Estimate:
    """Months until half of the customers have left; undefined if the curve stays above one half."""
    curve = curve_in(tally, context)
    if curve is None:
        return undefined(no_lifetimes(tally))
    value = median(curve)
    if not is_counted(curve):
        return Estimate(value, note=NO_SIZES) if value is not None else undefined("not reached")
    low, high = bounds(median_interval(curve, context.settings.confidence))
    still = float(curve.survival[-1])
    note = (
        ""
        if value is not None
        else f"not reached: {still:.0%} still here at {curve.last_time:g} months"
    )
    return Estimate(
        value,
        curve.n,
        float(curve.events.sum()),
        low,
        high,
        sentence(note, _left_out(tally.lifetimes)),
        enough=curve.n >= context.settings.min_units,
    )


def rmst_months(tally: Tally, context: Context) -> Estimate:
    """Average months as a customer within the first tau months; tau is one number a run."""
    curve, tau = curve_in(tally, context), context.tau_months
    if curve is None or tau is None:
        return undefined(no_lifetimes(tally))
    value = rmst(curve, tau)
    if value is None:
        last = f"followed for {curve.last_time:.1f} months, not {tau:g}"
        n = curve.n if is_counted(curve) else None
        return undefined(f"{last}; a shorter limit can be set on Survival & LTV", n)
    if not is_counted(curve):
        return Estimate(value, note=sentence(f"within {tau:g} months", NO_SIZES), untested=NO_SIZES)
    variance = rmst_variance(curve, tau)
    half = normal_quantile(context.settings.confidence) * (variance or 0.0) ** 0.5
    at_risk = at_risk_at(curve, tau)
    note = sentence(
        f"within {tau:g} months; {at_risk:,.0f} followed that long", _left_out(tally.lifetimes)
    )
    return Estimate(
        value,
        curve.n,
        float(curve.events.sum()),
        max(value - half, 0.0),
        min(value + half, tau),
        note,
        enough=at_risk >= context.settings.min_at_risk,
        variance=variance,
    )


def compare_rmst(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Difference of average months with its z; the log-rank test of the whole curves in the note."""
    a, b, tau = curve_in(part, context), curve_in(rest, context), context.tau_months
    if a is None or b is None or tau is None or not (is_counted(a) and is_counted(b)):
        return Comparison(None)
    gap = rmst_difference(a, b, tau, context.settings.confidence)
    whole = logrank(_durations(part), _durations(rest))
    note = "" if whole.p is None else f"whole curves differ: {_how_sure(whole.p)}"
    return Comparison(
        gap.difference,
        gap.low,
        gap.high,
        gap.p,
        variance=rmst_variance(a, tau),
        variance_rest=rmst_variance(b, tau),
        note=note,
    )


def _durations(tally: Tally) -> Durations:
    assert tally.lifetimes is not None  # noqa: S101 - a curve exists
    m = tally.lifetimes.months
    return m.times, m.events, m.censored


def _how_sure(p: float) -> str:
    if p <= 0.001:
        return "strong"
    return "fair" if p <= 0.05 else "can't tell"


def _survival_metric(month: int) -> Metric:
    return Metric(
        id=f"survival_{month}m",
        title=f"Still here at {month} months",
        plain_title=f"Still here at {month} months",
        unit="share",
        direction="good_high",
        step="stay",
        estimate=partial(survival, month=month),
        compare=partial(compare_survival, month=month),
        needs=NO_LIFETIMES.removeprefix("needs "),
        definition=f"Share of customers still here {month} months after their start, counting "
        "those who have not been watched that long for as long as they were.",
        formula=f"S({month}) = product of 1 - left / at risk",
        source=SOURCE,
        counted="customers",
        computed_from=("status", "churned", "churned_on", "tenure_months"),
        margin="share",
        follows=True,
        least="min_at_risk",
    )


SURVIVAL_12M = _survival_metric(12)
SURVIVAL_24M = _survival_metric(24)

MEDIAN_LIFETIME = Metric(
    id="median_lifetime_months",
    title="Median lifetime",
    plain_title="Months until half have left",
    unit="months",
    direction="good_high",
    step="stay",
    estimate=median_lifetime_months,
    compare=None,
    needs=NO_LIFETIMES.removeprefix("needs "),
    definition="Months until half of the customers have left, counting those still here as not "
    "yet gone. Empty while more than half are still here.",
    formula="least t with S(t) <= 0.5",
    source=f"{SOURCE}; Brookmeyer & Crowley 1982",
    counted="customers",
    untested="no test for this figure",
    computed_from=("status", "churned", "churned_on", "tenure_months"),
)

RMST = Metric(
    id="rmst_months",
    title="Restricted mean lifetime",
    plain_title="Average months as a customer",
    unit="months",
    direction="good_high",
    step="stay",
    estimate=rmst_months,
    compare=compare_rmst,
    needs=NO_LIFETIMES.removeprefix("needs "),
    definition="Average months as a customer within a limit that is the same for all segments: "
    "the area under the share still here.",
    formula="area under S(t) from 0 to tau",
    source=f"{SOURCE}; Mantel 1966 for the curves as a whole",
    counted="customers",
    computed_from=("status", "churned", "churned_on", "tenure_months"),
    follows=True,
    least="min_at_risk",
    cautious="mean",
)

METRICS = (SURVIVAL_12M, SURVIVAL_24M, MEDIAN_LIFETIME, RMST)
