"""A small base with two segments, and what is needed to choose among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mapseg_xl.analyze.candidates import Candidate, candidates
from mapseg_xl.analyze.performance import measure
from mapseg_xl.intake.tables import Customers
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.segments import MY_SEGMENTS, NamedRule, overlapping
from mapseg_xl.prioritize.decision import Priorities
from mapseg_xl.prioritize.scoring import PriorityRow
from tests.bases import bound, customers, trait

AGENCIES, SHOPS = "Agencies", "Shops"
RULES = {
    AGENCIES: "industry = 'Agency'",
    "The same agencies": "industry in ('Agency')",
    SHOPS: "industry = 'Shop'",
    "Dutch": "country = 'NL'",
    "Others": "country = 'BE'",
}


def base(n: int = 400) -> Customers:
    """Every other row an agency; agencies are Dutch three times in four, shops one time in four."""
    industry = ["Agency" if i % 2 else "Shop" for i in range(n)]
    country = ["NL" if (i // 2) % 4 < (3 if i % 2 else 1) else "BE" for i in range(n)]
    goal = ["" if i % 10 == 0 else "Grow" if i % 2 else "Save" for i in range(n)]
    channel = ["Referral" if i % 8 == 1 else "Search" for i in range(n)]
    return customers(
        traits=[
            trait("industry", industry),
            trait("country", country, family="geographic"),
            trait("goal", [g or "(blank)" for g in goal], family="psychographic"),
            trait("Lead source", channel, family="behavioural"),
        ],
        headers={"channel": "Lead source"},
        trial_on=["2025-01-01"] * n,
        converted_on=["2025-01-05" if i % 3 == 0 else None for i in range(n)],
    )


def cast(people: Customers, names: Sequence[str] = tuple(RULES)) -> dict[str, Candidate]:
    """Candidates of the base by name."""
    rows, whole, _ = bound(people, "2025-06-30")
    rules = [NamedRule(name, parse_rule(RULES[name])) for name in names]
    group = measure(rows, whole, overlapping(MY_SEGMENTS, rules, people))
    return {c.name: c for c in candidates([group], [])}


def priorities(calls: Sequence[tuple[Candidate, str, int | None]]) -> Priorities:
    """Rows of candidate, recommendation and rank."""
    return Priorities(tuple(_row(*call) for call in calls))


def _row(candidate: Candidate, call: str, rank: int | None) -> PriorityRow:
    more: dict[str, Any] = {
        "segmentation": candidate.segmentation,
        "segment_id": candidate.segment_id,
        "segment": candidate.name,
        "recommendation": call,
        "gate": "passed",
        "gate_reason": "",
        "score": 0.5,
        "rank": rank,
        "p_rank1": None,
        "p_top3": None,
        "evidence": "strong",
    }
    return PriorityRow(**more)
