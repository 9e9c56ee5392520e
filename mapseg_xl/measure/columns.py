"""Looks a column of the customers up by the name people use, and shows it as distinct values with codes."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.errors import MissingColumn
from mapseg_xl.intake.describing.traits import trait_of
from mapseg_xl.intake.tables import Customers, Trait, plain


@dataclass(frozen=True, slots=True, eq=False)
class NamedColumn:
    """A column in the one form rules read: codes into distinct values, and numbers or dates where it has them.

    Numbers stand there in bands, dates as years; the numbers and dates themselves beside them.
    """

    name: str  # the source's header
    kind: str  # "text" "number" "date"
    values: tuple[str, ...]
    codes: NDArray[np.int32]
    numbers: NDArray[np.float64] | None = None  # NaN where empty
    dates: NDArray[np.datetime64] | None = None  # NaT where empty
    made_from: tuple[str, ...] = ()
    outcome_like: bool = False


def find_column(customers: Customers, name: str) -> NamedColumn:
    """The trait or role column of that header, else of that role name; MissingColumn names the nearest ones.

    A header written exactly wins; then case, spaces and underscores do not matter.
    """
    wanted = name.strip()
    trait = _find_trait(customers, wanted)
    if trait is not None:
        kind = "text" if trait.numbers is None else "number"
        return NamedColumn(
            trait.name,
            kind,
            trait.values,
            trait.codes,
            trait.numbers,
            made_from=trait.made_from,
            outcome_like=trait.outcome_like,
        )
    role = _find_role(customers, wanted)
    if role is not None:
        return _role_column(customers, role)
    raise MissingColumn(_no_column(customers, wanted))


def _find_trait(customers: Customers, wanted: str) -> Trait | None:
    exact = next((t for t in customers.traits if t.name == wanted), None)
    if exact is not None or wanted in customers.role_headers.values() or not plain(wanted):
        return exact
    return customers.trait(wanted)


def _find_role(customers: Customers, wanted: str) -> str | None:
    headers = {r: h for r, h in customers.role_headers.items() if r in customers.roles}
    for role, header in headers.items():
        if header == wanted:
            return role
    for role, header in headers.items():
        if plain(wanted) and plain(header) == plain(wanted):
            return role
    return next((r for r in customers.roles if plain(r) == plain(wanted) != ""), None)


def _role_column(customers: Customers, role: str) -> NamedColumn:
    """A role's column with the values people see: bands of numbers, years of dates, yes and no."""
    held = customers.roles[role]
    shown = trait_of(customers, customers.role_headers.get(role, role))
    kind = {"M": "date", "f": "number"}.get(held.dtype.kind, "text")
    return NamedColumn(
        shown.name,
        kind,
        shown.values,
        shown.codes,
        numbers=held if kind == "number" else None,
        dates=held if kind == "date" else None,
        made_from=shown.made_from,
    )


def _no_column(customers: Customers, wanted: str) -> str:
    names = [t.name for t in customers.traits] + [
        h for r, h in customers.role_headers.items() if r in customers.roles
    ]
    names = list(dict.fromkeys(names))
    by_plain = {plain(n): n for n in reversed(names)}
    near = [by_plain[p] for p in difflib.get_close_matches(plain(wanted), by_plain, 3, 0.6)]
    where = f"{customers.sheet} has no column '{wanted}'."
    if near:
        return f"{where} Did you mean {' or '.join(repr(n) for n in near)}?"
    return f"{where} The columns are {listed(names)}."


def listed(names: list[str] | tuple[str, ...], most: int = 8) -> str:
    """Names in a row, the first few of many: `A, B, C (and 4 more)`."""
    more = f" (and {len(names) - most} more)" if len(names) > most else ""
    return ", ".join(names[:most]) + more
