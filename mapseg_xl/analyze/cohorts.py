"""Customers by the month they started: how many are still here, and what they have paid, by age.

A cohort is the calendar month of the start, an age the calendar months after it. Under contract a customer is
kept at an age who has not left by the end of that month; month 0 is the month of the start. With orders, kept
is who ordered in that very month. A month that is not over on the as-of date is open: shown, in no sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from mapseg_xl.analyze import cohort_counts as counting
from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.cohort_counts import Activity, Counted, Days, Months, Stays
from mapseg_xl.analyze.performance import ALL
from mapseg_xl.intake.tables import Customers, Orders
from mapseg_xl.settings import UNDER_CONTRACT, Settings
from mapseg_xl.stats.triangles import pooled_shares, triangle_chain
from mapseg_xl.tally.rows import Mask, customer_since
from mapseg_xl.tally.tally import Floats, Ints

MOST_COHORTS = 120  # ten years of months
MONTHS_SHOWN = 12  # cohorts of up to so many months stand month by month, more by quarter
QUARTERS_SHOWN = 12  # and earlier ones as one
QUARTER = 3

CONTRACT, ORDERS = "contract", "orders"
NO_START = "no column says when customers started"
NO_LEAVING = "no column says who has left"
NO_LEAVING_DAY = "nothing says when those who left did so"
NO_PRICE = "needs monthly revenue, or dated orders or invoices"
NO_CUSTOMER = "nobody has started yet"


@dataclass(frozen=True, slots=True)
class CohortCell:
    """One cell of a triangle. An open one (`complete` False) is out of every sum.

    Retention: `value` is the survivors' share at the end of that calendar month (orders: the share with an order
    in it). Value: revenue per starter up to and including that month; `margin` the gross margin in it where one
    is known. `counted`: survivors or active customers; money of all of them together.
    """

    segmentation: str
    segment_id: str
    segment: str
    cohort: str  # YYYY-MM of the start
    age: int  # calendar months
    at_risk: int  # customers of the cohort; in the value triangle those whose money is known
    value: float | None
    complete: bool
    counted: float | None = None
    margin: float | None = None


@dataclass(frozen=True, slots=True)
class AverageAge:
    """One age of the average row over closed cells of one segment's periods."""

    segment_id: str
    age: int
    at_risk: int  # customers the step to this age rests on
    value: float | None


@dataclass(frozen=True, slots=True)
class Period:
    """A row of the tab: cohorts of one month, one quarter or all earlier ones, of the whole base.

    `kept` and `money` hold counts and sums a month of age for closed cells, None from the first open one on;
    `kept_open`, `money_open` what open cells read so far, per starter.
    """

    label: str
    starters: int
    kept: tuple[float | None, ...]
    kept_open: tuple[float | None, ...]
    payers: int
    money: tuple[float | None, ...]
    money_open: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The triangles of the whole base and of every candidate."""

    retention: tuple[CohortCell, ...] = ()
    value: tuple[CohortCell, ...] = ()
    average: tuple[AverageAge, ...] = ()
    periods: tuple[Period, ...] = ()
    form: str = ""  # contract or orders
    dated_money: bool = False  # money of dated orders or invoices, not price times months
    note: str = ""  # why there are none, or no money
    left_out: tuple[str, ...] = ()  # who is in no cohort, and why


@dataclass(frozen=True, slots=True, eq=False)
class _Span:
    """The cohorts of one period: its name, and the first and last of them by place."""

    label: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class _Base:
    """All rows ready to be counted for any group of customers."""

    form: str
    months: Months
    kept: Stays | Activity
    paid: Activity | None
    price: Floats | None
    margin: Floats | None  # part of each customer's money that is kept

    def count(self, member: Mask) -> tuple[Counted, Counted | None, Counted | None]:
        """Retention with what goes with it, revenue and margin of a group."""
        months, kept = self.months, self.kept
        if isinstance(kept, Activity):
            first = counting.count_activity(kept, None, member, months)
            return first, first, self._dated(kept, member)
        first = counting.count_stays(kept, self.price, member, months)
        if self.paid is not None:
            paid = counting.count_activity(self.paid, None, member, months)
            return first, paid, self._dated(self.paid, member)
        if self.price is None:
            return first, None, None
        if self.margin is None:
            return first, first, None
        return first, first, counting.count_stays(kept, self.price * self.margin, member, months)

    def _dated(self, paid: Activity, member: Mask) -> Counted | None:
        if self.margin is None:
            return None
        return counting.count_activity(paid, self.margin, member, self.months)


def find_cohorts(
    customers: Customers,
    orders: Orders | None,
    candidates: Sequence[Candidate],
    as_of: date | None,
    settings: Settings,
) -> Cohorts:
    """The triangles of the whole base and of every candidate.

    Candidates with the same customers as an earlier one are left out; hypotheses are followed on the customers
    that judge them. A business under contract is followed by its dates of leaving, others by their orders.
    """
    if as_of is None:
        return Cohorts(note=NO_START)
    base, why, left_out = _base(customers, orders, as_of, settings)
    if base is None:
        return Cohorts(note=why)
    everybody = np.ones(customers.n, np.bool_)
    spans = _spans(base.count(everybody)[0].starters, base.months)
    groups: list[tuple[str, str, str, Mask]] = [(ALL, ALL, ALL, everybody)]
    groups += [
        (c.segmentation, c.segment_id, c.name, c.measured.member)
        for c in candidates
        if not c.twin_of
    ]
    retention: list[CohortCell] = []
    value: list[CohortCell] = []
    average: list[AverageAge] = []
    periods: tuple[Period, ...] = ()
    for segmentation, key, name, member in groups:
        kept, money, margin = base.count(member)
        names = (segmentation, key, name)
        retention += _cells(names, kept.starters, kept.kept, None, base.months)
        if money is not None and money.money is not None:
            kept_part = None if margin is None else margin
            value += _cells(names, money.payers, money.money, kept_part, base.months)
        average += _average(key, kept, spans, base)
        if key == ALL:
            periods = tuple(_period(span, kept, money, base.months) for span in spans)
    return Cohorts(
        tuple(retention),
        tuple(value),
        tuple(average),
        periods,
        base.form,
        dated_money=base.form == ORDERS or base.paid is not None,
        note="" if value else NO_PRICE,
        left_out=left_out,
    )


def _base(
    customers: Customers, orders: Orders | None, as_of: date, settings: Settings
) -> tuple[_Base | None, str, tuple[str, ...]]:
    """Everybody ready to be counted; else why not. And who is left out."""
    margin = _margin(customers, settings)
    if orders is not None and settings.model not in UNDER_CONTRACT:
        found = counting.activity(customers, orders, as_of)
        if found is not None and len(found.rows):
            months = counting.calendar(found.start, as_of, MOST_COHORTS)
            base = _Base(ORDERS, months, found, None, None, margin)
            return base, "", _early_orders(found, months)
    stays = counting.stays(customers, as_of)
    if stays is None:
        since = customer_since(customers)
        return None, NO_START if since is None else NO_LEAVING, ()
    if not len(stays.rows):
        return None, NO_LEAVING_DAY if stays.undated else NO_CUSTOMER, ()
    if stays.undated and not stays.gone.any():
        return None, NO_LEAVING_DAY, ()
    paid = None if orders is None else counting.payments(customers, orders, stays, as_of)
    if paid is not None and not len(paid.rows):
        paid = None  # everybody started before the first invoice
    months = counting.calendar(stays.start, as_of, MOST_COHORTS)
    base = _Base(CONTRACT, months, stays, paid, customers.roles.get("revenue_monthly"), margin)
    return base, "", _left_out(stays, months)


def _margin(customers: Customers, settings: Settings) -> Floats | None:
    if settings.gross_margin is not None:
        return np.full(customers.n, settings.gross_margin)
    return customers.roles.get("gross_margin")


def _left_out(stays: Stays, months: Months) -> tuple[str, ...]:
    """Who is in no cohort, in words."""
    return (
        *_said(stays.unknown, "without a usable date of start"),
        *_said(stays.undated, "who left, but with no date of leaving"),
        *_too_old(stays.start, months),
    )


def _early_orders(found: Activity, months: Months) -> tuple[str, ...]:
    return (
        *_said(found.early, "who started before the first order in the data"),
        *_too_old(found.start, months),
    )


def _too_old(start: Days, months: Months) -> tuple[str, ...]:
    older = int((counting.months_of(start) < months.first).sum())
    return _said(older, f"who started more than {MOST_COHORTS // 12} years ago")


def _said(count: int, who: str) -> tuple[str, ...]:
    noun = "customer" if count == 1 else "customers"
    return (f"{count:,} {noun} {who}",) if count else ()


def _cells(
    names: tuple[str, str, str],
    starters: Ints,
    table: Floats,
    margin: Counted | None,
    months: Months,
) -> list[CohortCell]:
    """A group's triangle: cohorts that have customers, ages up to the month of the as-of date."""
    cells: list[CohortCell] = []
    for place in np.flatnonzero(starters).tolist():
        n, cohort = int(starters[place]), month_name(months.first + place)
        over = months.over - months.first - place
        ages = months.n - place
        kept = table[place, :ages].tolist()
        share = (table[place, :ages] / n).tolist()
        own = _margins(margin, place, ages)
        cells += [
            CohortCell(*names, cohort, age, n, share[age], age <= over, kept[age], own[age])
            for age in range(ages)
        ]
    return cells


def _margins(margin: Counted | None, place: int, ages: int) -> list[float | None]:
    if margin is None or margin.money is None or not margin.payers[place]:
        return [None] * ages
    found: list[float | None] = (margin.money[place, :ages] / margin.payers[place]).tolist()
    return found


def month_name(month: int) -> str:
    """A month counted from 1970-01 as YYYY-MM.

    >>> month_name(0), month_name(677)
    ('1970-01', '2026-06')
    """
    return f"{1970 + month // 12}-{month % 12 + 1:02}"


def _spans(starters: Ints, months: Months) -> tuple[_Span, ...]:
    """The rows of the tab: months where they are few, else the latest quarters and all earlier ones as one."""
    cohorts = np.flatnonzero(starters).tolist()
    if len(cohorts) <= MONTHS_SHOWN:
        return tuple(_Span(month_name(months.first + at), at, at) for at in cohorts)
    quarters = sorted({(months.first + at) // QUARTER for at in cohorts})
    shown = quarters[-QUARTERS_SHOWN:]
    spans = [_quarter(quarter, months) for quarter in shown]
    if shown != quarters:
        spans.insert(0, _Span(f"before {quarter_name(shown[0])}", 0, spans[0].first - 1))
    return tuple(spans)


def _quarter(quarter: int, months: Months) -> _Span:
    first = max(quarter * QUARTER, months.first)
    last = min(quarter * QUARTER + QUARTER - 1, months.last)
    return _Span(quarter_name(quarter), first - months.first, last - months.first)


def quarter_name(quarter: int) -> str:
    """A quarter counted from the first of 1970, as people write it.

    >>> quarter_name(0), quarter_name(225)
    ('1970 Q1', '2026 Q2')
    """
    return f"{1970 + quarter // 4} Q{quarter % 4 + 1}"


def _closed(span: _Span, months: Months) -> int:
    """Ages that are over for every customer of a period, its last month included."""
    return max(months.over - months.first - span.last + 1, 0)


def _average(key: str, kept: Counted, spans: Sequence[_Span], base: _Base) -> list[AverageAge]:
    """The average row: chained over closed cells; pooled for orders, where people come back."""
    rows = [
        (_sum(kept.starters, span), _closed_cells(kept.kept, span, base.months)) for span in spans
    ]
    known = [(n, row) for n, row in rows if n and len(row)]
    average = pooled_shares if base.form == ORDERS else triangle_chain
    found = average([n for n, _ in known], [row for _, row in known])
    return [
        AverageAge(key, age, int(at_risk), share)
        for age, (share, at_risk) in enumerate(zip(found.survival, found.at_risk, strict=True))
    ]


def _sum(starters: Ints, span: _Span) -> int:
    return int(starters[span.first : span.last + 1].sum())


def _closed_cells(table: Floats, span: _Span, months: Months) -> list[float]:
    whole = table[span.first : span.last + 1, : _closed(span, months)]
    found: list[float] = whole.sum(axis=0).tolist()
    return found


def _period(span: _Span, kept: Counted, money: Counted | None, months: Months) -> Period:
    known = money is not None and money.money is not None
    payers = money.payers if money is not None else np.zeros_like(kept.starters)
    table = money.money if money is not None and money.money is not None else kept.kept
    closed, reached = _closed(span, months), months.n - span.first
    so_far = " so far" if months.first + span.last > months.over else ""
    none = (None,) * reached
    return Period(
        span.label + so_far,
        _sum(kept.starters, span),
        _padded(_closed_cells(kept.kept, span, months), reached),
        (None,) * closed + _open(kept.starters, kept.kept, span, months)[closed:],
        _sum(payers, span),
        _padded(_closed_cells(table, span, months), reached) if known else none,
        (None,) * closed + _open(payers, table, span, months)[closed:] if known else none,
    )


def _padded(cells: Sequence[float], n: int) -> tuple[float | None, ...]:
    return (*cells, *(None for _ in range(n - len(cells))))


def _open(starters: Ints, table: Floats, span: _Span, months: Months) -> tuple[float | None, ...]:
    """Per starter at each age, over those cohorts of the period that have reached it."""
    found: list[float | None] = []
    for age in range(months.n - span.first):
        last = min(span.last, months.n - 1 - age)
        n = int(starters[span.first : last + 1].sum())
        found.append(float(table[span.first : last + 1, age].sum()) / n if n else None)
    return tuple(found)
