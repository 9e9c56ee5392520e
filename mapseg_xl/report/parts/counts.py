"""The counts a metric's live figure starts from, read off a Tally: what stands above and below the line."""

from __future__ import annotations

from dataclasses import dataclass

from mapseg_xl.metrics.churn import exposure_of
from mapseg_xl.tally.tally import Sums, Tally


@dataclass(frozen=True, slots=True)
class Counts:
    """Numerator and denominator of a figure. `kind`: share, rate (a customer-month), mean, cost."""

    events: float
    n: float
    kind: str


def counts_of(metric_id: str, tally: Tally) -> Counts | None:
    """The counts behind a metric; None for those that cannot be rebuilt from two numbers."""
    finders = {
        "conversion": _conversion,
        "win_rate": _win_rate,
        "churned_share": _churned,
        "monthly_churn": _monthly_churn,
        "arpu": _arpu,
        "revenue_per_customer": _revenue,
        "cac": _cac,
        "repeat_rate": _repeats,
        "orders_per_customer": _orders,
        "average_order_value": _order_value,
    }
    finder = finders.get(metric_id)
    found = finder(tally) if finder else None
    return found if found is not None and found.n > 0 else None


def _conversion(tally: Tally) -> Counts | None:
    c = tally.conversion
    return None if c is None else Counts(c.converted, c.n, "share")


def _win_rate(tally: Tally) -> Counts | None:
    d = tally.deals
    return None if d is None else Counts(d.won, d.won + d.lost, "share")


def _churned(tally: Tally) -> Counts | None:
    return Counts(tally.churned, tally.paying, "share")


def _monthly_churn(tally: Tally) -> Counts | None:
    lived = exposure_of(tally)
    return None if lived is None else Counts(*lived, "rate")


def _arpu(tally: Tally) -> Counts | None:
    money, so_far = tally.revenue_monthly, tally.revenue_per_month
    if money is not None:
        return Counts(money.values.total, money.n, "mean")
    if so_far is not None:
        return Counts(so_far.revenue, so_far.months, "mean")
    return _sums(tally.price_sums)


def _sums(sums: Sums | None) -> Counts | None:
    return None if sums is None else Counts(sums.total, sums.n, "mean")


def _revenue(tally: Tally) -> Counts | None:
    money = tally.revenue_total
    return (
        _sums(tally.revenue_sums) if money is None else Counts(money.values.total, money.n, "mean")
    )


def _cac(tally: Tally) -> Counts | None:
    a = tally.acquisition
    return None if a is None or not a.known else Counts(a.spend, a.new_customers, "cost")


def _repeats(tally: Tally) -> Counts | None:
    r = tally.repeats
    return None if r is None else Counts(r.converted, r.n, "share")


def _orders(tally: Tally) -> Counts | None:
    orders = tally.orders
    return None if orders is None else Counts(orders.values.total, orders.n, "mean")


def _order_value(tally: Tally) -> Counts | None:
    money = tally.revenue_per_order
    return None if money is None else Counts(money.revenue, money.orders, "mean")


def margin_counts(tally: Tally) -> Counts | None:
    """Sum of the customers' own margins a month, and how many or how many months they are of."""
    money, so_far = tally.margin_monthly, tally.margin_per_month
    if money is not None:
        return Counts(money.values.total, money.n, "mean") if money.n else None
    if so_far is not None and so_far.months:
        return Counts(so_far.revenue, so_far.months, "mean")
    return None
