"""What the team knows of each candidate's market, and what follows from it: TAM, SAM, SOM, headroom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mapseg_xl.intake.tables import MarketLine

ANSWERS = ("reachable", "growth", "competition", "roadmap_fit", "scalable_channel")  # the five
MORE_ANSWERS = ("accounts", "winnable", "average_contract_value")


@dataclass(frozen=True, slots=True)
class Typed:
    """What people typed on TAM scoring in an earlier workbook. Keys of `market`: segment_id, field."""

    market: Mapping[tuple[str, str], float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)  # criterion -> weight
    anchors: Mapping[tuple[str, str], float] = field(default_factory=dict)  # criterion, worst|best
    limits: Mapping[str, float] = field(default_factory=dict)  # must-haves: payback_months ...


@dataclass(frozen=True, slots=True)
class Market:
    """One candidate's market. Empty where nobody said."""

    segment_id: str
    line: MarketLine
    contract_value: float | None  # a year's: as said, else 12 times what its customers pay a month
    tam: float | None
    sam: float | None
    som: float | None
    customers: int  # ours in it now
    headroom: float | None  # reachable accounts less our customers
    note: str = ""
