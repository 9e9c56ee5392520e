"""Live sentences about a segment's figures: every number is a copy of the cell that owns it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.layout.lettering import width_px, wrap
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.headlines import name
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.selection import Member, Shown
from mapseg_xl.report.spec import Content, Formula

SPOKEN = {  # in the order in which it is said: verb, and what follows the figure
    "conversion": ("converts", "of its trials"),
    "win_rate": ("wins", "of its opportunities"),
    "repeat_rate": ("sees", "buy again"),
    "survival_12m": ("keeps", "of its customers for 12 months"),
    "monthly_churn": ("loses", "of its customers a month"),
    "survival_24m": ("keeps", "of its customers for 24 months"),
    "rmst_months": ("stays", "on average"),
    "arpu": ("pays", "a month"),
    "ltv": ("brings", "over {months} months"),
    "cac": ("costs", "a new customer"),
    "ltv_to_cac": ("returns", "its cost"),
    "payback_months": ("pays its cost back in", ""),
}


def clear_metrics(what: Shown, member: Member, verdict: str) -> list[Metric]:
    """The metrics on which a segment is better (or worse): who converts, stays and pays before what it costs."""
    order = list(SPOKEN)
    found = [m for m in what.clear(member, verdict) if m.id in SPOKEN]
    return sorted(found, key=lambda metric: order.index(metric.id))


def distance(what: Shown, member: Member, metric: Metric) -> float:
    """How far a figure is from everyone else's, as a ratio either way; 0 where it is not known."""
    index = what.row(member, metric.id).index
    return max(index, 1 / index) if index and index > 0 else 0.0


def finding(what: Shown, member: Member, metrics: Sequence[Metric], room_px: float) -> Formula:
    """What a segment does on as many of the metrics as one line has room for, against everyone else."""
    said = (_finding(what, member, metrics[:k]) for k in range(len(metrics), 0, -1))
    whole = [native.sentence(*parts, symbol=symbol, kinds=kinds) for parts, kinds, symbol in said]
    fitting = [sentence for sentence in whole if width_px(str(sentence.value), 10) <= room_px]
    return (fitting or whole[-1:])[0]


def finding_lines(
    what: Shown, member: Member, metrics: Sequence[Metric], room_px: float
) -> list[Content]:
    """What a segment does on the metrics against everyone else, in as many lines as it takes."""
    parts, kinds, symbol = _finding(what, member, metrics)
    return lines(parts, kinds, room_px, symbol)


def said_of(metric_id: str, findings: Findings) -> str:
    """What follows a figure: without a single trial it is leads that convert."""
    tail = SPOKEN[metric_id][1].format(months=findings.context.horizon_months)
    leads = findings.model == "sales-led" and findings.whole.trials == 0
    return "of its leads" if metric_id == "conversion" and leads else tail


def _finding(
    what: Shown, member: Member, metrics: Sequence[Metric]
) -> tuple[tuple[Content, ...], tuple[str, ...], str]:
    """The sentence in parts, the figure formats of its formulas, the currency."""
    parts: list[Content] = [words.sentence_case(name(member))]
    kinds: list[str] = []
    for at, metric in enumerate(metrics):
        row = what.row(member, metric.id)
        verb, tail = SPOKEN[metric.id][0], said_of(metric.id, what.findings)
        kinds += [words.figure(metric, what.findings)] * 2
        joiner = "" if at == 0 else " and" if at == len(metrics) - 1 else ","
        between = f" {tail}".rstrip() + (", against " if at == 0 else " against ")
        parts += [
            f"{joiner} {verb} ",
            native.copy(value_ref(what, metric.id, member.key), row.value),
            between,
            native.copy(value_ref(what, metric.id, member.key, "rest"), row.rest_value),
            " for everyone else" if at == 0 else "",
        ]
    return (*parts, "."), tuple(kinds), what.findings.currency


def lines(
    parts: Sequence[Content], kinds: Sequence[str], room_px: float, symbol: str = "$"
) -> list[Content]:
    """A sentence of texts and live figures, cut at words into lines of their own: a formula cannot run on.

    `kinds`: the figure formats of the formulas among the parts, in order.
    """
    left = list(kinds)
    made: list[Content] = []
    atoms: list[Content] = []  # of the line so far
    used: list[str] = []
    for atom in _atoms(parts):
        kind = [left.pop(0)] if isinstance(atom, Formula) else []
        grown = _joined([*atoms, atom], [*used, *kind], symbol)
        if atoms and width_px(str(grown.value).rstrip(), 10) > room_px:
            made.append(_line(atoms, used, symbol))
            atoms, used = [], []
        atoms.append(atom.lstrip() if isinstance(atom, str) and not atoms else atom)
        used += kind
    return [*made, _line(atoms, used, symbol)]


def _atoms(parts: Sequence[Content]) -> list[Content]:
    """Words with the blank before them; a figure alone. What is glued to a figure goes with the next word."""
    atoms: list[Content] = []
    for part in parts:
        if isinstance(part, Formula):
            atoms.append(part)
        else:
            atoms += re.findall(r"\s*\S+|\s+$", str(part or ""))
    return atoms


def _line(atoms: Sequence[Content], kinds: Sequence[str], symbol: str) -> Content:
    if not kinds:
        return "".join(str(atom) for atom in atoms).strip()
    return _joined(atoms, kinds, symbol)


def _joined(atoms: Sequence[Content], kinds: Sequence[str], symbol: str) -> Formula:
    """The atoms as one live text, neighbouring words in one literal."""
    merged: list[Content] = []
    for atom in atoms:
        if merged and isinstance(atom, str) and isinstance(merged[-1], str):
            merged[-1] += atom
        else:
            merged.append(atom)
    return native.sentence(*merged, symbol=symbol, kinds=tuple(kinds))


def one_line(text: str, room_px: float, size: float = 10) -> str:
    """The text cut where its room ends.

    >>> one_line("Short.", 900)
    'Short.'
    """
    lines = wrap(text, room_px, size)
    return lines[0] if len(lines) == 1 else f"{wrap(text, room_px - 12, size)[0].rstrip(' ,;:')} …"
