"""A run as later ones will remember it: its counts, its settings, every candidate's figures. Aggregates only."""

from __future__ import annotations

from mapseg_xl.analyze.baselines import (
    CHURNED,
    CUSTOMERS,
    LEADS,
    ROWS,
    TRIALS,
    Baseline,
    SegmentStood,
    Stood,
)
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.performance import ALL, PerformanceRow

AS_OF, WINDOW, REPEAT, TAU, HORIZON = (
    *("as_of", "window_days", "repeat_days", "rmst_months", "horizon_months"),
)
MARGIN, DISCOUNT, MODEL, CURRENCY = "gross_margin", "annual_discount", "model", "currency"


def baseline_of(findings: Findings) -> Baseline:
    """Everything of a run that a later one is compared with."""
    whole = findings.whole
    counts = {
        ROWS: whole.size,
        LEADS: whole.leads,
        TRIALS: whole.trials,
        CUSTOMERS: whole.customers,
        CHURNED: whole.churned,
    }
    return Baseline(
        findings.origin.fingerprint,
        findings.as_of,
        _settings(findings),
        counts,
        (_everybody(findings), *_candidates(findings)),
        findings.past.decided,
        findings.census,
    )


def _settings(findings: Findings) -> dict[str, str | float | None]:
    """What changes the meaning of a figure, as it was used: also where the data told it."""
    asked, question = findings.settings, findings.whole.question
    return {
        AS_OF: None if asked.as_of is None else asked.as_of.isoformat(),
        WINDOW: question.window_days,
        REPEAT: question.repeat_days,
        TAU: findings.context.tau_months,
        HORIZON: findings.context.horizon_months,
        MARGIN: asked.gross_margin,
        DISCOUNT: asked.annual_discount,
        MODEL: findings.model,
        CURRENCY: findings.currency,
    }


def _everybody(findings: Findings) -> SegmentStood:
    rows = {row.metric: row for row in findings.performance if row.segment_id == ALL}
    whole = findings.whole
    return SegmentStood(ALL, ALL, "", "", "all", whole.size, whole.customers, _figures(rows))


def _candidates(findings: Findings) -> list[SegmentStood]:
    lines: dict[str, dict[str, PerformanceRow]] = {}
    for row in findings.performance:
        lines.setdefault(row.segment_id, {})[row.metric] = row
    customers = {m.segment_id: m.customers for m in findings.priorities.markets}
    found = []
    for c in findings.candidates:
        ranked = findings.priorities.of(c.segment_id)
        found.append(
            SegmentStood(
                c.segment_id,
                c.name,
                c.rule,
                ranked.recommendation if ranked else "",
                c.basis,
                c.n,
                customers.get(c.twin_of or c.segment_id, 0),
                _figures(lines.get(c.segment_id, {})),
            )
        )
    return found


def _figures(rows: dict[str, PerformanceRow]) -> dict[str, Stood]:
    """The figures that are known."""
    return {
        name: Stood(r.value, r.n, r.events, r.ci_low, r.ci_high)
        for name, r in rows.items()
        if r.value is not None
    }
