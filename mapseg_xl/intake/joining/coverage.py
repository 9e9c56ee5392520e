"""What joined tables say of how many customers, and how much of their money stands on the customers. Joins nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake import clean
from mapseg_xl.intake.columns.classify import Classified, Kind, amount_column
from mapseg_xl.intake.health import Places
from mapseg_xl.intake.joining.matching import MONEY_ROLES, money_of, named
from mapseg_xl.intake.joining.merge import Joined
from mapseg_xl.intake.tables import Array, Customers, Match, OwnTie, RawTable

REVENUE = ("revenue_monthly", "revenue_total")
_NO_RECORDS = ("total_row", "blank_row", "repeated_header", "copied_row")


def covered(
    matches: Sequence[Match], joined: Sequence[Joined], customers: Customers, places: Places
) -> tuple[Match, ...]:
    """The lines of the match report with what each table says of how many customers, and its money on them."""
    lines = {id(j.match): j for j in joined}
    return tuple(
        m if id(m) not in lines else _covered(m, lines[id(m)], customers, places) for m in matches
    )


def revenue_of(customers: Customers) -> Array | None:
    """What each customer pays, 0 where unknown; None where nothing says it."""
    role = next((r for r in REVENUE if r in customers.roles), None)
    return None if role is None else np.nan_to_num(customers.roles[role])


def all_revenue(customers: Customers) -> float | None:
    """What all customers pay together; None where nothing says it."""
    revenue = revenue_of(customers)
    return None if revenue is None else _total(revenue)


def own_tie(told: Classified, kept: NDArray[np.bool_]) -> OwnTie:
    """The rows and the money of the customers' own table. `kept`: its records that a customer is made of."""
    money = _own_money(told)
    return OwnTie(
        named(told.table),
        len(told.table.rows),
        int(kept.sum()),
        int((~kept).sum()),
        None if money is None else _total(money),
        None if money is None else _total(money[kept]),
    )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows of a joined table that are in no figure because they are no records, or are there twice; their money."""

    rows: int
    money: float | None

    def told(self, match: Match) -> Match:
        """The line of the match report with them."""
        money = match.money_all
        if money is not None and self.money is not None:
            money = round(money + self.money, 6)
        return replace(match, rows_left_out=self.rows, money_left_out=self.money, money_all=money)


def left_out(right: Classified, whole: RawTable) -> LeftOut:
    """What `whole` has beyond the rows of the table that are used, and rows below its header that are no records.

    Totals have no money of their own: it is the rows' above them.
    """
    twice = ~np.isin(whole.rows, right.table.rows)
    money = money_of(replace(right, table=whole))
    none = sum(issue.count for issue in whole.issues if issue.kind in _NO_RECORDS)
    return LeftOut(int(twice.sum()) + none, None if money is None else _total(money[twice]))


def _covered(match: Match, joined: Joined, customers: Customers, places: Places) -> Match:
    mask = joined.reading.covered
    mask = np.ones(customers.n, dtype=bool) if mask is None else mask
    revenue = revenue_of(customers)
    return replace(
        match,
        customers_covered=int(mask.sum()),
        money_covered=None if revenue is None else _total(revenue[mask]),
        money_counted=_counted(match, joined, customers, places),
    )


def _counted(match: Match, joined: Joined, customers: Customers, places: Places) -> float | None:
    """What of the table's money stands on the customers: none where another table's column is used."""
    if match.money_matched is None:
        return None
    reading = joined.reading
    role = next((r for r in MONEY_ROLES if r in reading.typed), None)
    if role is None or role not in places or places[role][0] is not reading.table:
        return 0.0
    return _total(np.nan_to_num(customers.roles[role]))


def _own_money(told: Classified) -> Array | None:
    if told.kind is not Kind.TRANSACTIONS:
        return money_of(told)
    index = amount_column(told.table, told.found)
    return None if index is None else np.nan_to_num(clean.numbers(told.table, index).values)


def _total(money: Array) -> float:
    return round(fsum(money.tolist()), 6)
