"""Live sentences about a segment's figures: every number is a copy of the cell that owns it."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.layout.lettering import width_px, wrap
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.headlines import name
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.selection import Member, Shown
from mapseg_xl.report.spec import Content, Formula

SPOKEN = {  # the sentence of a finding: verb, and what follows the figure
    "conversion": ("converts", "of its trials"),
    "win_rate": ("wins", "of its opportunities"),
    "repeat_rate": ("sees", "buy again"),
    "arpu": ("pays", "a month"),
    "monthly_churn": ("loses", "of its customers a month"),
    "survival_12m": ("keeps", "of its customers for 12 months"),
    "survival_24m": ("keeps", "of its customers for 24 months"),
    "rmst_months": ("stays", "on average"),
    "ltv": ("brings", "over {months} months"),
    "cac": ("costs", "a new customer"),
    "ltv_to_cac": ("returns", "its cost"),
    "payback_months": ("pays its cost back in", ""),
}


def clear_metrics(what: Shown, member: Member, verdict: str) -> list[Metric]:
    """The metrics on which a segment is better (or worse), the largest difference first."""
    found = [m for m in what.clear(member, verdict) if m.id in SPOKEN]
    return sorted(found, key=lambda metric: -distance(what, member, metric))


def distance(what: Shown, member: Member, metric: Metric) -> float:
    """How far a figure is from everyone else's, as a ratio either way; 0 where it is not known."""
    index = what.row(member, metric.id).index
    return max(index, 1 / index) if index and index > 0 else 0.0


def finding(what: Shown, member: Member, metrics: Sequence[Metric], room_px: float) -> Formula:
    """What a segment does on one or two metrics against everyone else, as far as there is room."""
    sentences = [_finding(what, member, metrics[:k]) for k in range(len(metrics), 0, -1)]
    fitting = [s for s in sentences if width_px(str(s.value), 10) <= room_px]
    return (fitting or sentences[-1:])[0]


def _finding(what: Shown, member: Member, metrics: Sequence[Metric]) -> Formula:
    parts: list[Content] = [words.sentence_case(name(member))]
    kinds: list[str] = []
    for at, metric in enumerate(metrics):
        row = what.row(member, metric.id)
        verb, tail = SPOKEN[metric.id]
        tail = tail.format(months=what.findings.context.horizon_months)
        kinds += [words.figure(metric, what.findings)] * 2
        others = " for everyone else" if at == 0 else ""
        parts += [
            f" {'and ' if at else ''}{verb} ",
            native.copy(value_ref(what, metric.id, member.key), row.value),
            f" {tail}".rstrip() + (", against " if at == 0 else " against "),
            native.copy(value_ref(what, metric.id, member.key, "rest"), row.rest_value),
            others,
        ]
    return native.sentence(*parts, ".", symbol=what.findings.currency, kinds=tuple(kinds))


def one_line(text: str, room_px: float, size: float = 10) -> str:
    """The text cut where its room ends.

    >>> one_line("Short.", 900)
    'Short.'
    """
    lines = wrap(text, room_px, size)
    return lines[0] if len(lines) == 1 else f"{wrap(text, room_px - 12, size)[0].rstrip(' ,;:')} …"
