"""What the tab What changed shows of two runs: which segments and figures, under which names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mapseg_xl.analyze.baselines import Baseline
from mapseg_xl.analyze.changes import Changes, changes_between
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.performance import ALL
from mapseg_xl.analyze.since import Since
from mapseg_xl.analyze.stock_taking import baseline_of
from mapseg_xl.metrics.base import Metric
from mapseg_xl.prioritize.subjects import leading_metrics
from mapseg_xl.report import words
from mapseg_xl.report.parts.scoring.board import Board, board

MOST = 6  # segments shown
_LONGEST = 34  # of a name inside a sentence


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The two runs with everything the tab needs to name them."""

    board: Board
    changes: Changes
    metrics: tuple[Metric, ...]
    keys: tuple[str, ...]  # segments shown, the decided ones first
    names: Mapping[str, str]
    since: Since | None = None  # today's rows beside the earlier run

    @property
    def findings(self) -> Findings:
        """Those of today's run."""
        return self.board.findings

    def name(self, key: str) -> str:
        """A segment, or the whole base, as a row's label."""
        return words.COMPANY if key == ALL else self.names.get(key, key)

    def quoted(self, key: str) -> str:
        """A segment inside a sentence."""
        return f"“{words.short(self.name(key), _LONGEST)}”"


def compared(findings: Findings) -> Compared | None:
    """Today's run and the one it is compared with; None in the first run of a workbook."""
    now, past = baseline_of(findings), findings.past
    then = past.before(now.moment) or past.last
    return None if then is None else _between(findings, then, now)


def since_decision(findings: Findings) -> Compared | None:
    """Today's run and the one in which the decision was recorded, where that is another one than the last."""
    now, past = baseline_of(findings), findings.past
    then, last = past.decision, past.before(now.moment)
    if then is None or not now.decided or set(then.decided) != set(now.decided):
        return None
    known = {run.fingerprint for run in (now, last) if run is not None}
    return None if then.fingerprint in known else _between(findings, then, now)


def _between(findings: Findings, then: Baseline, now: Baseline) -> Compared:
    what = board(findings)
    lines = what.what.lines
    leading = leading_metrics(findings.settings, lines)
    metrics = tuple(m for m in what.what.metrics if m.id in leading)
    keys = _keys(what, then, now)
    again = findings.recount
    if again is not None and again.as_of != then.as_of:
        again = None  # the recount speaks of another run
    changes = changes_between(then, now, keys, metrics, findings.settings, again)
    gone = {s.segment_id: s.name for s in then.segments}
    beside = (findings.since, findings.since_decision)
    since = next((s for s in beside if s is not None and s.fingerprint == then.fingerprint), None)
    return Compared(what, changes, metrics, keys, {**gone, **what.names}, since)


def _keys(what: Board, then: Baseline, now: Baseline) -> tuple[str, ...]:
    """The decided segments, also one that is gone, then the others as they rank."""
    known = {s.segment_id for run in (then, now) for s in run.segments}
    decided = [key for key in now.decided if key in known]
    ranked = [row.segment_id for row in (*what.rows, *what.rest) if not row.twin_of]
    return tuple(dict.fromkeys([*decided, *ranked]))[: max(MOST, len(decided))]


def day_of(run: Baseline) -> str:
    """The day a run counted to; "" for data without dates."""
    return words.day(run.as_of) if isinstance(run.as_of, date) else ""
