"""The rows of a base bound to one Question: each measured thing ready to be counted by any grouping.

The only code, with `groups.py`, that sees rows after intake. Distinct times and amounts are found once here,
so that counting another grouping costs one pass of integer counting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.tables import Array, Customers, Status
from mapseg_xl.settings import WINDOWS_DAYS, Settings
from mapseg_xl.tally.calendar import days_between, months_between
from mapseg_xl.tally.folds import fold_of
from mapseg_xl.tally.tally import Floats, Ints, Question

Mask = NDArray[np.bool_]
MoneyAndMonths: TypeAlias = tuple[Ints, Floats, Floats]  # rows, their money, their months
QUARTERS = (
    4  # steps a month when curves are resampled: days would cost ten times as much for nothing
)
ROUNDING = 1e-9
OBSERVABLE_DAYS = 365  # the default window is told from units that could be watched for a year
ENOUGH_OBSERVABLE = 30
DEFAULT_WINDOW_DAYS = 30
_MOSTLY_DEALS = 0.5  # share of what is not won that has an amount


@dataclass(frozen=True, slots=True, eq=False)
class Timed:
    """A duration of some of the rows: which rows, index of its distinct time, and whether it ended."""

    rows: Ints
    times: Floats
    index: Ints
    ended: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """An amount of some of the rows: which rows, the amounts, and the index of each distinct one."""

    rows: Ints
    amounts: Floats
    values: Floats
    index: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """Units that could convert: in the rate's denominator, in its numerator, and what stays outside."""

    form: str
    counted: Mask
    converted: Mask
    still_open: Mask
    early: Mask
    left_out: Mask
    days: Timed | None


@dataclass(frozen=True, slots=True, eq=False)
class Opportunities:
    """Opportunities by outcome: 1 won, 0 lost, -1 open or none; value NaN where unknown."""

    outcome: NDArray[np.int8]
    value: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Purchases:
    """What customers bought: `repeats` are buyers and whether they bought again, `values` single orders."""

    repeats: Trials
    number: Amounts | None  # orders a customer
    money: MoneyAndMonths | None  # rows, their money, their orders
    values: Amounts | None


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A base bound to a question. A part is None where no column fills it."""

    question: Question
    n: int
    status: NDArray[np.int8]
    fold: Ints
    n_folds: int
    trials: Trials | None
    opportunities: Opportunities | None
    price: Amounts | None
    price_now: Amounts | None  # of those still customers
    margin: Amounts | None
    revenue: Amounts | None
    revenue_and_months: MoneyAndMonths | None
    margin_and_months: MoneyAndMonths | None
    leaving_told: bool  # whether anything says who has left; else nobody's stay has an end to see
    stays: Timed | None
    stays_coarse: Timed | None  # the same on quarter months, for resampling
    stay_unknown: Mask
    cost: Floats | None
    strata: Mapping[str, Ints]  # channel, start quarter: a code a row, -1 unknown
    purchases: Purchases | None = None


def bind(customers: Customers, as_of: date | None, settings: Settings) -> Rows:
    """The rows of customers that stand as on `as_of` (see `standing.py`), ready to be tallied."""
    window, reason = window_days(customers, as_of, settings)
    question = Question(as_of, window, reason)
    fold, n_folds = dealt(customers, settings)
    paying = customers.status >= Status.CUSTOMER
    months, ended = stay_months(customers, as_of)
    known = paying & np.isfinite(months)
    told = leaving_is_told(customers)
    stays = _timed(months, ended, known) if told and known.any() else None
    price = amounts_of(customers.roles.get("revenue_monthly"), paying)
    # What a deal is worth was not earned month by month.
    grows = known if not _of_deals(customers) else np.zeros_like(known)
    return Rows(
        question=question,
        n=customers.n,
        status=customers.status,
        fold=fold,
        n_folds=n_folds,
        trials=_trials(customers, question),
        opportunities=_opportunities(customers),
        price=price,
        price_now=amounts_of(
            customers.roles.get("revenue_monthly"), customers.status == Status.CUSTOMER
        ),
        margin=amounts_of(_margin_of(customers, "revenue_monthly"), paying),
        revenue=amounts_of(customers.roles.get("revenue_total"), paying),
        revenue_and_months=_money_and_months(customers.roles.get("revenue_total"), months, grows),
        margin_and_months=_money_and_months(_margin_of(customers, "revenue_total"), months, grows),
        leaving_told=told,
        stays=stays,
        stays_coarse=_coarse(stays) if stays else None,
        stay_unknown=paying & ~np.isfinite(months),
        cost=customers.roles.get("acquisition_cost"),
        strata=_strata(customers),
    )


def dealt(customers: Customers, settings: Settings) -> tuple[Ints, int]:
    """The fold of each row, and how many there are: a few hundred, or one a customer in a small base.

    Told by the customer id alone, so that the order of rows changes no draw.
    """
    if customers.n >= settings.fold_rows_below:
        return fold_of(customers.ids, settings.salt, settings.folds), settings.folds
    distinct, fold = np.unique(customers.ids.astype(str), return_inverse=True)
    return fold.astype(np.int64), max(len(distinct), 1)


def entered_on(customers: Customers, model: str) -> tuple[str, Array] | None:
    """The role and dates from which a unit could convert: the trial's start, or the lead's creation."""
    order = ("created_on", "trial_on") if model == "sales-led" else ("trial_on", "created_on")
    for role in order:
        dates = customers.roles.get(role)
        if dates is not None and not np.isnat(dates).all():
            return role, dates
    return None


def window_days(
    customers: Customers, as_of: date | None, settings: Settings
) -> tuple[int | None, str]:
    """Days a unit has to convert, and why: as told, or the smallest window with 90 % of conversions."""
    if settings.window_all:
        return None, "every conversion so far, as asked"
    if settings.window_days is not None:
        return settings.window_days, "as set"
    start, converted = entered_on(customers, settings.model), customers.roles.get("converted_on")
    if start is None or converted is None or as_of is None:
        return DEFAULT_WINDOW_DAYS, "default: no conversion dates to tell it from"
    waited = days_between(start[1], converted)
    return window_holding(waited, days_between(start[1], np.array(as_of, "M8[D]")), "conversions")


def window_holding(waited: Floats, age: Floats, what: str) -> tuple[int, str]:
    """The smallest of the windows with 90 % of the waits seen, and why; NaN: none seen.

    Told from units that could be watched for a year, where there are enough of them.
    """
    seen = waited >= 0
    watched = age >= OBSERVABLE_DAYS
    if int(watched.sum()) >= ENOUGH_OBSERVABLE and (seen & watched).any():
        seen = seen & watched
    if not seen.any():
        return DEFAULT_WINDOW_DAYS, f"default: no {what.rstrip('s')} seen"
    for days in WINDOWS_DAYS:
        if float((waited[seen] <= days).mean()) >= 0.9:
            return days, f"holds 90% of the {int(seen.sum()):,} {what} seen"
    return WINDOWS_DAYS[-1], f"the longest; under 90% of the {what} seen fall within it"


def _coarse(stays: Timed) -> Timed:
    """Durations up to quarter months; whole months stay exact."""
    quarters = np.ceil(stays.times * QUARTERS - ROUNDING) / QUARTERS
    grid, place = np.unique(quarters, return_inverse=True)
    return replace(stays, times=grid, index=place[stays.index])


def leaving_is_told(customers: Customers) -> bool:
    """Whether anything says who has left."""
    told = {"churned", "churned_on", "status"} & {*customers.roles, *customers.role_headers}
    return bool(told) or bool((customers.status == Status.CHURNED).any())


def stay_months(customers: Customers, as_of: date | None) -> tuple[Floats, Mask]:
    """Months each row has been a customer (NaN unknown), and whether that has ended."""
    ended = customers.status == Status.CHURNED
    months = np.full(customers.n, np.nan)
    tenure = customers.roles.get("tenure_months")
    if tenure is not None:
        months = np.where(tenure >= 0, tenure, np.nan)
    start = customer_since(customers)
    if start is not None and as_of is not None:
        day = np.datetime64(as_of, "D")
        left = customers.roles.get("churned_on")
        end = np.full(customers.n, day)
        if left is not None:
            end = np.where(ended, left, end)
        elif ended.any():
            end = np.where(ended, np.datetime64("NaT"), end)
        dated = months_between(start.astype("M8[D]"), end.astype("M8[D]"))
        months = np.where(np.isnan(months), dated, months)
    return months, ended


def customer_since(customers: Customers) -> Array | None:
    """The day each row became a customer, as far as dates say; NaT unknown. None without any date."""
    for role in ("converted_on", "trial_on", "created_on"):
        dates = customers.roles.get(role)
        if dates is not None and not np.isnat(dates).all():
            return dates
    return None


def _strata(customers: Customers) -> dict[str, Ints]:
    """Groups within which a difference is checked again: the channel, and the quarter of the start."""
    strata: dict[str, Ints] = {}
    header = customers.role_headers.get("channel")
    channel = customers.trait(header) if header else None
    if channel is not None:
        strata["channel"] = channel.codes.astype(np.int64)
    for role in ("created_on", "trial_on", "converted_on"):
        dates = customers.roles.get(role)
        if dates is not None and not np.isnat(dates).all():
            quarter = dates.astype("M8[M]").astype(np.int64) // 3
            quarter = np.where(np.isnat(dates), -1, quarter - quarter[~np.isnat(dates)].min())
            strata["start quarter"] = quarter
            break
    return strata


def _margin_of(customers: Customers, role: str) -> Array | None:
    """What is left of each customer's revenue at that customer's own margin."""
    revenue, margin = customers.roles.get(role), customers.roles.get("gross_margin")
    return None if revenue is None or margin is None else revenue * margin


def amounts_of(column: Array | None, inside: Mask) -> Amounts | None:
    """The known amounts of the rows inside; None where there is none."""
    if column is None:
        return None
    rows = np.flatnonzero(inside & np.isfinite(column))
    if not len(rows):
        return None
    values, index = np.unique(column[rows], return_inverse=True)
    return Amounts(rows, column[rows], values, index)


def _timed(times: Floats, ended: Mask, inside: Mask) -> Timed:
    rows = np.flatnonzero(inside)
    distinct, index = np.unique(times[rows], return_inverse=True)
    return Timed(rows, distinct, index, ended[rows])


def _money_and_months(total: Array | None, months: Floats, known: Mask) -> MoneyAndMonths | None:
    """Customers with both. Who left on the first day paid too, and counts with 0 months."""
    if total is None:
        return None
    rows = np.flatnonzero(known & np.isfinite(total))
    return (rows, total[rows], months[rows]) if len(rows) else None


def _of_deals(customers: Customers) -> bool:
    """Whether the money is what deals are worth: most of those not won have an amount too, which nobody has paid."""
    outcome, total = customers.roles.get("outcome"), customers.roles.get("revenue_total")
    if outcome is None or total is None:
        return False
    unpaid = (customers.status < Status.CUSTOMER) & (outcome != 1)
    return bool(unpaid.any()) and float((total[unpaid] > 0).mean()) > _MOSTLY_DEALS


def _opportunities(customers: Customers) -> Opportunities | None:
    outcome = customers.roles.get("outcome")
    if outcome is None:
        return None
    value = customers.roles.get("revenue_total")
    return Opportunities(outcome, value if value is not None else np.full(customers.n, np.nan))


def _has_converted(customers: Customers) -> tuple[Mask, Mask]:
    """Which rows converted, and for which that is known."""
    paying = customers.status >= Status.CUSTOMER
    flag, dates = customers.roles.get("converted"), customers.roles.get("converted_on")
    known = np.ones(customers.n, bool)
    if flag is None and dates is None:
        return paying, known
    yes = np.zeros(customers.n, bool) if flag is None else flag == 1
    if dates is not None:
        yes = yes | ~np.isnat(dates)
    if flag is not None and dates is None:
        unknown = flag == -1
        yes = yes | (unknown & paying)
        known = ~unknown | paying
    return yes, known


def _trials(customers: Customers, question: Question) -> Trials | None:
    roles: Mapping[str, Array] = customers.roles
    told = "converted" in roles or "converted_on" in roles
    if not told and not (customers.status < Status.CUSTOMER).any():
        return None  # every row is a customer: nobody who could have converted and did not
    converted, known = _has_converted(customers)
    start = entered_on(customers, "")
    if start is None and converted.all():
        return None
    if start is None or question.as_of is None:
        nothing = np.zeros(customers.n, bool)
        return Trials("undated", known, converted & known, nothing, nothing, ~known, None)
    return _dated_trials(customers, question, start[1], converted, known)


def _dated_trials(
    customers: Customers, question: Question, start: Array, converted: Mask, known: Mask
) -> Trials:
    dates = customers.roles.get("converted_on")
    age = days_between(start, np.array(question.as_of, "M8[D]"))
    waited = days_between(start, dates) if dates is not None else None
    usable = known & (age >= 0)
    days = None
    if waited is not None:
        dated = np.isfinite(waited)
        usable &= ~dated | (waited >= 0)
        usable &= dated | ~converted  # converted, but nobody wrote down when
        event = usable & converted & dated
        days = _timed(np.where(event, waited, age), event, usable)
    if question.window_days is None:
        open_now = usable & ~converted
        nothing = np.zeros(customers.n, bool)
        return Trials("so_far", usable, usable & converted, open_now, nothing, ~usable, days)
    matured = usable & (age >= question.window_days)
    within = converted if waited is None else converted & (waited <= question.window_days)
    return Trials(
        "window",
        matured,
        matured & within,
        usable & ~matured,
        usable & ~matured & converted,
        ~usable,
        days,
    )
