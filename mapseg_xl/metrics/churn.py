"""Leaving: the share that has churned, and churn a month of customer time."""

from __future__ import annotations

from mapseg_xl.metrics.base import (
    Comparison,
    Context,
    Estimate,
    Metric,
    bounds,
    counted,
    sentence,
    undefined,
)
from mapseg_xl.metrics.shares import share
from mapseg_xl.stats.rates import Ratio, conditional_binomial_p, poisson_interval, rate_ratio
from mapseg_xl.tally.tally import Tally

NOBODY_SAYS = "needs a column that says who has left"
NO_LIFETIMES = "needs months as a customer, or start and churn dates"


def churned_share(tally: Tally, context: Context) -> Estimate:
    """Churned over everybody who ever became a customer; describes, and is never judged."""
    if not tally.leaving_told:
        return undefined(NOBODY_SAYS)
    if tally.paying == 0:
        return undefined("no customers", 0)
    return share(tally.churned, tally.paying, "", context.settings.min_units, context)


def monthly_churn(tally: Tally, context: Context) -> Estimate:
    """Churn events over customer-months at risk, exact Poisson interval."""
    lived = exposure_of(tally)
    if lived is None:
        return undefined(NO_LIFETIMES if tally.leaving_told else NOBODY_SAYS)
    events, months = lived
    unknown = counted(tally.lifetimes.left_out, "customer", "customers") if tally.lifetimes else ""
    note = f"{unknown} left out: length of stay unknown" if unknown else ""
    if months <= 0:
        return undefined(sentence("no month at risk", note), 0)
    low, high = bounds(poisson_interval(events, months, context.settings.confidence))
    if events == 0:
        note = sentence("nobody has left so far", note)
    return Estimate(
        events / months, months, events, low, high, note, enough=True, variance=events / months**2
    )


def exposure_of(tally: Tally) -> tuple[int, float] | None:
    """Customers lost, and the customer-months they were lost in; None where either is not known."""
    if tally.lifetimes is not None:
        months = tally.lifetimes.months
        return int(months.events.sum()), months.exposure
    return None if tally.exposure is None else (tally.exposure.events, tally.exposure.months)


def limits_of_difference(ratio: Ratio, rest_value: float) -> tuple[float | None, float | None]:
    """(limit - 1) x rest value, for metrics whose ratio is judged; None where everyone else is at 0."""
    if not rest_value:
        return None, None
    low, high = (None if limit is None else (limit - 1) * rest_value for limit in ratio[1:])
    return low, high


def compare_monthly_churn(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Ratio of two rates with its exact or log interval; conditional binomial p."""
    a, b = exposure_of(part), exposure_of(rest)
    if a is None or b is None:
        return Comparison(None)
    (d1, t1), (d2, t2) = a, b
    if t1 <= 0 or t2 <= 0:
        return Comparison(None)
    ratio = rate_ratio(d1, t1, d2, t2, confidence=context.settings.confidence)
    rest_value = d2 / t2
    low, high = limits_of_difference(ratio, rest_value)
    return Comparison(
        d1 / t1 - rest_value,
        low,
        high,
        conditional_binomial_p(d1, t1, d2, t2),
        ratio_low=ratio.low,
        ratio_high=ratio.high,
        variance=1 / d1 if d1 else None,
        variance_rest=1 / d2 if d2 else None,
    )


CHURNED_SHARE = Metric(
    id="churned_share",
    title="Churned share",
    plain_title="Share that has left",
    unit="share",
    direction="good_low",
    step="stay",
    estimate=churned_share,
    compare=None,
    needs="who has churned",
    definition="Churned customers over all who ever became customers. It grows with the age of "
    "the base, so segments of different age cannot be compared on it.",
    formula="churned / (customers + churned)",
    source="Wilson 1927",
    counted="customers and churned",
    untested="depends on age",
    computed_from=("status", "churned", "churned_on"),
    cautious="share",
    native="{events}/{n}",
)

MONTHLY_CHURN = Metric(
    id="monthly_churn",
    title="Monthly churn",
    plain_title="Leaving each month",
    unit="share",
    direction="good_low",
    step="stay",
    estimate=monthly_churn,
    compare=compare_monthly_churn,
    needs="months as a customer, or start and churn dates; who has churned",
    definition="Customers lost for each month that a customer was here (person-time).",
    formula="churned / customer-months",
    source="exact Poisson interval; conditional binomial test",
    counted="customer-months",
    computed_from=("status", "churned", "churned_on", "tenure_months"),
    margin="rate",
    by_events=True,
    least="min_expected_events",
    native="{events}/{n}",
)

METRICS = (CHURNED_SHARE, MONTHLY_CHURN)
