"""What the team knows of each candidate's market, and what follows from it: TAM, SAM, SOM, headroom."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from mapseg_xl.intake.tables import MarketLine

ANSWERS = ("reachable", "growth", "competition", "roadmap_fit", "scalable_channel")  # the five
ALLOWED: Mapping[str, tuple[float, float]] = {  # what an answer may be; else it counts as not given
    "reachable": (0, 1),
    "winnable": (0, 1),
    "growth": (-1, 10),
    "competition": (0, 3),
    "roadmap_fit": (0, 3),
    "scalable_channel": (0, 3),
    "accounts": (0, math.inf),
    "average_contract_value": (0, math.inf),
}
WRONG = "the market estimate is wrong"
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Typed:
    """What people typed on TAM scoring in an earlier workbook; None: cleared, or no number that can be used.

    Keys of `market`: segment_id, field. `limits`: units, headroom_used, payback_months, plan_growth.
    """

    market: Mapping[tuple[str, str], float | None] = field(default_factory=dict)
    weights: Mapping[str, float | None] = field(default_factory=dict)  # criterion -> weight
    anchors: Mapping[tuple[str, str], float | None] = field(
        default_factory=dict
    )  # measure, worst|best
    limits: Mapping[str, float | None] = field(default_factory=dict)
    decided: tuple[str, ...] = ()  # segments chosen on Decision, as they are named there


@dataclass(frozen=True, slots=True)
class Market:
    """One candidate's market. Empty where nobody said. Negative headroom is kept: it says the estimate is wrong."""

    segment_id: str
    line: MarketLine
    contract_value: float | None  # a year's: as said, else 12 times what its customers pay a month
    tam: float | None
    sam: float | None
    som: float | None
    customers: int  # ours in it now
    headroom: float | None  # reachable accounts less our customers
    note: str = ""
    sheet: MarketLine | None = None  # as the source says it, before what was typed
    needed: float = 1.0  # customers that the plan adds, at least one

    @property
    def reachable_accounts(self) -> float | None:
        """Accounts that we can reach and serve."""
        return product(self.line.accounts, self.line.reachable)

    @property
    def headroom_used(self) -> float | None:
        """Customers the plan needs over headroom; None where there is no headroom or it is not known."""
        return self.needed / self.headroom if self.headroom and self.headroom > 0 else None


def product(*factors: float | None) -> float | None:
    """The product; None where a factor is not known.

    >>> product(1000, 10_000), product(1000, None)
    (10000000.0, None)
    """
    known = [f for f in factors if f is not None]
    return float(math.prod(known)) if len(known) == len(factors) else None


def allowed(field_name: str, value: float | None) -> float | None:
    """An answer inside its range, else None.

    >>> allowed("competition", 2), allowed("competition", 7), allowed("reachable", None)
    (2, None, None)
    """
    low, high = ALLOWED[field_name]
    return value if value is not None and low <= value <= high else None


def with_typed(segment_id: str, sheet: MarketLine, typed: Typed) -> MarketLine:
    """A candidate's answers: what was typed wins over the sheet; what lies outside its range is none."""
    said = {
        name: typed.market[segment_id, name]
        if (segment_id, name) in typed.market
        else getattr(sheet, name)
        for name in ALLOWED
    }
    usable: dict[str, Any] = {name: allowed(name, value) for name, value in said.items()}
    return replace(sheet, **usable)


def market_of(
    segment_id: str,
    sheet: MarketLine,
    typed: Typed,
    revenue_monthly: float | None,
    customers: int,
    plan_growth: float | None,
) -> Market:
    """What follows from the answers: TAM = accounts x yearly value, SAM, SOM, headroom.

    `revenue_monthly`: what one of its customers pays. More customers than reachable accounts: flagged, not clipped.
    """
    line = with_typed(segment_id, sheet, typed)
    value = line.average_contract_value
    if value is None:
        value = product(MONTHS_A_YEAR, revenue_monthly)
    tam = product(line.accounts, value)
    sam = product(tam, line.reachable)
    reach = product(line.accounts, line.reachable)
    headroom = None if reach is None else reach - customers
    note = ""
    if headroom is not None and headroom < 0:
        note = f"{WRONG}: {customers:,} customers, {reach:,.0f} reachable accounts"
    return Market(
        segment_id,
        line,
        value,
        tam,
        sam,
        product(sam, line.winnable),
        customers,
        headroom,
        note,
        sheet,
        max(1.0, (plan_growth or 0.0) * customers),
    )


def answered(line: MarketLine) -> int:
    """How many of the five answers are given."""
    return sum(getattr(line, name) is not None for name in ANSWERS)


def merged(lines: Iterable[MarketLine]) -> MarketLine:
    """Several lines about the same customers as one: the first that answers, field by field."""
    lines = list(lines)
    found: dict[str, object] = {}
    for entry in fields(MarketLine):
        given = (getattr(line, entry.name) for line in lines)
        found[entry.name] = next((v for v in given if v not in (None, "")), entry.default)
    found["segment"] = lines[0].segment
    return MarketLine(**found)  # type: ignore[arg-type]


def growth_a_year(first: float, last: float, years: float) -> float | None:
    """Compound growth a year; None from nothing, or over no time.

    >>> round(growth_a_year(100, 121, 2), 6)
    0.1
    """
    if first <= 0 or last < 0 or years <= 0:
        return None
    return float((last / first) ** (1 / years) - 1)


def sheet_lines(
    candidates: Sequence[tuple[str, Sequence[str]]],
    matched: Mapping[str, Sequence[MarketLine]],
) -> dict[str, MarketLine]:
    """Each candidate's line of the source; `candidates`: id, and the ids of those with the very same customers."""
    found = {}
    for segment_id, same in candidates:
        lines = [line for key in (segment_id, *same) for line in matched.get(key, ())]
        found[segment_id] = merged(lines) if lines else MarketLine("")
    return found
