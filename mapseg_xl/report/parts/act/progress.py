"""How far the moves of each team are, from what people typed beside them in the earlier workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report.parts.names import ROLLOUT
from mapseg_xl.rollout.moves import Move

DONE, DROPPED = "done", "dropped"
OWN_ROWS = 2  # empty rows of each team


@dataclass(frozen=True, slots=True)
class Tracked:
    """Counts of a team's moves: those that were not dropped, quick wins among them, those done."""

    moves: int
    quick: int
    done: int

    @property
    def figures(self) -> dict[str, int]:
        """The counts by column."""
        still_open = self.moves - self.done
        return {"moves": self.moves, "quick": self.quick, DONE: self.done, "open": still_open}


def block_of(team: str) -> str:
    """The table of a team's moves."""
    return f"moves {team.lower()}"


def tracked(findings: Findings, team: str, moves: Iterable[Move]) -> Tracked:
    """A team's moves counted as the formulas on the tab count them; `moves` of other teams are left out."""
    rows = [(m.key, m.quick) for m in moves if m.team == team]
    if not rows:  # then it has no list
        return Tracked(0, 0, 0)
    own = [f"own {at}" for at in range(1, OWN_ROWS + 1) if is_written(findings, team, at)]
    rows += [(row, False) for row in own]
    said = [(quick, _status(findings, team, row)) for row, quick in rows]
    kept = [quick for quick, status in said if status != DROPPED]
    return Tracked(len(kept), sum(kept), sum(status == DONE for _, status in said))


def is_written(findings: Findings, team: str, at: int) -> bool:
    """Whether somebody has written a move of their own into an empty row."""
    move = findings.typed.get((ROLLOUT, block_of(team), f"own {at}", "move"))
    return move is not None and str(move) != ""


def _status(findings: Findings, team: str, row: str) -> str:
    return str(findings.typed.get((ROLLOUT, block_of(team), row, "status"), "")).casefold()
