"""What customers bought, ready to be counted: from dated orders where they are at hand, else from counts a customer.

Orders of one customer on one day are one: exports list an order line by line. A refund (below 0) is money and no
order. Under contract an invoice is no purchase, so there dated orders are left to the cohorts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from mapseg_xl.intake.tables import Customers, Orders, Status
from mapseg_xl.settings import UNDER_CONTRACT, Settings
from mapseg_xl.tally.calendar import Dates, days_between
from mapseg_xl.tally.rows import (
    Amounts,
    Mask,
    MoneyAndMonths,
    Purchases,
    Rows,
    Trials,
    amounts_of,
    window_holding,
)
from mapseg_xl.tally.tally import Floats, Ints, Question


def with_purchases(
    rows: Rows, customers: Customers, orders: Orders | None, settings: Settings
) -> Rows:
    """The rows with what was bought. `orders` point at these customers; those after the as-of date are left out."""
    as_of = rows.question.as_of
    if orders is not None and as_of is not None and settings.model not in UNDER_CONTRACT:
        bought = _of_orders(orders, as_of)
        if bought.any():
            return _dated(rows, customers, orders, bought, settings)
    return replace(rows, purchases=_undated(customers))


def _of_orders(orders: Orders, as_of: date) -> Mask:
    """Lines with a customer and a day that has been."""
    known: Mask = (orders.customer >= 0) & (orders.order_on <= np.datetime64(as_of, "D"))
    return known


def _undated(customers: Customers) -> Purchases | None:
    """From the number of orders a customer; without one nothing is known."""
    count = customers.roles.get("order_count")
    paying = customers.status >= Status.CUSTOMER
    number = amounts_of(count, paying & (count >= 1)) if count is not None else None
    if count is None or number is None:
        return None
    buyers = np.zeros(customers.n, np.bool_)
    buyers[number.rows] = True
    nobody = np.zeros(customers.n, np.bool_)
    repeats = Trials(
        "undated", buyers, buyers & (count >= 2), nobody, nobody, paying & ~np.isfinite(count), None
    )
    return Purchases(repeats, number, _money_and_orders(customers, number), None)


def _money_and_orders(customers: Customers, number: Amounts) -> MoneyAndMonths | None:
    """Customers with revenue so far and a number of orders."""
    total = customers.roles.get("revenue_total")
    if total is None:
        return None
    known = np.isfinite(total[number.rows])
    rows = number.rows[known]
    return (rows, total[rows], number.amounts[known]) if len(rows) else None


def _dated(
    rows: Rows, customers: Customers, orders: Orders, known: Mask, settings: Settings
) -> Rows:
    """From orders with their days: numbers, values, and when the second one came."""
    real = known & ~(orders.value < 0)
    (who, day), place = _order_days(orders, real)
    count = np.bincount(who, minlength=customers.n).astype(np.float64)
    question, repeats = _repeats(rows, who, day, settings)
    number = amounts_of(count, count >= 1)
    valued = known & np.isfinite(orders.value)
    total = _sums(orders.customer[valued], orders.value[valued], customers.n)
    buyers = np.flatnonzero(count >= 1)
    pair = (buyers, total[buyers], count[buyers]) if valued.any() else None
    found = Purchases(repeats, number, pair, _day_values(who, place, orders.value[real]))
    return replace(rows, question=question, purchases=found)


def _order_days(orders: Orders, real: Mask) -> tuple[tuple[Ints, Ints], Ints]:
    """Customer and day (since 1970) of each order in their order, and which one each line belongs to."""
    who, day = orders.customer[real], orders.order_on[real].astype("M8[D]").astype(np.int64)
    if not len(day):
        return (who, day), who
    first = int(day.min())
    span = int(day.max()) - first + 1
    keys, place = np.unique(who * span + (day - first), return_inverse=True)
    return (keys // span, keys % span + first), place


def _day_values(who: Ints, place: Ints, value: Floats) -> Amounts | None:
    """What each order came to, lines of one day together; a customer has as many as orders."""
    known = np.isfinite(value)
    valued = np.bincount(place[known], minlength=len(who)) > 0
    if not valued.any():
        return None
    worth = np.round(_sums(place[known], value[known], len(who))[valued], 6)
    values, index = np.unique(worth, return_inverse=True)
    return Amounts(who[valued], worth, values, index)


def _sums(at: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(at, values, size).astype(np.float64)


def _repeats(rows: Rows, who: Ints, day: Ints, settings: Settings) -> tuple[Question, Trials]:
    """First orders and whether a second came within the window: matured the same way as conversion."""
    first, second = _first_and_second(rows.n, who, day)
    today = np.full(rows.n, np.datetime64(rows.question.as_of, "D"))
    age, waited = days_between(first, today), days_between(first, second)
    buyers, again = np.isfinite(age), np.isfinite(waited)
    days, reason = _window(waited, age, settings)
    question = replace(rows.question, repeat_days=days, repeat_reason=reason)
    nobody = np.zeros(rows.n, np.bool_)
    if days is None:
        return question, Trials("so_far", buyers, again, buyers & ~again, nobody, nobody, None)
    matured = buyers & (age >= days)
    trials = Trials(
        "window",
        matured,
        matured & (waited <= days),
        buyers & ~matured,
        buyers & ~matured & again,
        nobody,
        None,
    )
    return question, trials


def _window(waited: Floats, age: Floats, settings: Settings) -> tuple[int | None, str]:
    """Days a second order may take: as told for conversion, else what holds 90 % of those seen."""
    if settings.window_all:
        return None, "every order so far, as asked"
    if settings.window_days is not None:
        return settings.window_days, "as set"
    return window_holding(waited, age, "second orders")


def _first_and_second(n: int, who: Ints, day: Ints) -> tuple[Dates, Dates]:
    """Days of each customer's first and second order, NaT where there is none; lines sorted by both."""
    first, second = (np.full(n, np.datetime64("NaT"), dtype="M8[D]") for _ in range(2))
    starts = np.flatnonzero(np.diff(who, prepend=-1))
    first[who[starts]] = day[starts].astype("M8[D]")
    following = starts + 1
    has = following < len(who)
    has[has] = who[following[has]] == who[starts[has]]
    second[who[starts[has]]] = day[following[has]].astype("M8[D]")
    return first, second
