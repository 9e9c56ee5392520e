"""Which candidates stand on TAM scoring, Priorities and Decision, in which order, under which names and colours."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.prioritize.decision import Priorities
from mapseg_xl.prioritize.market import Market, answered
from mapseg_xl.prioritize.scoring import PriorityRow
from mapseg_xl.report import words
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.selection import Shown, label, shown
from mapseg_xl.report.spec import Ref

LONGEST = 12  # candidates shown in full; those with answers always are
_LONGEST_NAME = 44
_LOOKS = ("first", "second", "third")


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """The candidates as these tabs show them. Keys are segment_ids; a twin stands only in `rest`."""

    findings: Findings
    what: Shown
    rows: tuple[PriorityRow, ...]  # in full, the best first
    rest: tuple[PriorityRow, ...]  # in a compact list
    names: dict[str, str]
    markets: dict[str, Market]
    candidates: dict[str, Candidate]

    @property
    def priorities(self) -> Priorities:
        """What was found of the candidates."""
        return self.findings.priorities

    @property
    def keys(self) -> tuple[str, ...]:
        """The candidates shown in full."""
        return tuple(row.segment_id for row in self.rows)

    @property
    def first(self) -> PriorityRow | None:
        """The one that ranks first."""
        return next((row for row in self.rows if row.rank == 1), None)

    def looks(self) -> dict[str, str]:
        """The colour of each candidate: by rank."""
        ranked = [row.segment_id for row in self.rows if row.rank is not None]
        found = dict.fromkeys(self.keys, "other")
        found.update(zip(ranked, _LOOKS, strict=False))
        return found

    def ref(self, metric: str, key: str, column: str = "value") -> Ref | None:
        """The cell on Performance that owns a candidate's figure; None where it is not shown there."""
        shown_there = any(m.key == key for m in self.what.members)
        known = any(m.id == metric for m in self.what.metrics)
        return value_ref(self.what, metric, key, column) if shown_there and known else None

    def quoted(self, key: str) -> str:
        """A candidate's name inside a sentence."""
        return f"“{words.short(self.names[key], 40)}”"


def board(findings: Findings) -> Board:
    """The candidates of a run as the tabs show them."""
    found = findings.priorities
    markets = {m.segment_id: m for m in found.markets}
    typed = {key for key, _ in found.typed.market}
    own = [row for row in found.rows if not row.twin_of]
    best = {row.segment_id for row in own[:LONGEST]}
    full = [
        row
        for row in own
        if row.segment_id in best | typed or answered(markets[row.segment_id].line)
    ]
    shown_ids = {row.segment_id for row in full}
    return Board(
        findings,
        shown(findings),
        tuple(full),
        tuple(row for row in found.rows if row.segment_id not in shown_ids),
        _names(findings),
        markets,
        {c.segment_id: c for c in findings.candidates},
    )


def _names(findings: Findings) -> dict[str, str]:
    """Every candidate's name, with its segmentation where several are called the same."""
    same = Counter(c.name.casefold() for c in findings.candidates)
    names: dict[str, str] = {}
    for c in findings.candidates:
        name = label(c.segmentation, c.name, same[c.name.casefold()])
        name = words.short(name, _LONGEST_NAME)
        if name in names.values():
            name = f"{name} ({words.header(c.segmentation)})"
        names[c.segment_id] = name
    return names


def of_hundred(share: float | None, what: str = "reruns") -> str:
    """A share of reruns as people count them.

    >>> of_hundred(0.834), of_hundred(0.9985), of_hundred(0.001)
    ('83 of 100 reruns', 'more than 99 of 100 reruns', 'fewer than 1 of 100 reruns')
    """
    times = 100 * (share or 0.0)
    if 0 < times < 1:
        return f"fewer than 1 of 100 {what}"
    if 99 < times < 100:  # not all of them
        return f"more than 99 of 100 {what}"
    return f"{times:.0f} of 100 {what}"
