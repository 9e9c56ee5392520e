"""What if we win more of one segment? Blended figures after its share has shifted (statistics.md, section 11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.metrics.base import Context
from mapseg_xl.tally.tally import Tally

SCENARIOS = ("count", "absolute", "relative")


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """One line of what_if.csv: a blended figure of the base before and after."""

    segmentation: str
    segment_id: str
    segment: str
    scenario: str  # count absolute relative
    metric: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """What a blend is made of: the segment's share of the metric's own denominator, its rate, the others' rate."""

    segment_id: str
    metric: str
    weight: float | None
    rate: float | None
    rest_rate: float | None
    n: float | None  # denominator of the segment
    n_all: float | None  # ... of the base


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The shifts of every candidate, and the parts they are computed from."""

    rows: tuple[WhatIfRow, ...] = ()
    parts: tuple[Part, ...] = ()


def find_what_if(candidates: Sequence[Candidate], whole: Tally, context: Context) -> WhatIf:
    """Every candidate's three shifts on every metric that blends."""
    return WhatIf()
