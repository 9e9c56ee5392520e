"""Date columns in which 03/04/2025 could be read two ways, settled by the other date columns of the table.

One export writes all its dates alike. Where the others disagree, or there is none, the column stays an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mapseg_xl.intake import clean
from mapseg_xl.intake.columns.role_values import Typed, typed_role
from mapseg_xl.intake.columns.roles import RoleMap
from mapseg_xl.intake.tables import Issue, RawTable

AMBIGUOUS = "ambiguous_dates"
_MOSTLY_DATES = 0.6


def settled(
    table: RawTable, found: RoleMap, typed: dict[str, Typed], day_first: bool | None
) -> tuple[dict[str, Typed], bool | None]:
    """Roles with unclear dates read in the order of the table's other dates, and that order; None where unknown."""
    if day_first is not None:
        return typed, day_first
    orders = {t.day_first for t in typed.values()} - {None}
    unclear = [role for role, t in typed.items() if _asks(t)]
    if unclear and not orders:
        orders = _orders_of_traits(table, found)
    if len(orders) != 1:
        return typed, None
    order = orders.pop()
    read_again = {r: _read(table, found.columns, r, typed[r], bool(order)) for r in unclear}
    return {**typed, **read_again}, order


def _asks(typed: Typed) -> bool:
    return any(i.kind == AMBIGUOUS for i in typed.issues)


def _orders_of_traits(table: RawTable, found: RoleMap) -> set[bool | None]:
    """The orders that columns of dates without a role show."""
    roles = set(found.columns.values())
    others = [
        i for i, p in enumerate(found.profiles) if p.dates >= _MOSTLY_DATES and i not in roles
    ]
    return {clean.dates(table, i).day_first for i in others} - {None}


def _read(
    table: RawTable, columns: Mapping[str, int], role: str, unclear: Typed, day_first: bool
) -> Typed:
    again = typed_role(table, columns[role], role, day_first)
    said = next(i for i in unclear.issues if i.kind == AMBIGUOUS)
    return replace(again, issues=(*again.issues, _taken_over(said, day_first)))


def _taken_over(issue: Issue, day_first: bool) -> Issue:
    first = "day" if day_first else "month"
    other = str(not day_first).lower()
    action = (
        f"Read with the {first} first, like the other dates of the table. "
        f"If that is wrong, put day_first = {other} in a file given with --settings"
    )
    return replace(issue, severity="warning", action=action)
