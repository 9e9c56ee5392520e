"""Counting rows into Tallies: one pass of integer counting for all groups of a segmentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.tables import Status
from mapseg_xl.tally.rows import Amounts, Mask, MoneyAndMonths, Rows, Timed, Trials
from mapseg_xl.tally.tally import (
    Acquisition,
    Conversion,
    Counts,
    Deals,
    Floats,
    Folded,
    Ints,
    Lifetimes,
    Money,
    PerMonth,
    PerOrder,
    Tally,
    Values,
)

DENSE_CELLS = 20_000_000  # above this many cells a key is sorted instead of counted in an array


def tally_all(rows: Rows) -> Tally:
    """The Tally of the whole base."""
    return tally_groups(rows, np.zeros(rows.n, np.int32), 1)[0]


def tally_groups(rows: Rows, codes: NDArray[np.integer], n_groups: int) -> list[Tally]:
    """One Tally a group; `codes` gives each row its group, -1 none. Groups do not overlap."""
    by = Grouping(codes.astype(np.int64), n_groups)
    status = by.count_by(rows.status.astype(np.int64), len(Status))
    conversion = _conversions(rows.trials, by)
    deals = _deals(rows, by)
    amounts = (rows.price, rows.price_now, rows.margin, rows.revenue)
    price, price_now, margin, revenue = (_money(rows, a, by) for a in amounts)
    pairs = (rows.revenue_and_months, rows.margin_and_months)
    per_month, margin_per_month = (_per_month(rows, pair, by) for pair in pairs)
    bought = _purchases(rows, by)
    stays = _lifetimes(rows, by)
    acquisition = _acquisition(rows, by)
    return [
        Tally(
            rows.question,
            int(status[g].sum()),
            leads=int(status[g, Status.LEAD]),
            trials=int(status[g, Status.TRIAL]),
            customers=int(status[g, Status.CUSTOMER]),
            churned=int(status[g, Status.CHURNED]),
            leaving_told=rows.leaving_told,
            conversion=conversion[g],
            deals=deals[g],
            revenue_monthly=price[g],
            revenue_monthly_now=price_now[g],
            margin_monthly=margin[g],
            revenue_total=revenue[g],
            revenue_per_month=per_month[g],
            margin_per_month=margin_per_month[g],
            lifetimes=stays[g],
            acquisition=acquisition[g],
            repeats=bought[0][g],
            orders=bought[1][g],
            revenue_per_order=bought[2][g],
            order_values=bought[3][g],
        )
        for g in range(n_groups)
    ]


class Grouping:
    """Rows dealt into groups, and the counting that every part needs."""

    def __init__(self, codes: Ints, n_groups: int) -> None:
        self.codes = codes
        self.n_groups = n_groups

    def count(self, mask: Mask) -> Ints:
        """Rows of each group inside the mask."""
        return self.sums(mask, None).astype(np.int64)

    def sums(self, mask: Mask, weights: Floats | None) -> Floats:
        """Sum of weights (or count) a group over the rows inside the mask."""
        inside = mask & (self.codes >= 0)
        w = None if weights is None else weights[inside]
        return np.bincount(self.codes[inside], w, self.n_groups).astype(np.float64)

    def count_by(self, index: Ints, size: int) -> Ints:
        """Groups x index table of row counts."""
        inside = self.codes >= 0
        key = self.codes[inside] * size + index[inside]
        return np.bincount(key, minlength=self.n_groups * size).reshape(self.n_groups, size)

    def fold_sums(self, at: Ints, fold: Ints, n_folds: int, weights: Floats | None) -> Floats:
        """Groups x folds table of sums over the rows `at`."""
        inside = self.codes[at] >= 0
        key = self.codes[at][inside] * n_folds + fold[at][inside]
        w = None if weights is None else weights[inside]
        table = np.bincount(key, w, self.n_groups * n_folds).astype(np.float64)
        return table.reshape(self.n_groups, n_folds)


def sparse_counts(key: Ints, size: int) -> tuple[Ints, Ints]:
    """Distinct keys that occur, rising, and how often."""
    if size <= DENSE_CELLS:
        counts = np.bincount(key, minlength=size)
        present = np.flatnonzero(counts)
        return present, counts[present]
    distinct, counts = np.unique(key, return_counts=True)
    return distinct, counts


def _counts(timed: Timed, by: Grouping) -> list[Counts]:
    """(time, event) counts of each group."""
    n_times = len(timed.times)
    group = by.codes[timed.rows]
    inside = group >= 0
    key = (group[inside] * n_times + timed.index[inside]) * 2 + timed.ended[inside]
    present, count = sparse_counts(key, by.n_groups * n_times * 2)
    group_of = present // (2 * n_times)
    edges = np.searchsorted(group_of, np.arange(by.n_groups + 1))
    return [
        _spread(timed.times, present[a:b] % (2 * n_times), count[a:b])
        for a, b in pairwise(edges.tolist())
    ]


def _spread(times: Floats, key: Ints, count: Ints) -> Counts:
    at, inverse = np.unique(key // 2, return_inverse=True)
    events, censored = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64)
    ended = key % 2 == 1
    events[inverse[ended]] = count[ended]
    censored[inverse[~ended]] = count[~ended]
    return Counts(times[at], events, censored)


def _values(amounts: Amounts, by: Grouping) -> list[Values]:
    group = by.codes[amounts.rows]
    inside = group >= 0
    size = len(amounts.values)
    present, count = sparse_counts(group[inside] * size + amounts.index[inside], by.n_groups * size)
    edges = np.searchsorted(present // size, np.arange(by.n_groups + 1))
    return [
        Values(amounts.values[present[a:b] % size], count[a:b]) for a, b in pairwise(edges.tolist())
    ]


def _money(rows: Rows, amounts: Amounts | None, by: Grouping) -> Sequence[Money | None]:
    if amounts is None:
        return [None] * by.n_groups
    values = _values(amounts, by)
    fold_n = by.fold_sums(amounts.rows, rows.fold, rows.n_folds, None)
    fold_total = by.fold_sums(amounts.rows, rows.fold, rows.n_folds, amounts.amounts)
    return [Money(values[g], fold_n[g], fold_total[g]) for g in range(by.n_groups)]


def _conversions(t: Trials | None, by: Grouping) -> Sequence[Conversion | None]:
    if t is None:
        return [None] * by.n_groups
    masks = (t.counted, t.converted, t.still_open, t.early, t.left_out)
    table = [by.count(m) for m in masks]
    days: Sequence[Counts | None] = [None] * by.n_groups
    if t.days is not None:
        days = _counts(t.days, by)
    counted, converted, still_open, early, left_out = (column.tolist() for column in table)
    return [
        Conversion(t.form, counted[g], converted[g], still_open[g], early[g], left_out[g], days[g])
        for g in range(by.n_groups)
    ]


def _deals(rows: Rows, by: Grouping) -> Sequence[Deals | None]:
    o = rows.opportunities
    if o is None:
        return [None] * by.n_groups
    won, lost = o.outcome == 1, o.outcome == 0
    valued = (won | lost) & np.isfinite(o.value)
    at = np.flatnonzero(valued)
    value = np.nan_to_num(o.value)
    fold_decided = by.fold_sums(at, rows.fold, rows.n_folds, value[at])
    fold_won = by.fold_sums(at, rows.fold, rows.n_folds, np.where(won, value, 0.0)[at])
    n_won, n_lost, n_open = (by.count(m).tolist() for m in (won, lost, o.outcome == -1))
    value_won = by.sums(valued & won, value).tolist()
    value_decided = by.sums(valued, value).tolist()
    n_valued = by.count(valued).tolist()
    return [
        Deals(
            n_won[g],
            n_lost[g],
            n_open[g],
            value_won[g],
            value_decided[g],
            fold_won[g],
            fold_decided[g],
            n_valued[g],
        )
        for g in range(by.n_groups)
    ]


def _per_month(rows: Rows, pair: MoneyAndMonths | None, by: Grouping) -> Sequence[PerMonth | None]:
    if pair is None:
        return [None] * by.n_groups
    return [PerMonth(*sums) for sums in _sums_of_pairs(rows, pair, by)]


def _sums_of_pairs(
    rows: Rows, pair: MoneyAndMonths, by: Grouping
) -> Iterator[tuple[int, float, float, float, float, float, Floats, Floats]]:
    """Of each group: how many, both sums, the sums of squares and products, both sums by fold."""
    at, revenue, months = pair
    group = by.codes[at]
    inside = group >= 0

    def total(weights: Floats) -> Floats:
        return np.bincount(group[inside], weights[inside], by.n_groups).astype(np.float64)

    weights = (revenue, months, revenue**2, revenue * months, months**2)
    money, time, money2, both, time2 = (total(w).tolist() for w in weights)
    fold_revenue = by.fold_sums(at, rows.fold, rows.n_folds, revenue)
    fold_months = by.fold_sums(at, rows.fold, rows.n_folds, months)
    n = by.fold_sums(at, rows.fold, rows.n_folds, None).sum(axis=1)
    for g in range(by.n_groups):
        sums = (money[g], time[g], money2[g], both[g], time2[g])
        yield int(n[g]), *sums, fold_revenue[g], fold_months[g]


def _purchases(
    rows: Rows, by: Grouping
) -> tuple[
    Sequence[Conversion | None],
    Sequence[Money | None],
    Sequence[PerOrder | None],
    Sequence[Values | None],
]:
    """Who bought again, orders a customer, revenue over orders, and what single orders came to."""
    nothing = [None] * by.n_groups
    bought = rows.purchases
    if bought is None:
        return nothing, nothing, nothing, nothing
    pair = bought.money
    return (
        _conversions(bought.repeats, by),
        _money(rows, bought.number, by),
        nothing if pair is None else [PerOrder(*sums) for sums in _sums_of_pairs(rows, pair, by)],
        nothing if bought.values is None else _values(bought.values, by),
    )


def _folded(rows: Rows, timed: Timed, by: Grouping) -> list[Folded]:
    """Counts by fold and time, for resampling."""
    n_times = len(timed.times)
    group = by.codes[timed.rows]
    inside = group >= 0
    size = by.n_groups * rows.n_folds * n_times * 2
    key = ((group * rows.n_folds + rows.fold[timed.rows]) * n_times + timed.index) * 2 + timed.ended
    present, count = sparse_counts(key[inside], size)
    ended = present % 2 == 1
    cell = present // 2
    fold_cell, time = cell // n_times, cell % n_times
    edges = np.searchsorted(fold_cell // rows.n_folds, np.arange(by.n_groups + 1))
    events, censored = np.where(ended, count, 0), np.where(ended, 0, count)
    return [
        Folded(
            rows.n_folds,
            timed.times,
            (fold_cell[a:b] % rows.n_folds),
            time[a:b],
            events[a:b],
            censored[a:b],
        )
        for a, b in pairwise(edges.tolist())
    ]


def _lifetimes(rows: Rows, by: Grouping) -> Sequence[Lifetimes | None]:
    if rows.stays is None or rows.stays_coarse is None:
        return [None] * by.n_groups
    months = _counts(rows.stays, by)
    folded = _folded(rows, rows.stays_coarse, by)
    unknown = by.count(rows.stay_unknown)
    return [Lifetimes(months[g], folded[g], int(unknown[g])) for g in range(by.n_groups)]


def _acquisition(rows: Rows, by: Grouping) -> Sequence[Acquisition | None]:
    if rows.cost is None or not np.isfinite(rows.cost).any():
        return [None] * by.n_groups
    known = np.isfinite(rows.cost)
    cost = np.nan_to_num(rows.cost)
    won = rows.status >= Status.CUSTOMER
    new, unknown = won & known, won & ~known  # unknown spend is not spend of 0
    spend, n_known, n_new = by.sums(known, cost), by.count(known), by.count(new)
    n_unknown = by.count(unknown)
    every = np.arange(rows.n)
    fold_spend = by.fold_sums(every, rows.fold, rows.n_folds, cost)
    fold_new = by.fold_sums(every, rows.fold, rows.n_folds, new.astype(np.float64))
    return [
        Acquisition(
            float(spend[g]),
            int(n_known[g]),
            int(n_new[g]),
            int(n_unknown[g]),
            fold_spend[g],
            fold_new[g],
        )
        for g in range(by.n_groups)
    ]
