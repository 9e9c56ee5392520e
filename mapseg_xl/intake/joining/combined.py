"""One row a customer, with everything the sources say of them side by side: what Combine and `mapseg merge` write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

import numpy as np

from mapseg_xl.intake.columns.role_words import CUSTOMER_ROLES, ROLES
from mapseg_xl.intake.tables import BLANK, Array, Customers, Sources, Status, Trait, plain

Value: TypeAlias = str | float | int | date | None

TITLES = {  # of roles that no column of the sources filled, or filled together with others
    "customer_id": "Customer ID",
    "status": "Status",
    "revenue_monthly": "Revenue monthly",
    "revenue_total": "Revenue total",
    "order_count": "Orders",
    "acquisition_cost": "Acquisition cost",
    "tenure_months": "Tenure months",
}
ESTIMATED = "Acquisition cost (estimated)"
_OUTCOMES = {1: "won", 0: "lost"}
_WHOLE = 1e15


@dataclass(frozen=True, slots=True)
class CombinedColumn:
    """A column: its header, what it holds (text date count money share number), a value a customer."""

    header: str
    kind: str
    values: tuple[Value, ...]


def combine(sources: Sources) -> tuple[CombinedColumn, ...]:
    """The customers as columns: who they are, where they stand, when what happened, money, then every trait.

    Headers are the sources' own; one that two columns share gets a number. Empty cells are None.
    """
    taken: dict[str, int] = {}
    return tuple(
        CombinedColumn(_free(header, taken), kind, values)
        for header, kind, values in _columns(_said_so(sources))
    )


def _said_so(sources: Sources) -> Customers:
    """The customers, a cost that was spread from channel spend under a header that says so."""
    customers = sources.customers
    if not sources.cost_estimated:
        return customers
    headers = {**customers.role_headers, "acquisition_cost": ESTIMATED}
    return replace(customers, role_headers=headers)


def _free(header: str, taken: dict[str, int]) -> str:
    """The header, with a number from the second on: an Excel table takes none twice, whatever the case."""
    key = plain(header) or header
    taken[key] = taken.get(key, 0) + 1
    return header if taken[key] == 1 else f"{header} {taken[key]}"


def _columns(customers: Customers) -> Iterator[tuple[str, str, tuple[Value, ...]]]:
    yield _title(customers, "customer_id"), "text", tuple(map(str, customers.ids))
    yield TITLES["status"], "text", tuple(_statuses(customers))
    read_as_trait = {plain(t.name) for t in customers.traits}
    for role in CUSTOMER_ROLES:
        column = customers.roles.get(role.name)
        if column is None or role.name in ("customer_id", "status"):
            continue
        title = _title(customers, role.name)
        if role.kind == "text" and plain(title) in read_as_trait:
            continue  # channel, owner: the trait of the same column has it
        yield title, _kind(role.name, column), _values(role.name, column)
    for trait in customers.traits:
        yield trait.name, *_of_trait(trait)


def _title(customers: Customers, role: str) -> str:
    default = TITLES.get(role, role.replace("_", " ").capitalize())
    return customers.role_headers.get(role, default)


def _statuses(customers: Customers) -> Iterator[str]:
    names = {int(status): status.name.lower() for status in Status}
    return (names[int(code)] for code in customers.status)


def _kind(role: str, column: Array) -> str:
    if column.dtype.kind == "M":
        return "date"
    if role == "gross_margin":
        return "share"
    if role in ("revenue_monthly", "revenue_total", "acquisition_cost"):
        return "money"
    if role == "order_count":
        return "count"
    return "number" if column.dtype.kind == "f" else "text"


def _values(role: str, column: Array) -> tuple[Value, ...]:
    if column.dtype.kind == "M":
        return tuple(column.astype(object))  # NaT becomes None, days become dates
    if ROLES[role].kind == "outcome":
        return tuple(_OUTCOMES.get(int(code)) for code in column)
    if column.dtype.kind == "i":
        return tuple({1: "yes", 0: "no"}.get(int(code)) for code in column)
    if column.dtype.kind == "f":
        return _numbers(column)
    return tuple(str(text) or None for text in column)


def _numbers(column: Array) -> tuple[Value, ...]:
    """Whole numbers without decimals, unknown ones empty."""
    return tuple(
        None if np.isnan(v) else int(v) if v == int(v) and abs(v) < _WHOLE else float(v)
        for v in column
    )


def _of_trait(trait: Trait) -> tuple[str, tuple[Value, ...]]:
    if trait.numbers is not None:
        return "number", _numbers(trait.numbers)
    words = [None if value == BLANK else value for value in trait.values]
    return "text", tuple(words[code] for code in trait.codes)
