"""Who plays which part in a run's findings: chosen, to be tested, held, believed in, large, leaky, leaving."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.favourites import Favourite
from mapseg_xl.analyze.performance import Group, Measured, PerformanceRow
from mapseg_xl.measure.segments import MY_SEGMENTS
from mapseg_xl.prioritize.decision import FOCUS, HOLD, TEST
from mapseg_xl.prioritize.scoring import PriorityRow
from mapseg_xl.report import words
from mapseg_xl.report.parts.scoring.board import board
from mapseg_xl.report.parts.selection import OWN_NAMES, Member, Shown

LEAVING = ("monthly_churn", "survival_12m", "survival_24m")
_LEADING = ("conversion", "win_rate", *LEAVING, "arpu")


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A candidate with its place in the order; `member` is how the tabs name it."""

    member: Member
    candidate: Candidate
    row: PriorityRow


@dataclass(frozen=True, slots=True, eq=False)
class Aside:
    """A segment that is no candidate and yet worth a sentence, on the metric that says why."""

    key: str  # its row among the figures quoted on Performance
    segmentation: str
    measured: Measured
    line: PerformanceRow


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """The cast of a run. `asides` are quoted on Performance, where the Summary's sentences get them from."""

    what: Shown
    told: tuple[Told, ...]  # best first; one of each set of customers
    ranked: frozenset[str]  # segment_ids that Priorities shows in full
    favourites: tuple[Favourite, ...]
    largest: Aside | None  # the largest group, where it does worse
    leaky: Aside | None  # a plan or the like that looks splendid, and may be a result
    leaving: Aside | None  # a way of using the product that goes with leaving

    def called(self, call: str) -> tuple[Told, ...]:
        """The candidates with that recommendation, best first."""
        return tuple(t for t in self.told if t.row.recommendation == call)

    def featured(self, longest: int) -> tuple[Told, ...]:
        """Those that a short table shows: chosen ones, then what people believe in, then the rest of the order."""
        believed = [t for t in self.told if t.member.segmentation == MY_SEGMENTS]
        first = dict.fromkeys((*self.called(FOCUS), *self.called(TEST)[:2], *believed, *self.told))
        kept = list(first)[:longest]
        return tuple(t for t in self.told if t in kept)

    @property
    def asides(self) -> tuple[Aside, ...]:
        """Those that there are."""
        return tuple(a for a in (self.largest, self.leaky, self.leaving) if a is not None)


def story_of(what: Shown) -> Story:
    """The parts that the segments of a run play."""
    traits = [g for g in what.findings.groups if g.segmentation.name not in OWN_NAMES]
    rep = what.findings.origin.role_headers.get("owner")
    causes = [
        g
        for g in traits
        if not g.segmentation.outcome_like
        and not g.segmentation.made_from
        and g.segmentation.name != rep
    ]
    results = [g for g in traits if g.segmentation.outcome_like]
    return Story(
        what=what,
        told=tuple(_told(what)),
        ranked=frozenset(board(what.findings).keys),
        favourites=what.findings.favourites,
        largest=_largest(what, causes),
        leaky=_strongest(what, _of_family(what, results, "account"), "better"),
        leaving=_strongest(what, _of_family(what, results, "behavioural"), "worse"),
    )


def _told(what: Shown) -> Iterator[Told]:
    findings = what.findings
    members = {m.key: m for m in what.members}
    candidates = {c.segment_id: c for c in findings.candidates if not c.twin_of}

    def place(row: PriorityRow) -> tuple[int, int]:
        order = (FOCUS, TEST, HOLD).index(row.recommendation)
        return order, row.rank if row.rank is not None else len(findings.priorities.rows)

    for row in sorted(findings.priorities.rows, key=place):
        if row.segment_id in candidates and row.segment_id in members:
            yield Told(members[row.segment_id], candidates[row.segment_id], row)


def _of_family(what: Shown, groups: Iterable[Group], family: str) -> list[Group]:
    families = {volume.attribute: volume.family for volume in what.findings.volumes}
    return [g for g in groups if families.get(g.segmentation.name) == family]


def _largest(what: Shown, groups: Iterable[Group]) -> Aside | None:
    """Of the largest group of each trait the one that does worst on a leading metric.

    Half of the base is no group: it would be the largest of every data set.
    """
    found = []
    for group in groups:
        named = [m for m in group.measured if not m.segment.is_blank]
        largest = max(named, key=lambda m: m.tally.size, default=None)
        if largest is not None and largest.tally.size < what.findings.whole.size / 2:
            found.append(_aside(what, group, largest, _LEADING, "worse"))
    return max((a for a in found if a is not None), key=_distance, default=None)


def _distance(aside: Aside) -> float:
    index = aside.line.index or 1.0
    return max(index, 1 / index) if index > 0 else float("inf")


def _strongest(what: Shown, groups: Iterable[Group], verdict: str) -> Aside | None:
    """The segment that differs most from everyone else in staying."""
    found = [
        aside
        for group in groups
        for m in group.measured
        if not m.segment.is_blank and (aside := _aside(what, group, m, LEAVING, verdict))
    ]
    return max(found, key=_distance, default=None)


def _aside(
    what: Shown, group: Group, measured: Measured, metrics: Iterable[str], verdict: str
) -> Aside | None:
    """The segment on the first of the metrics that has this verdict on it."""
    for name in metrics:
        line = what.lines.get((measured.segment.segment_id, name))
        if line is not None and line.verdict == verdict:
            key = f"{measured.segment.segment_id} {name}"
            return Aside(key, group.segmentation.name, measured, line)
    return None


def aside_name(aside: Aside, longest: int = 32) -> str:
    """The segment with its attribute, inside a sentence.

    The value alone would not say what "Both" or "Annual" is of.
    """
    value = words.short(aside.measured.segment.name, longest)
    return f"{words.header(aside.segmentation)} “{value}”"
