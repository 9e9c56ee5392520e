"""Everything known of a candidate before it is ranked: market, figures, must-haves, evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.performance import ALL, HELD_OUT, PerformanceRow
from mapseg_xl.intake.tables import MarketLine, Status
from mapseg_xl.metrics.base import Context
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.prioritize.criteria import NEVER, Lines, Measure, measured_by
from mapseg_xl.prioritize.figures import Figure, figure
from mapseg_xl.prioritize.gates import FAILED, Gate, Known, Limits, gates_of, overall
from mapseg_xl.prioritize.market import ALLOWED, Market, Typed, market_of
from mapseg_xl.prioritize.reasons import told_apart
from mapseg_xl.settings import Settings

STRONG, FAIR, THIN = "strong", "fair", "thin"
_ALSO_LEADING = ("ltv", "ltv_to_cac")
_COUNTED = {
    "matured trials": "trials",
    "leads or trials": "trials",
    "customers with a price": "customers",
    "customers with revenue": "customers",
    "customer-months": "customers",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A candidate on its way to a recommendation, with all that is known of it."""

    candidate: Candidate
    market: Market
    figures: Mapping[str, Figure]  # measure -> figure
    known: Known
    gates: tuple[Gate, ...]
    evidence: str  # strong fair thin
    better: list[PerformanceRow]
    worse: list[PerformanceRow]
    proven: bool = False  # better at something, clearly even among all its leading figures

    @property
    def segment_id(self) -> str:
        """The candidate's id."""
        return self.candidate.segment_id

    @property
    def in_the_running(self) -> bool:
        """Whether no must-have has failed."""
        return overall(self.gates) != FAILED


def leading_metrics(settings: Settings, lines: Lines) -> tuple[str, ...]:
    """The metrics a recommendation rests on: those that are scored, and what a customer is worth."""
    scored = [m for m in measured_by(settings.model, lines).values() if m]
    return tuple(dict.fromkeys((*scored, *_ALSO_LEADING)))


def markets(
    candidates: Sequence[Candidate],
    said: Mapping[str, MarketLine],
    lines: Lines,
    typed: Typed,
    status: NDArray[np.int8],
    plan_growth: float | None,
) -> dict[str, Market]:
    """Each candidate's market, from its answers, its customers and what they pay."""
    here = status == Status.CUSTOMER
    found = {}
    for c in candidates:
        pays = lines.get((c.segment_id, "arpu"))
        found[c.segment_id] = market_of(
            c.segment_id,
            said[c.segment_id],
            typed,
            None if pays is None else pays.value,
            c.measured.tally.customers if c.sizes is not None else int((c.member & here).sum()),
            plan_growth,
        )
    return found


def subject(
    candidate: Candidate,
    market: Market,
    scored: Sequence[Measure],
    lines: Lines,
    limits: Limits,
    context: Context,
) -> Subject:
    """What is known of one candidate."""
    key, settings = candidate.segment_id, context.settings
    known = _known(candidate, market, lines, limits, context)
    leading = leading_metrics(settings, lines)
    judged = _judged(lines, key, leading)
    better = [row for row in judged if row.verdict == "better"]
    return Subject(
        candidate,
        market,
        {m.id: _figure(m, known, lines, key, settings) for m in scored},
        known,
        gates_of(known, limits),
        evidence(lines, key, leading, known.units, settings),
        told_apart(lines, key, leading, "better"),
        told_apart(lines, key, leading, "worse"),
        bool(_stand_alone(better, len(judged), settings)),
    )


def _figure(measure: Measure, known: Known, lines: Lines, key: str, settings: Settings) -> Figure:
    market = known.market
    if measure.metric or measure.id not in ("headroom_used", *ALLOWED):
        row, everybody = lines.get((key, measure.metric)), lines.get((ALL, measure.metric))
        typical = None if everybody is None else everybody.median
        return figure(row, measure, settings, never=known.never, typical=typical)
    if measure.id == "headroom_used":
        full = market.headroom is not None and market.headroom == 0
        return Figure(measure.worst if full else market.headroom_used)
    return Figure(getattr(market.line, measure.id))


def _known(
    candidate: Candidate, market: Market, lines: Lines, limits: Limits, context: Context
) -> Known:
    """Units behind the leading figure, and payback with why there is none.

    Where nobody is followed for as long as the limit, that it has not paid back yet says nothing.
    """
    key, settings = candidate.segment_id, context.settings
    units, counted = float(candidate.measured.tally.size), "rows"
    measured = measured_by(settings.model, lines)
    for name in (measured["conversion"], measured["value"]):
        row = lines.get((key, name))
        if row is not None:
            units, counted = row.n or 0.0, _COUNTED.get(metric(name).counted, metric(name).counted)
            if row.customers is not None:
                units, counted = float(row.customers), "customers"
            if row.basis == HELD_OUT:
                counted += " in the half that judges it"
            break
    paid, leaving = (lines.get((key, m)) for m in ("payback_months", "monthly_churn"))
    note, limit = (paid.note if paid else ""), limits.get("payback_months")
    return Known(
        units,
        counted,
        None if paid is None else paid.value,
        note.startswith(NEVER) and limit is not None and context.horizon_months >= limit,
        note,
        leaving is not None and leaving.verdict == "worse",
        market,
    )


def evidence(
    lines: Lines, segment_id: str, leading: Sequence[str], units: float, settings: Settings
) -> str:
    """How firmly the leading figures are told apart from everyone else's, many comparisons allowed for.

    Strong: at least half of them, on 100 units or more. Fair: some. Thin: too few units, or none that is clear among
    all of them.
    """
    judged = _judged(lines, segment_id, leading)
    told = [row for row in judged if row.verdict in ("better", "worse")]
    if not _stand_alone(told, len(judged), settings) or units < settings.min_decided:
        return THIN
    half = len(told) >= math.ceil(len(judged) / 2)
    return STRONG if half and units >= settings.thin_n else FAIR


def _judged(lines: Lines, segment_id: str, leading: Sequence[str]) -> list[PerformanceRow]:
    rows = [lines[segment_id, m] for m in leading if (segment_id, m) in lines]
    return [row for row in rows if row.value is not None and row.verdict != "not_available"]


def _stand_alone(
    told: Sequence[PerformanceRow], judged: int, settings: Settings
) -> list[PerformanceRow]:
    """Those that are clear even among so many figures of one candidate (Bonferroni on their q-values).

    A verdict allows for the segments of its family. Whoever looks at five figures for one that is better looks at
    five families.
    """
    most = settings.false_discovery_rate / max(1, judged)
    return [row for row in told if row.q_value is None or row.q_value <= most]
