"""The hypotheses in one list: what people believe in and what search found, with how they held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapseg_xl.analyze.performance import Group, PerformanceRow
from mapseg_xl.measure.discovery import Proposals


@dataclass(frozen=True, slots=True)
class HypothesisRow:
    """One line of hypotheses.csv; the values stay out of it and go to the tab."""

    segmentation: str
    segment_id: str
    segment: str
    rule: str
    source: str  # "proposal" "my segment"
    rank: int | None
    n: int
    share: float
    n_held_out: int | None
    why: str


def hypothesis_rows(
    proposals: Proposals, groups: Sequence[Group], performance: Sequence[PerformanceRow]
) -> tuple[HypothesisRow, ...]:
    """Proposals by rank, then my segments."""
    return ()
