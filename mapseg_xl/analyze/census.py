"""What a run takes down of its rows for later ones: footprint, mix of every trait, counts by month. No customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from mapseg_xl.analyze.footprints import Footprint, footprint
from mapseg_xl.analyze.mixes import Mix, mixes_of
from mapseg_xl.intake.tables import Customers, Orders, Status
from mapseg_xl.tally.rows import Mask
from mapseg_xl.tally.standing import first_dates

MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class StartMonth:
    """The rows that start in one month: how many, and how many of them have bought and left by the day of the run."""

    month: str  # "2025-03"
    rows: int
    won: int
    left: int


@dataclass(frozen=True, slots=True)
class Census:
    """One run's rows as totals. `monthly_money`: what its customers paid a month; None where no price is known."""

    footprint: Footprint | None = None
    mixes: tuple[Mix, ...] = ()
    months: tuple[StartMonth, ...] = ()
    monthly_money: float | None = None


def census(customers: Customers, orders: Orders | None, salt: str) -> Census:
    """The census of customers as they stand."""
    return Census(
        footprint(customers, orders, salt),
        mixes_of(customers),
        start_months(customers),
        monthly_money(customers, np.ones(customers.n, dtype=np.bool_)),
    )


def start_months(customers: Customers) -> tuple[StartMonth, ...]:
    """Rows by the month of their first date, the last 120 months; () where nothing is dated."""
    first = first_dates(customers)
    known = ~np.isnat(first)
    if not known.any():
        return ()
    months, codes = np.unique(first[known].astype("M8[M]"), return_inverse=True)
    status = customers.status[known]
    rows, won, left = (
        np.bincount(codes[held], minlength=len(months))
        for held in (slice(None), status >= Status.CUSTOMER, status == Status.CHURNED)
    )
    found = zip(
        months.astype(str).tolist(), rows.tolist(), won.tolist(), left.tolist(), strict=True
    )
    return tuple(StartMonth(*line) for line in found)[-MOST_MONTHS:]


def monthly_money(customers: Customers, among: Mask) -> float | None:
    """What the customers of `among` who have not left pay a month in all; None where there is no such column."""
    price = customers.roles.get("revenue_monthly")
    if price is None:
        return None
    paying = among & (customers.status == Status.CUSTOMER) & np.isfinite(price)
    return float(price[paying].sum())


def came_after(customers: Customers, day: date) -> Mask:
    """The rows whose first date lies after a day."""
    later: Mask = first_dates(customers) > np.datetime64(day, "D")
    return later
