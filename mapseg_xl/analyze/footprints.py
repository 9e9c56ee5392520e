"""What a run leaves of its rows so that a later one can tell edited history from news: sums over groups of customers.

Customers are dealt into groups of about ten by a hash of their id. Of each group the footprint keeps how many rows it
had, the sum of the prints of their ids (32 bits), and for each thing that a row says one byte of the sum of its
prints. So no customer is in it: a group's sum fits very many sets of ten customers, and one customer alone cannot be
looked up. What differs between two footprints is counted by group, which bounds the rows that differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.analyze.prints import (
    Prints,
    column_prints,
    has_ids,
    orders_of,
    row_prints,
    text_prints,
    trait_prints,
    woven,
)
from mapseg_xl.intake.tables import Array, Customers, Orders, Status
from mapseg_xl.tally.folds import fold_of, mixed
from mapseg_xl.tally.standing import as_they_stood, first_dates

ROWS_A_GROUP = 10
MOST_GROUPS = 1024
LEAST_ROWS = 40  # below, groups would be so few that they tell nothing
MOST_TRAITS = 24

STARTED, WON, LEFT, ORDERED = "started", "won", "left", "ordered"  # the past, dated
STATUS, PRICE, COST = "status", "price", "cost"  # what holds now; nothing tells since when
HISTORY = (STARTED, WON, LEFT, ORDERED)
STATES = (STATUS, PRICE, COST)


@dataclass(frozen=True, slots=True)
class Layer:
    """One thing that rows say: the sum of all its prints, and a byte of each group's."""

    total: int
    sums: bytes


@dataclass(frozen=True, slots=True)
class Footprint:
    """The rows of a run as sums. `keyed`: whether ids tell them apart; else a row is known by what it says."""

    n: int
    keyed: bool
    salt: str
    rows: bytes  # uint16 a group
    ids: bytes  # uint32 a group: sums of prints of ids
    layers: Mapping[str, Layer] = field(default_factory=dict)
    traits: Mapping[str, Layer] = field(default_factory=dict)

    @property
    def groups(self) -> int:
        """Groups that the customers are dealt into."""
        return len(self.rows) // 2


@dataclass(frozen=True, slots=True, eq=False)
class Dealt:
    """Rows in groups, with the print of each row's id, and what every row says by layer."""

    n: int
    keyed: bool
    group: NDArray[np.int64]
    ids: Prints
    layers: Mapping[str, Prints]
    traits: Mapping[str, Prints]


def footprint(customers: Customers, orders: Orders | None, salt: str) -> Footprint | None:
    """The footprint of rows as they stand; None for so few that groups would tell nothing."""
    if customers.n < LEAST_ROWS:
        return None
    groups = min(MOST_GROUPS, customers.n // ROWS_A_GROUP)
    dealt = deal(customers, orders, salt, groups, keyed=has_ids(customers))
    rows = np.bincount(dealt.group, minlength=groups)
    return Footprint(
        dealt.n,
        dealt.keyed,
        salt,
        np.minimum(rows, 65535).astype("<u2").tobytes(),
        summed(dealt.ids, dealt.group, groups).astype("<u4").tobytes(),
        {name: layer_of(prints, dealt.group, groups) for name, prints in dealt.layers.items()},
        {name: layer_of(prints, dealt.group, groups) for name, prints in dealt.traits.items()},
    )


def deal(
    customers: Customers, orders: Orders | None, salt: str, groups: int, *, keyed: bool
) -> Dealt:
    """Rows in their groups. Without ids a row is known by all that it says, so it has no layers."""
    if not keyed:
        ids = row_prints(customers)
        return Dealt(customers.n, False, (ids % np.uint64(groups)).astype(np.int64), ids, {}, {})
    group = fold_of(customers.ids, f"{salt} groups", groups)
    ids = mixed(text_prints(customers.ids) + text_prints([salt]))
    layers = {k: woven(ids, v) for k, v in _said(customers, orders).items()}
    traits = {t.name: woven(ids, trait_prints(t)) for t in customers.traits[:MOST_TRAITS]}
    return Dealt(customers.n, True, group, ids, layers, traits)


def stood(
    customers: Customers, orders: Orders | None, day: date | None
) -> tuple[Customers, Orders | None]:
    """Customers and their orders as they stood on a day."""
    if day is None:
        return customers, orders
    there = ~(first_dates(customers) > np.datetime64(day, "D"))
    if orders is not None:
        orders = orders.only(there).until(day)
    return as_they_stood(customers, day), orders


def summed(prints: Prints, group: NDArray[np.int64], groups: int) -> Prints:
    """The sum of each group's prints, modulo 2^64."""
    made = np.zeros(groups, dtype=np.uint64)
    np.add.at(made, group, prints)
    return made


def layer_of(prints: Prints, group: NDArray[np.int64], groups: int) -> Layer:
    """A layer's sums. The byte is the top one, which every print of the group has moved."""
    sums = summed(prints, group, groups)
    total = int(sums.sum(dtype=np.uint64))
    return Layer(total, (sums >> np.uint64(56)).astype(np.uint8).tobytes())


def _said(customers: Customers, orders: Orders | None) -> dict[str, Prints]:
    """What rows say, by layer. The past is what has its day; the rest only holds now."""
    roles, n = customers.roles, customers.n
    found: dict[str, Prints] = {}
    for layer, names in (
        (STARTED, ("created_on", "trial_on")),
        (WON, ("converted_on",)),
        (LEFT, ("churned_on",)),
    ):
        held = [column_prints(roles[name]) for name in names if name in roles]
        if held:
            found[layer] = woven(*held)
    if orders is not None:
        found[ORDERED] = orders_of(orders, n)
    status = _undated_status(customers)
    if status is not None:
        found[STATUS] = column_prints(status)
    for layer, role in ((PRICE, "revenue_monthly"), (COST, "acquisition_cost")):
        if role in roles:
            # a price of somebody who has not bought yet comes with the purchase: it is no change of price
            paying = customers.status >= Status.CUSTOMER
            found[layer] = column_prints(np.where(paying, roles[role], np.nan))
    return found


def _undated_status(customers: Customers) -> Array | None:
    """The status as far as no date tells it; None where dates tell all of it."""
    won, left = ("converted_on" in customers.roles, "churned_on" in customers.roles)
    status: Array = customers.status.astype(np.int64)
    if won and left:
        return None
    if left:
        capped: Array = np.minimum(status, Status.CUSTOMER)
        return capped
    if won:
        status = np.where(status == Status.CHURNED, 1, 0)
    return status
