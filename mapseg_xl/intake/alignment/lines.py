"""Which values were read as which, with the rows and the money that stand behind each: what people decide on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from mapseg_xl.intake.tables import Customers, Issue

KINDS = ("mapped_value", "spelling_variants", "known_name", "likely_typo")
WHY = {
    "mapped_value": "your mapping",
    "spelling_variants": "spelled otherwise",
    "known_name": "another name of it",
    "likely_typo": "likely a slip",
}
_MONEY = ("revenue_monthly", "revenue_total")
_MOST = 400


@dataclass(frozen=True, slots=True)
class AlignedValue:
    """One value of a column: what it was read as, and what may be meant. `rows`: at least, past 1,000 of a kind."""

    column: str
    sheet: str
    cell: str  # the first one
    found: str
    use: str  # read as; of a likely slip the value itself
    proposal: str  # what we propose; the same as `use` but for likely slips
    kind: str
    rows: int
    money: float | None  # of the customers in these rows; None where it is not known


def aligned_values(
    issues: Iterable[Issue], customers: Customers, *, typos_merged: bool
) -> tuple[AlignedValue, ...]:
    """The values that were aligned or might be: open questions first, then the most money, then the most rows."""
    money = _money_of_rows(customers)
    groups: dict[tuple[str, str, str, str, str], list[str]] = {}
    sources: dict[tuple[str, str, str, str, str], str] = {}
    for issue in issues:
        if issue.kind not in KINDS:
            continue
        for spot in issue.spots:
            key = (issue.sheet, issue.column, issue.kind, spot.before, spot.after)
            groups.setdefault(key, []).append(spot.cell)
            sources[key] = issue.source
    found = []
    for key, cells in groups.items():
        sheet, column, kind, before, after = key
        own = (sources[key], sheet) == (customers.source, customers.sheet)
        worth = _worth(cells, money) if own and money is not None else None
        value, proposal = _bare(before), _bare(after)
        use = value if kind == "likely_typo" and not typos_merged else proposal
        found.append(
            AlignedValue(column, sheet, cells[0], value, use, proposal, kind, len(cells), worth)
        )
    found.sort(key=lambda v: (v.use != v.found, -(v.money or 0.0), -v.rows, v.column))
    return tuple(found[:_MOST])


def _money_of_rows(customers: Customers) -> Mapping[int, float] | None:
    role = next((r for r in _MONEY if r in customers.roles), None)
    if role is None:
        return None
    values = np.nan_to_num(customers.roles[role])
    return dict(zip(customers.rows.tolist(), values.tolist(), strict=True))


def _worth(cells: Iterable[str], money: Mapping[int, float]) -> float:
    rows = (int("".join(filter(str.isdigit, cell)) or 0) for cell in cells)
    return float(sum(money.get(row, 0.0) for row in rows))


def _bare(shown: str) -> str:
    """A value without the quotes that messages put around it."""
    return shown[1:-1] if len(shown) > 1 and shown[0] == shown[-1] == "'" else shown
