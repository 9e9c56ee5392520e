"""The Tally: sufficient statistics of one group of customers. Groups add and subtract; no rows here.

Everything that reports on a named segment reads a Tally. A field is None where the data cannot fill it,
and the metrics that need it are then not available.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the rows, bound before they are counted. Another question is another Tally."""

    as_of: date | None
    window_days: int | None  # None: every conversion so far
    window_reason: str = ""
    repeat_days: int | None = (
        None  # days a second order may take; None: every one so far, or no dates
    )
    repeat_reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Additive:
    """Statistics that subtract field by field: everyone else = whole base less the segment."""

    def minus(self, part: Self) -> Self:
        """What is left of this group without `part`, which lies inside it."""
        left: dict[str, Any] = {}
        for f in fields(self):
            a, b = getattr(self, f.name), getattr(part, f.name)
            left[f.name] = subtract(a, b)
        return replace(self, **left)


def subtract(a: Any, b: Any) -> Any:
    """Whole less part for one field; text and questions stay as they are."""
    if a is None or b is None or isinstance(a, SharesHere):
        return None
    if isinstance(a, Additive | Counts | Values | Folded):
        return a.minus(b)
    if isinstance(a, int | float) and not isinstance(a, bool):
        return a - b
    if isinstance(a, np.ndarray):
        return a - b
    return a


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Sparse counts over time: at each distinct time, how many had the event and how many were last seen."""

    times: Floats  # sorted, distinct
    events: Ints
    censored: Ints

    def minus(self, part: Counts) -> Counts:
        """Counts of the others; times with nobody left go."""
        events, censored = self.events.copy(), self.censored.copy()
        at = np.searchsorted(self.times, part.times)
        events[at] -= part.events
        censored[at] -= part.censored
        kept = (events > 0) | (censored > 0)
        return Counts(self.times[kept], events[kept], censored[kept])

    @property
    def n(self) -> int:
        """Everybody counted."""
        return int(self.events.sum() + self.censored.sum())

    @property
    def exposure(self) -> float:
        """Time lived by all of them together."""
        return float((self.times * (self.events + self.censored)).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """How often each distinct amount occurs: mean, spread, median and concentration follow exactly."""

    values: Floats  # sorted, distinct
    counts: Ints

    def minus(self, part: Values) -> Values:
        """Amounts of the others."""
        counts = self.counts.copy()
        counts[np.searchsorted(self.values, part.values)] -= part.counts
        kept = counts > 0
        return Values(self.values[kept], counts[kept])

    @property
    def n(self) -> int:
        """Number of amounts."""
        return int(self.counts.sum())

    @property
    def total(self) -> float:
        """Their sum."""
        return float((self.values * self.counts).sum())

    @property
    def m2(self) -> float:
        """Centred sum of squares."""
        n = self.n
        if n == 0:
            return 0.0
        return float((self.counts * (self.values - self.total / n) ** 2).sum())

    @property
    def median(self) -> float | None:
        """Middle amount; the mean of the two middle ones for an even number; None of none."""
        n = self.n
        if n == 0:
            return None
        upto = np.cumsum(self.counts)
        low = self.values[np.searchsorted(upto, (n - 1) // 2 + 1)]
        high = self.values[np.searchsorted(upto, n // 2 + 1)]
        return float((low + high) / 2)

    @property
    def top_share(self) -> float:
        """Part of the sum held by the top 1 % (at least one); 0 where the sum is not positive."""
        total = self.total
        if total <= 0:
            return 0.0
        left = max(1, round(self.n / 100))
        taken = np.clip(left - (np.cumsum(self.counts[::-1]) - self.counts[::-1]), 0, None)
        taken = np.minimum(taken, self.counts[::-1])
        return float((taken * self.values[::-1]).sum() / total)


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """Sparse (fold, time) counts for resampling whole curves: one line each for events and censorings."""

    n_folds: int
    times: Floats  # the base's distinct times, the same for every group
    fold: Ints
    time: Ints  # index into times
    events: Ints
    censored: Ints

    def minus(self, part: Folded) -> Folded:
        """Counts of the others."""
        return Folded(
            self.n_folds,
            self.times,
            np.concatenate([self.fold, part.fold]),
            np.concatenate([self.time, part.time]),
            np.concatenate([self.events, -part.events]),
            np.concatenate([self.censored, -part.censored]),
        )

    def dense(self, before: float) -> tuple[Floats, Floats, Floats]:
        """Events and exits as folds x times matrices, for times under `before`, and those times."""
        n_times = int(np.searchsorted(self.times, before))
        inside = self.time < n_times
        key = self.fold[inside] * n_times + self.time[inside]
        shape = (self.n_folds, n_times)
        size = self.n_folds * n_times
        events = np.bincount(key, self.events[inside], size).astype(np.float64)
        gone = np.bincount(key, (self.events + self.censored)[inside], size).astype(np.float64)
        return events.reshape(shape), gone.reshape(shape), self.times[:n_times]

    def per_fold(self) -> Floats:
        """Customers in each fold."""
        counts = np.bincount(self.fold, self.events + self.censored, self.n_folds)
        return counts.astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Money(Additive):
    """Amounts of a group, one a customer; by fold as well, for resampling."""

    values: Values
    fold_n: Floats
    fold_total: Floats

    @property
    def n(self) -> int:
        """Customers with an amount."""
        return self.values.n

    @property
    def mean(self) -> float | None:
        """Plain mean; None of none."""
        return self.values.total / self.values.n if self.values.n else None


@dataclass(frozen=True, slots=True, eq=False)
class Sums(Additive):
    """Money of which a sheet gives no more than its sum, and how many customers it is of.

    `squares`, the sum of squares, where the sheet tells the spread; without it a mean has no plausible range.
    """

    n: int
    total: float
    squares: float | None = None
    who: str = ""  # whom it is of, in words

    @property
    def mean(self) -> float | None:
        """Plain mean; None of none."""
        return self.total / self.n if self.n else None

    @property
    def m2(self) -> float | None:
        """Centred sum of squares; None where the spread is not known."""
        if self.squares is None or not self.n:
            return None
        return max(self.squares - self.total**2 / self.n, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Exposure(Additive):
    """Customers lost, and months that all of them together were here, where nobody's own months are known."""

    events: int
    months: float


@dataclass(frozen=True, slots=True, eq=False)
class SharesHere:
    """A curve of shares still here that somebody drew without saying of how many customers. It cannot be subtracted."""

    months: Floats
    shares: Floats


@dataclass(frozen=True, slots=True, eq=False)
class PerMonth(Additive):
    """Revenue over customer-months, for bases that know totals but no monthly price."""

    n: int
    revenue: float
    months: float
    revenue_squared: float
    revenue_months: float
    months_squared: float
    fold_revenue: Floats
    fold_months: Floats


@dataclass(frozen=True, slots=True, eq=False)
class PerOrder(Additive):
    """Revenue over orders, of customers with at least one."""

    n: int
    revenue: float
    orders: float
    revenue_squared: float
    revenue_orders: float
    orders_squared: float
    fold_revenue: Floats
    fold_orders: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Conversion(Additive):
    """Leads or trials and what became of them by the as-of date."""

    form: str  # "window": matured only; "so_far": all, some still open; "undated": no start dates
    n: int  # the denominator of the form
    converted: int  # its numerator
    still_open: int  # window: not matured; so_far: neither converted nor lost
    early: int  # converted already, window not over: in neither part
    left_out: int  # no start date, dates in the wrong order, or unknown
    days: Counts | None  # days to conversion, open units censored at the as-of date


@dataclass(frozen=True, slots=True, eq=False)
class Deals(Additive):
    """Opportunities by outcome, with their value where one is known."""

    won: int
    lost: int
    open: int
    value_won: float
    value_decided: float
    fold_won: Floats
    fold_decided: Floats
    valued: int  # decided opportunities with a value


@dataclass(frozen=True, slots=True, eq=False)
class Lifetimes(Additive):
    """Months as a customer: ended (event) or still running (censored)."""

    months: Counts
    folded: Folded | None  # None: of a sheet, which says nothing of single customers
    left_out: int  # customers whose length of stay is unknown


@dataclass(frozen=True, slots=True, eq=False)
class Acquisition(Additive):
    """What was spent to win the group's customers."""

    spend: float
    known: int  # rows with a cost
    new_customers: int  # those with a known cost
    left_out: int  # new customers whose cost is unknown
    fold_spend: Floats | None  # None: of a sheet
    fold_new: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class Tally(Additive):
    """Sufficient statistics of one group of customers under one `Question`."""

    question: Question
    size: int
    leads: int
    trials: int
    customers: int
    churned: int
    leaving_told: bool = True  # False: no column says who has left, so 0 churned means nothing
    conversion: Conversion | None = None
    deals: Deals | None = None
    revenue_monthly: Money | None = None
    revenue_monthly_now: Money | None = None  # of those still customers
    margin_monthly: Money | None = None  # price times that customer's own margin
    revenue_total: Money | None = None
    revenue_per_month: PerMonth | None = None
    margin_per_month: PerMonth | None = None  # revenue times that customer's own margin
    lifetimes: Lifetimes | None = None
    acquisition: Acquisition | None = None
    repeats: Conversion | None = None  # buyers who bought again
    orders: Money | None = None  # how many, a customer
    revenue_per_order: PerOrder | None = None
    order_values: Values | None = None  # of single orders
    price_sums: Sums | None = None  # a month; this and what follows is of a team's own sheets
    revenue_sums: Sums | None = None  # so far
    exposure: Exposure | None = None
    shares_here: SharesHere | None = None

    @property
    def paying(self) -> int:
        """Everybody who ever became a customer."""
        return self.customers + self.churned
