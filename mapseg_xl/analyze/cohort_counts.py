"""Counting customers and their money by month of start and age in calendar months. Only here are rows seen.

Everything of a customer is found once; a group of customers is then a few passes of integer counting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.tables import Array, Customers, Orders, Status
from mapseg_xl.tally.calendar import add_months
from mapseg_xl.tally.rows import Mask, customer_since, leaving_is_told
from mapseg_xl.tally.tally import Floats, Ints

Days: TypeAlias = NDArray[np.datetime64]
DENSE_KEYS = 100_000_000  # bytes
ONE_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True, eq=False)
class Months:
    """The calendar of a triangle. Months are counted from 1970-01, as numpy does."""

    first: int  # of the oldest cohort
    last: int  # the month of the as-of date
    over: int  # the last month that is over on the as-of date

    @property
    def n(self) -> int:
        """Months of start, and ages, that there can be."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, eq=False)
class Stays:
    """Customers with a start: month of it, and of leaving; who has not left leaves after the as-of date."""

    rows: Ints
    start: Days
    end: Days  # the day of leaving; the day after the as-of date for those still here
    gone: Mask
    unknown: int  # customers without a usable start
    undated: int  # who left, but nobody wrote down when


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """What customers did in which month of their life: distinct (row, age) of orders, and money of each order."""

    rows: Ints
    start: Days
    active_row: Ints
    active_age: Ints
    paid_row: Ints
    paid_age: Ints
    paid: Floats
    window: int  # first month of the table: nothing is known of earlier ones
    early: int  # customers who started before it


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A group by cohort (rows) and age (columns): starters, those still here or active, money so far."""

    starters: Ints
    kept: Floats
    payers: Ints  # starters whose money is known
    money: Floats | None  # cumulative


def months_of(days: Days) -> Ints:
    """Calendar month of each day, counted from 1970-01."""
    found: Ints = days.astype("M8[M]").astype(np.int64)
    return found


def calendar(start: Days, as_of: date, most: int) -> Months:
    """The months from the oldest of at most `most` cohorts to the as-of date."""
    day = np.datetime64(as_of, "D")
    last = int(months_of(np.array([day]))[0])
    over = last if int(months_of(np.array([day + ONE_DAY]))[0]) > last else last - 1
    first = max(int(months_of(start).min()), last - most + 1) if len(start) else last
    return Months(first, last, over)


def stays(customers: Customers, as_of: date) -> Stays | None:
    """Every paying customer's start and end; None where no start, or nobody's leaving, is dated."""
    since = customer_since(customers)
    if since is None or not leaving_is_told(customers):
        return None
    paying = customers.status >= Status.CUSTOMER
    gone = customers.status == Status.CHURNED
    left = _left_on(customers, since)
    end = np.where(gone, left, np.datetime64(as_of, "D") + ONE_DAY)
    undated = paying & gone & np.isnat(left)
    usable = paying & ~undated & (since <= end)
    rows = np.flatnonzero(usable)
    return Stays(
        rows,
        since[rows].astype("M8[D]"),
        end[rows].astype("M8[D]"),
        gone[rows],
        int((paying & ~undated & ~usable).sum()),
        int(undated.sum()),
    )


def _left_on(customers: Customers, since: Array) -> Days:
    """The day each row left: as dated, else its months as a customer after its start."""
    left = np.full(customers.n, np.datetime64("NaT"), dtype="M8[D]")
    dated = customers.roles.get("churned_on")
    if dated is not None:
        left = dated.astype("M8[D]")
    tenure = customers.roles.get("tenure_months")
    if tenure is None:
        return left
    told = np.isnat(left) & ~np.isnat(since) & (tenure >= 0)
    whole = np.floor(tenure[told])
    length = 365.25 / 12  # only the odd days of a length of stay that has no date
    part = np.round((tenure[told] - whole) * length).astype("m8[D]")
    left[told] = add_months(since[told].astype("M8[D]"), whole.astype(np.int64)) + part
    return left


def activity(customers: Customers, orders: Orders, as_of: date) -> Activity | None:
    """Orders by age since the first one, or since an earlier conversion; None where none is dated.

    A refund is money but no order. Who started before the table begins is left out and counted.
    """
    day = np.datetime64(as_of, "D")
    known = (orders.customer >= 0) & (orders.order_on <= day)
    bought = known & ~(orders.value < 0)
    if not bought.any():
        return None
    first = np.full(customers.n, np.datetime64("NaT"), dtype="M8[D]")
    latest_first = np.flatnonzero(bought)[np.argsort(orders.order_on[bought], kind="stable")[::-1]]
    first[orders.customer[latest_first]] = orders.order_on[latest_first]
    converted = customers.roles.get("converted_on")
    if converted is not None:
        first = np.where(np.isnat(first), first, np.fmin(first, converted.astype("M8[D]")))
    window = int(months_of(orders.order_on[known]).min())
    started = ~np.isnat(first)
    rows = np.flatnonzero(started & (months_of(first) >= window))
    return _aged(customers.n, orders, (known, bought), rows, first, window, int(started.sum()))


def payments(customers: Customers, orders: Orders, found: Stays, as_of: date) -> Activity | None:
    """Dated money of customers under contract, by age since their start; money before it counts in month 0."""
    known = (orders.customer >= 0) & (orders.order_on <= np.datetime64(as_of, "D"))
    if not known.any():
        return None
    start = np.full(customers.n, np.datetime64("NaT"), dtype="M8[D]")
    start[found.rows] = found.start
    window = int(months_of(orders.order_on[known]).min())
    rows = found.rows[months_of(found.start) >= window]
    return _aged(customers.n, orders, (known, known), rows, start, window, len(found.rows))


def _aged(
    n: int,
    orders: Orders,
    masks: tuple[Mask, Mask],
    rows: Ints,
    start: Days,
    window: int,
    started: int,
) -> Activity:
    """Orders of `rows` by age in months; `masks`: what counts as money, and what as an order."""
    inside = np.zeros(n, np.bool_)
    inside[rows] = True
    known, bought = (mask.copy() for mask in masks)
    at = np.where(orders.customer >= 0, orders.customer, 0)
    known &= inside[at] & np.isfinite(orders.value)
    bought &= inside[at]
    age = np.maximum(months_of(orders.order_on) - months_of(start)[at], 0)
    ages = int(age[known | bought].max()) + 1 if (known | bought).any() else 1
    pairs = _distinct(at[bought] * ages + age[bought], n * ages)
    return Activity(
        rows,
        start[rows],
        pairs // ages,
        pairs % ages,
        at[known],
        age[known],
        orders.value[known],
        window,
        started - len(rows),
    )


def _distinct(keys: Ints, size: int) -> Ints:
    """Keys that occur, rising; marked in an array where that is small enough, which is ten times as fast."""
    if size > DENSE_KEYS:
        return np.unique(keys)
    seen = np.zeros(size, np.bool_)
    seen[keys] = True
    return np.flatnonzero(seen)


def count_stays(found: Stays, price: Floats | None, member: Mask, months: Months) -> Counted:
    """Survivors at the end of each calendar month, and what they have paid by then.

    `price`: money a customer a month, aligned with all customers, NaN unknown. The months of starting and
    of leaving count by their days. Later cells than the as-of date's month hold nothing of meaning.
    """
    start_month = months_of(found.start)
    inside = member[found.rows] & (start_month >= months.first)
    start, end = found.start[inside], found.end[inside]
    cohort = start_month[inside] - months.first
    age = np.minimum(months_of(end) - start_month[inside], months.n)  # at leaving
    starters = np.bincount(cohort, minlength=months.n)
    gone = found.gone[inside]
    left = _table(cohort[gone], age[gone], None, months.n)
    kept = starters[:, None].astype(np.float64) - np.cumsum(left, axis=1)
    if price is None:
        return Counted(starters, kept, np.zeros_like(starters), None)
    mine = price[found.rows[inside]]
    known = np.isfinite(mine)
    payers = np.bincount(cohort[known], minlength=months.n)
    money = _paid(start[known], end[known], (cohort[known], age[known]), mine[known], months.n)
    return Counted(starters, kept, payers, money)


def _paid(start: Days, end: Days, at: tuple[Ints, Ints], price: Floats, n: int) -> Floats:
    """Cumulative money: a price for each whole month, parts of it for the months of start and end."""
    cohort, age = at
    same = age == 0
    until = np.where(same, end, (start.astype("M8[M]") + 1).astype("M8[D]"))
    zero = np.zeros(len(age), np.int64)
    at_start = _table(cohort, zero, price * _part_of_month(start, until), n)
    whole = np.bincount(cohort, price, n)[:, None] - np.cumsum(
        _table(cohort, age, price, n), axis=1
    )
    whole[:, 0] = 0.0
    last = price * _part_of_month(end.astype("M8[M]").astype("M8[D]"), end)
    at_end = _table(cohort[~same], age[~same], last[~same], n)
    money: Floats = np.cumsum(at_start + whole + at_end, axis=1)
    return money


def _part_of_month(start: Days, end: Days) -> Floats:
    """Days from start to end over the length of the month of `start`."""
    month = start.astype("M8[M]")
    length: Floats = ((month + 1).astype("M8[D]") - month.astype("M8[D]")).astype(np.float64)
    days: Floats = (end - start).astype(np.float64)
    return days / length


def count_activity(found: Activity, share: Floats | None, member: Mask, months: Months) -> Counted:
    """Distinct customers with an order in each month of their life, and their money so far.

    `share` of each customer's money that counts (a margin), aligned with all customers, NaN unknown.
    """
    start = np.full(len(member), -1, np.int64)
    start[found.rows] = months_of(found.start) - months.first
    start[~member] = -1
    starters = np.bincount(start[start >= 0], minlength=months.n)
    kept = _by_row(start, found.active_row, found.active_age, None, months.n)
    worth = found.paid
    if share is not None:
        start = np.where(np.isfinite(share), start, -1)
        worth = worth * np.nan_to_num(share)[found.paid_row]
    payers = np.bincount(start[start >= 0], minlength=months.n)
    money = np.cumsum(_by_row(start, found.paid_row, found.paid_age, worth, months.n), axis=1)
    return Counted(starters, kept, payers, money)


def _by_row(start: Ints, row: Ints, age: Ints, weights: Floats | None, n: int) -> Floats:
    cohort = start[row]
    inside = (cohort >= 0) & (age < n)
    mine = None if weights is None else weights[inside]
    return _table(cohort[inside], age[inside], mine, n)


def _table(cohort: Ints, age: Ints, weights: Floats | None, n: int) -> Floats:
    """Cohorts x ages of counts or sums; ages beyond the last column are left out."""
    inside = age < n
    mine = None if weights is None else weights[inside]
    table: Floats = np.bincount(cohort[inside] * n + age[inside], mine, n * n).astype(np.float64)
    return table.reshape(n, n)
