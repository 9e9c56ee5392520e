"""What a search finds beside segments that are decided: ideas, said as such. Decided segments are never re-cut."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from mapseg_xl.analyze.baselines import Baseline
from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.hypotheses import HypothesisRow
from mapseg_xl.measure.segments import HYPOTHESES
from mapseg_xl.prioritize.decision import Priorities

_OVERLAP = 0.5  # of an idea's rows that are in a decided segment, from where on it is said


def ideas(
    candidates: Sequence[Candidate], decided: Collection[str], earlier: Baseline | None
) -> Mapping[str, str]:
    """What to say of each segment that a search proposes beside decided ones, by id; nothing where none is decided."""
    chosen = [c for c in candidates if c.segment_id in decided]
    if not chosen:
        return {}
    found = {}
    for c in candidates:
        if c.segmentation == HYPOTHESES and c.segment_id not in decided:
            found[c.segment_id] = f"{_since(c, earlier)}{_inside(c, chosen)}"
    return found


def _since(idea: Candidate, earlier: Baseline | None) -> str:
    """Whether the run before knew it."""
    known = earlier is not None and earlier.of(idea.segment_id) is not None
    if earlier is None or known:
        return "an idea, not decided"
    return f"a new idea since {_day(earlier.as_of)}, not decided"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day is not None else "the run before"


def _inside(idea: Candidate, chosen: Sequence[Candidate]) -> str:
    """The decided segment that most of its rows are in."""
    if not idea.n:
        return ""
    shares = [(int((idea.member & c.member).sum()) / idea.n, c.name) for c in chosen]
    share, name = max(shares)
    return f"; {share:.0%} of it is in '{name}', which is decided" if share >= _OVERLAP else ""


def marked(rows: Sequence[HypothesisRow], said: Mapping[str, str]) -> tuple[HypothesisRow, ...]:
    """The hypotheses with what is an idea called one."""
    return tuple(
        replace(r, why=f"{said[r.segment_id]}; {r.why}") if r.segment_id in said else r
        for r in rows
    )


def told(priorities: Priorities, said: Mapping[str, str]) -> Priorities:
    """The reasons of Priorities likewise: an idea may rank first, and is still no decision."""
    reasons = tuple(
        (key, f"{said[key][0].upper()}{said[key][1:]}. {why}" if key in said else why)
        for key, why in priorities.reasons
    )
    return replace(priorities, reasons=reasons)
