"""Rows as numbers of 64 bits that tell whether a row says the same as before. Nobody is found again from one."""

from __future__ import annotations

from collections.abc import Iterable
from operator import methodcaller
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.tables import Array, Customers, Orders, Trait
from mapseg_xl.tally.folds import mixed

Prints = NDArray[np.uint64]

_DECIMALS = 6  # of a number: the same after any program has saved it
_EMPTY = np.uint64(0x5BD1E995)


def woven(*columns: Prints) -> Prints:
    """One print a row out of several; which column is which matters."""
    state = np.zeros(len(columns[0]), dtype=np.uint64)
    for at, column in enumerate(columns, start=1):
        state = mixed(state + mixed(column + np.uint64(at)))
    return state


def text_prints(texts: Iterable[str]) -> Prints:
    """A print a text: the same on every machine."""
    encoded = map(methodcaller("encode", "utf-8", "surrogatepass"), texts)
    return np.fromiter(map(crc32, encoded), dtype=np.uint64)


def column_prints(column: Array) -> Prints:
    """A print a value of a role's column, by what it holds: days, numbers, flags, text. Empty is a value too."""
    if column.dtype.kind == "M":
        return column.astype("M8[D]").view(np.int64).view(np.uint64).copy()
    if column.dtype.kind == "f":
        known = np.isfinite(column)
        tidy = np.round(np.where(known, column, 0.0), _DECIMALS) + 0.0  # no zero with a sign
        return np.where(known, tidy.view(np.uint64), _EMPTY)
    if column.dtype.kind in "iub":
        return column.astype(np.int64).view(np.uint64)
    return text_prints(column)


def trait_prints(trait: Trait) -> Prints:
    """What each row's cell held: the number where there is one, not the band that it falls in. The name is no part."""
    if trait.numbers is not None:
        return column_prints(trait.numbers)
    return text_prints(trait.values)[trait.codes]


def has_ids(customers: Customers) -> bool:
    """Whether a column tells the customers apart; else their ids are the numbers of their rows."""
    return bool(customers.n) and not np.array_equal(
        customers.ids[: customers.n], customers.rows.astype(str)
    )


def orders_of(orders: Orders, n: int) -> Prints:
    """A print a customer of all its dated orders, whatever their sequence; 0 without any."""
    held = (orders.customer >= 0) & ~np.isnat(orders.order_on)
    each = woven(column_prints(orders.order_on[held]), column_prints(orders.value[held]))
    made = np.zeros(n, dtype=np.uint64)
    np.add.at(made, orders.customer[held], each)
    return made


def order_prints(orders: Orders, rows: Prints) -> Prints:
    """A print of each order; `rows`: the prints of the customers it may belong to."""
    whose = np.append(rows, np.uint64(0))[orders.customer]
    return woven(whose, column_prints(orders.order_on), column_prints(orders.value))


def row_prints(customers: Customers) -> Prints:
    """A print of all that a row says, its id too where a column gives one; the sequence of columns does not count."""
    made = mixed(customers.status.astype(np.uint64))
    if has_ids(customers):
        made = woven(made, text_prints(customers.ids))
    names = [f"role {role}" for role in customers.roles] + [
        f"trait {t.name}" for t in customers.traits
    ]
    columns = [column_prints(c) for c in customers.roles.values()]
    columns += [trait_prints(t) for t in customers.traits]
    total = np.zeros(customers.n, dtype=np.uint64)
    for name, column in zip(text_prints(names), columns, strict=True):
        total += mixed(column + mixed(np.full(1, name)))
    return woven(made, total)
