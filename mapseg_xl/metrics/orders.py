"""Repeat purchase: who buys again, how many orders a customer places, and what an order comes to."""

from __future__ import annotations

from dataclasses import replace

from mapseg_xl.metrics.base import (
    Comparison,
    Context,
    Estimate,
    Floats,
    Metric,
    counted,
    difference,
    drawn_range,
    known,
    quotient,
    sentence,
    undefined,
)
from mapseg_xl.metrics.conversion import day
from mapseg_xl.metrics.revenue import compare_ratios, mean_of, thin
from mapseg_xl.metrics.shares import compare_shares, share
from mapseg_xl.stats.means import ratio_of_sums
from mapseg_xl.tally.tally import PerOrder, Tally

AGE = "depends on age"
NO_ORDERS = "needs the number of orders a customer, or a sheet of dated orders"
NO_ORDER_VALUES = "needs dated orders with their values, or revenue so far and the number of orders"
ORDER_ROLES = ("order_count",)


def _count(tally: Tally) -> tuple[int, int] | None:
    r = tally.repeats
    return None if r is None else (r.converted, r.n)


def repeat_rate(tally: Tally, context: Context) -> Estimate:
    """Share of buyers with a second order within the window, among those whose window is over; Wilson interval.

    Without order days: two orders or more over one or more, which grows with age and is never judged.
    """
    r = tally.repeats
    if r is None:
        return undefined(NO_ORDERS)
    found = share(r.converted, r.n, _repeat_note(tally), context.settings.min_units, context)
    return found if r.form == "window" else replace(found, untested=AGE)


def _repeat_note(tally: Tally) -> str:
    r = tally.repeats
    if r is None:
        return ""
    if r.form == "undated":
        left = counted(r.left_out, "customer", "customers")
        return f"{left} left out: number of orders unknown" if left else ""
    if r.form == "so_far":
        return "everybody who has bought so far, however lately"
    window = f"a second order within {tally.question.repeat_days} days of the first"
    waiting = counted(r.still_open, "buyer", "buyers")
    if not waiting:
        return window
    note = f"{waiting} too recent on {day(tally.question.as_of)}, left out"
    return sentence(window, note + (f" ({r.early:,} bought again already)" if r.early else ""))


def orders_per_customer(tally: Tally, context: Context) -> Estimate:
    """Orders so far over customers with at least one; grows with age, so never judged."""
    if tally.orders is None:
        return undefined(NO_ORDERS)
    found = mean_of(tally.orders, context)
    return found if found.value is not None else undefined("nobody has bought yet", 0)


def average_order_value(tally: Tally, context: Context) -> Estimate:
    """Revenue over orders, as a ratio of sums over customers; the median is of single orders."""
    p = tally.revenue_per_order
    if p is None:
        return undefined(NO_ORDER_VALUES)
    ratio = ratio_of_sums(
        p.n, p.revenue, p.orders, p.revenue_squared, p.revenue_orders, p.orders_squared
    )
    if ratio.value is None:
        return undefined("nobody has bought yet", p.n)
    low, high = drawn_range(known(_draws(p, context)), context)
    return Estimate(
        ratio.value,
        p.orders,
        None,
        low,
        high,
        thin(p.n, context),
        enough=p.n >= context.settings.min_units,
        variance=ratio.variance,
        median=tally.order_values.median if tally.order_values is not None else None,
        customers=p.n,
    )


def _draws(p: PerOrder, context: Context) -> Floats:
    """Revenue over orders in each redraw of the folds."""
    return quotient(context.redrawn(p.fold_revenue), context.redrawn(p.fold_orders))


def compare_order_value(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Difference of two ratios of sums by linearisation, customers being the units (Cochran 1977)."""
    a, b = average_order_value(part, context), average_order_value(rest, context)
    mine, theirs = part.revenue_per_order, rest.revenue_per_order
    if mine is None or theirs is None:
        return Comparison(difference(a.value, b.value))
    return compare_ratios(a, mine.n, b, theirs.n, context)


REPEAT_RATE = Metric(
    id="repeat_rate",
    title="Repeat rate",
    plain_title="Customers who buy again",
    unit="share",
    direction="good_high",
    step="stay",
    estimate=repeat_rate,
    compare=compare_shares(_count),
    needs="dated orders; or the number of orders a customer, which cannot be compared",
    definition="Share of buyers with a second order within the window, of those whose window is over. Orders of "
    "one day are one. Without order days: two orders or more, of all who bought.",
    formula="second order within the window / buyers matured",
    source="Wilson 1927; Newcombe 1998",
    counted="buyers",
    computed_from=ORDER_ROLES,
    margin="share",
    cautious="share",
    strata="repeat_rate",
    native="{events}/{n}",
)

ORDERS_PER_CUSTOMER = Metric(
    id="orders_per_customer",
    title="Orders per customer",
    plain_title="Orders a customer so far",
    unit="count",
    direction="good_high",
    step="stay",
    estimate=orders_per_customer,
    compare=None,
    needs="dated orders, or the number of orders a customer",
    definition="Orders so far over customers with at least one. It grows with the time they have been here, so "
    "segments of different age cannot be compared on it.",
    formula="orders / customers with an order",
    source="t or percentile-bootstrap interval",
    counted="buyers",
    untested=AGE,
    computed_from=ORDER_ROLES,
    cautious="mean",
    native="{total}/{n}",
    fields=("total",),
)

AVERAGE_ORDER_VALUE = Metric(
    id="average_order_value",
    title="Average order value",
    plain_title="Revenue an order",
    unit="money",
    direction="good_high",
    step="pay",
    estimate=average_order_value,
    compare=compare_order_value,
    needs="dated orders with their values; or revenue so far and the number of orders",
    definition="Revenue over orders. Refunds lower the revenue and are no orders; orders of one day are one.",
    formula="revenue / orders",
    source="ratio of sums over customers (Cochran 1977), resampled interval; Welch 1947",
    counted="orders",
    computed_from=("revenue_total", *ORDER_ROLES),
    cautious="mean",
    native="{total}/{n}",
    fields=("total",),
)

METRICS = (REPEAT_RATE, ORDERS_PER_CUSTOMER, AVERAGE_ORDER_VALUE)
