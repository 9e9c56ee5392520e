"""Today's rows in terms of an earlier run: who came since, who bought or left, what now says something else.

Reads rows. Three things are told apart: new rows (by their dates), new behaviour of rows that were there (dated after
that day), and another past (the footprint of that day does not fit any more).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from mapseg_xl.analyze.baselines import Baseline
from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.census import StartMonth, came_after, monthly_money, start_months
from mapseg_xl.analyze.edits import Edits, edits
from mapseg_xl.analyze.footprints import PRICE, stood
from mapseg_xl.analyze.mixes import Counts, recounted
from mapseg_xl.intake.tables import Array, Customers, Orders, Status
from mapseg_xl.tally.rows import Mask
from mapseg_xl.tally.standing import first_dates


@dataclass(frozen=True, slots=True)
class News:
    """What is dated after the day of the earlier run: exact, as today's rows tell it."""

    new: int  # rows
    new_bought: int  # of them
    new_left: int
    known: int  # rows that are of that day
    bought: int | None  # of those known; None where no date tells
    left: int | None


@dataclass(frozen=True, slots=True)
class Money:
    """Monthly money then and now. The parts add up: then + new + bought - left + repriced = now.

    `left`: at the price that today's data has of them, None where it has none: then `repriced` holds them too.
    """

    then: float
    new: float
    bought: float
    left: float | None
    repriced: float
    now: float


@dataclass(frozen=True, slots=True)
class Flow:
    """Why a segment has another size: its rows then, those that came since, and today's rows of that day."""

    segment_id: str
    new: int
    known: int


@dataclass(frozen=True, slots=True)
class Starters:
    """Who started in a month, and how many of them are in a decided segment."""

    month: str
    n: int
    inside: int


@dataclass(frozen=True, slots=True, eq=False)
class Since:
    """Today's rows beside one earlier run. What only dates can tell is None without them."""

    fingerprint: str
    as_of: date | None
    news: News | None = None
    edits: Edits | None = None
    months: tuple[StartMonth, ...] = ()  # of that day, as today's data has it
    money: Money | None = None
    flows: Mapping[str, Flow] = field(default_factory=dict)
    mix_now: Mapping[str, Counts] = field(default_factory=dict)  # everybody, by trait of then
    customers_now: Mapping[str, Counts] = field(default_factory=dict)
    mix_new: Mapping[str, Counts] = field(default_factory=dict)  # rows that came since
    starters: tuple[Starters, ...] = ()  # by month, where a segment is decided


def since(
    then: Baseline,
    customers: Customers,
    orders: Orders | None,
    candidates: Sequence[Candidate],
    decided: Collection[str] = (),
) -> Since:
    """Everything that today's rows say beside an earlier run, which holds a census; `decided`: segment ids."""
    held, day = then.census, then.as_of
    earlier, earlier_orders = stood(customers, orders, day)
    changed = None
    if held.footprint is not None:
        silent = _price_cleared(customers, earlier, day)
        changed = edits(held.footprint, earlier, earlier_orders, silent)
    renamed = changed.renamed if changed else {}
    new = _came(customers, day)
    everybody = np.ones(customers.n, dtype=np.bool_)
    paying = customers.status == Status.CUSTOMER
    return Since(
        then.fingerprint,
        day,
        None if new is None or day is None else _news(customers, new, day),
        changed,
        start_months(earlier),
        None if new is None or day is None else _money(then, customers, new, day),
        {} if new is None else _flows(candidates, new),
        recounted(held.mixes, customers, renamed, everybody),
        recounted(held.mixes, customers, renamed, paying),
        {} if new is None else recounted(held.mixes, customers, renamed, new),
        _starters(customers, [c for c in candidates if c.segment_id in decided]),
    )


def _starters(customers: Customers, chosen: Sequence[Candidate]) -> tuple[Starters, ...]:
    """Those who start by month, as far as dates tell; none where no segment is decided."""
    first = first_dates(customers)
    known = ~np.isnat(first)
    if not chosen or not known.any():
        return ()
    inside = np.logical_or.reduce([c.member for c in chosen])[known]
    months, codes = np.unique(first[known].astype("M8[M]"), return_inverse=True)
    counts = np.bincount(codes, minlength=len(months)).tolist()
    within = np.bincount(codes[inside], minlength=len(months)).tolist()
    names = months.astype(str).tolist()
    return tuple(Starters(*line) for line in zip(names, counts, within, strict=True))


def _came(customers: Customers, day: date | None) -> Mask | None:
    """The rows that came after the day; None where some row tells no day."""
    if day is None:
        return None
    months = sum(line.rows for line in start_months(customers))
    return came_after(customers, day) if months == customers.n else None


def _news(customers: Customers, new: Mask, day: date) -> News:
    status = customers.status
    return News(
        int(new.sum()),
        int((new & (status >= Status.CUSTOMER)).sum()),
        int((new & (status == Status.CHURNED)).sum()),
        int((~new).sum()),
        _dated_after(customers, "converted_on", ~new, day),
        _dated_after(customers, "churned_on", ~new, day),
    )


def _dated_after(customers: Customers, role: str, among: Mask, day: date) -> int | None:
    dates = customers.roles.get(role)
    return None if dates is None else int((among & _after(dates, day)).sum())


def _after(dates: Array, day: date) -> Mask:
    later: Mask = dates > np.datetime64(day, "D")
    return later


def _money(then: Baseline, customers: Customers, new: Mask, day: date) -> Money | None:
    """The parts of the change of monthly money; None where a date or a price is missing."""
    roles = customers.roles
    price, left_on, won_on = (
        roles.get(r) for r in ("revenue_monthly", "churned_on", "converted_on")
    )
    before = then.census.monthly_money
    now = monthly_money(customers, np.ones(customers.n, dtype=np.bool_))
    if price is None or left_on is None or before is None or now is None:
        return None
    bought = ~new & _after(won_on, day) if won_on is not None else np.zeros(customers.n, np.bool_)
    gone = ~new & ~bought & _after(left_on, day)
    lost = float(np.nansum(price[gone])) if np.isfinite(price[gone]).all() else None
    came, started = (monthly_money(customers, part) or 0.0 for part in (new, bought))
    repriced = now - before - came - started + (lost or 0.0)
    return Money(before, came, started, lost, repriced, now)


def _flows(candidates: Sequence[Candidate], new: Mask) -> dict[str, Flow]:
    found = {}
    for c in candidates:
        inside = int((c.member & new).sum())
        found[c.segment_id] = Flow(c.segment_id, inside, c.n - inside)
    return found


def _price_cleared(customers: Customers, earlier: Customers, day: date | None) -> dict[str, Mask]:
    """Customers of that day who have left since and have no price now: clearing it is no change of price."""
    price, left_on = (customers.roles.get(r) for r in ("revenue_monthly", "churned_on"))
    if price is None or left_on is None or day is None:
        return {}
    gone = _after(left_on, day) & ~(np.nan_to_num(price) > 0)
    return {PRICE: gone[~came_after(customers, day)]} if earlier.n < customers.n else {PRICE: gone}
