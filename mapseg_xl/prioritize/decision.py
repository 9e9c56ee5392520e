"""Focus, test or hold: what the scores, the must-haves and the evidence together recommend, with reasons in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.intake.tables import MarketLine
from mapseg_xl.metrics.base import Context
from mapseg_xl.prioritize.market import Market, Typed
from mapseg_xl.prioritize.scoring import Criterion, PriorityRow, Score
from mapseg_xl.tally.tally import Tally


@dataclass(frozen=True, slots=True)
class Priorities:
    """The candidates in order, with everything their order rests on."""

    rows: tuple[PriorityRow, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    scores: tuple[Score, ...] = ()
    markets: tuple[Market, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()  # segment_id, sentence
    turns: str = ""  # the smallest change of one weight that turns the winner, in words
    provisional: tuple[str, ...] = ()  # what is missing before the order is final

    def of(self, segment_id: str) -> PriorityRow | None:
        """A candidate's line."""
        return next((row for row in self.rows if row.segment_id == segment_id), None)


def find_priorities(
    candidates: Sequence[Candidate],
    lines: Mapping[tuple[str, str], PerformanceRow],  # segment_id, metric
    whole: Tally,
    market: Sequence[MarketLine],
    typed: Typed,
    context: Context,
) -> Priorities:
    """Every candidate's must-haves, score, firmness and recommendation."""
    return Priorities()
