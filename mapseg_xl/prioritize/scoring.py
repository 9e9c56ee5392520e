"""Must-haves, then scores on fixed anchors, then how firm the order is (statistics.md, section 13)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing a candidate is scored on. `worst` and `best` are fixed anchors; cost has worst above best."""

    id: str  # conversion value stickiness cost market winnability
    title: str
    worst: float
    best: float
    weight: float
    unit: str


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """One line of priorities.csv."""

    segmentation: str
    segment_id: str
    segment: str
    recommendation: str  # focus test hold
    gate: str  # passed failed unknown
    gate_reason: str
    score: float | None
    rank: int | None
    p_rank1: float | None
    p_top3: float | None
    evidence: str  # strong fair thin


@dataclass(frozen=True, slots=True)
class Score:
    """How a candidate's score came about: a cell of the heat map on TAM scoring; None: missing, 0 to 1."""

    segment_id: str
    criterion: str
    figure: float | None  # in the criterion's unit
    utility: float | None  # 0 to 1
