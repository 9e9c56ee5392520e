"""The hypotheses in one list: what search found and what people believe in, with how they held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from mapseg_xl.analyze.performance import HELD_OUT, MAYBE_RESULT, Group, PerformanceRow
from mapseg_xl.measure.discovery import Proposal, Proposals
from mapseg_xl.measure.segments import HYPOTHESES, MY_SEGMENTS, OWN, PROPOSAL
from mapseg_xl.metrics.base import sentence
from mapseg_xl.settings import Settings

ENOUGH, FEW = 0, 1  # customers to rank a segment by
_UNHELD = {
    "worse": "did not hold: does worse",
    "about_same": "did not hold: about the same",
    "cant_tell": "did not hold beyond chance",
}
_ORDER = ("better", "about_same", "cant_tell", "not_available", "worse")
_ENDS = {
    "better": "does better",
    "worse": "does worse",
    "about_same": "about the same",
    "cant_tell": "can't tell yet",
    "not_available": "not compared",
}


@dataclass(frozen=True, slots=True)
class HypothesisRow:
    """One line of hypotheses.csv. Values are of `metric`, the outcome that the search goes by; empty is None.

    `found_*`: on the half that found a proposal. `value`, `rest_value`: on the customers that judge it (`basis`).
    """

    segmentation: str
    segment_id: str
    segment: str
    rule: str
    source: str  # "proposal" "my segment"
    rank: int | None  # None: too few customers to rank
    n: int
    share: float
    n_held_out: int | None
    why: str
    metric: str
    found_value: float | None
    found_rest: float | None
    value: float | None
    rest_value: float | None
    verdict: str
    basis: str
    suggested_by: str


def hypothesis_rows(
    proposals: Proposals,
    groups: Sequence[Group],
    performance: Sequence[PerformanceRow],
    settings: Settings,
) -> tuple[HypothesisRow, ...]:
    """Proposals by how good they are where they were found, then my segments by how they do."""
    lines = {r.segment_id: r for r in performance if r.metric == proposals.target}
    found = [_proposed(p, proposals.target, lines[p.segment_id], settings) for p in proposals.found]
    own = [
        _own(group, place, lines.get(m.segment.segment_id), settings)
        for group in groups
        if group.segmentation.name == MY_SEGMENTS
        for place, m in enumerate(group.measured)
    ]
    own.sort(key=lambda item: item[0])
    at = count(len(found) + 1)
    ranked = (replace(row, rank=next(at)) if order[0] == ENOUGH else row for order, row in own)
    return (*found, *ranked)


def _proposed(p: Proposal, metric: str, line: PerformanceRow, settings: Settings) -> HypothesisRow:
    """A proposal, with what became of it on the customers it was not found on."""
    held = "held" if line.verdict == "better" else _UNHELD.get(line.verdict, "not judged")
    others = "on customers it was not found on"
    return HypothesisRow(
        HYPOTHESES,
        p.segment_id,
        p.name,
        p.rule,
        PROPOSAL,
        p.rank,
        p.n,
        p.share,
        p.n_held_out,
        sentence(_said(line, others, settings), held, _left(line)),
        metric,
        p.found_value,
        p.found_rest,
        line.value,
        line.rest_value,
        line.verdict,
        line.basis,
        "",
    )


def _own(
    group: Group, place: int, line: PerformanceRow | None, settings: Settings
) -> tuple[tuple[int, int, float, str], HypothesisRow]:
    """One of people's own segments, and its place among them: judged ones first, by verdict, then by figure."""
    m = group.measured[place]
    member = group.segmentation.member(place)
    held_out = m.basis == HELD_OUT
    others = "on customers it was not found on" if held_out else ""
    row = HypothesisRow(
        MY_SEGMENTS,
        m.segment.segment_id,
        m.segment.name,
        m.segment.rule,
        OWN,
        None,
        int(member.sum()),
        float(member.mean()),
        m.tally.size if held_out else None,
        "nothing to judge it by"
        if line is None
        else sentence(_said(line, others, settings), _ENDS[line.verdict], _left(line)),
        line.metric if line else "",
        None,
        None,
        line.value if line else None,
        line.rest_value if line else None,
        line.verdict if line else "not_available",
        m.basis,
        m.segment.suggested_by,
    )
    return _place(line, row, settings), row


def _place(
    line: PerformanceRow | None, row: HypothesisRow, settings: Settings
) -> tuple[int, int, float, str]:
    """Few customers come last, whatever they did: nothing is told by four."""
    if line is None:
        return ENOUGH if row.n >= settings.min_units else FEW, 0, -row.n, row.segment_id
    few = line.value is None or (line.n or 0) < settings.min_units
    value = line.value if line.cautious is None else line.cautious
    good = (value or 0.0) * (1 if line.direction == "good_high" else -1)
    return FEW if few else ENOUGH, _ORDER.index(line.verdict), -good, row.segment_id


def _said(line: PerformanceRow, others: str, settings: Settings) -> str:
    """What the segment does, of how many, against everyone else; "" where that is not known."""
    if line.value is None:
        return ""
    does = _DOES[line.metric]
    against = (
        ""
        if line.rest_value is None
        else (f", against {does.figure(line.rest_value, settings)} for everyone else")
    )
    n = f" ({line.n:,.0f} {does.of})" if line.n else ""
    where = f" {others}" if others else ""
    return f"{does.verb} {does.figure(line.value, settings)}{does.when}{n}{where}{against}"


def _left(line: PerformanceRow) -> str:
    """What a verdict that is none yet waits for, and whether the segment may be a result."""
    said = line.note.split("; ")
    other = [part for part in said if part != MAYBE_RESULT]
    waits = other[0] if other and line.verdict in ("cant_tell", "not_available") else ""
    return sentence(waits, MAYBE_RESULT if MAYBE_RESULT in said else "")


@dataclass(frozen=True, slots=True)
class _Does:
    """A metric as a verb, its unit, and what its n counts."""

    verb: str
    unit: str
    of: str
    when: str = ""

    def figure(self, value: float, settings: Settings) -> str:
        """A value as a sentence says it."""
        if self.unit == "money":
            return f"{settings.currency or '$'}{value:,.0f}"
        return f"{value:.2%}" if self.unit == "share2" else f"{value:.1%}"


_DOES = {
    "conversion": _Does("converts", "share", "trials"),
    "win_rate": _Does("wins", "share", "decided"),
    "monthly_churn": _Does("loses", "share2", "customer-months", " a month"),
    "arpu": _Does("pays", "money", "customers", " a month"),
}
