"""What the tabs show of the findings: which segments and metrics, in which order, under which names and colours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.performance import Group, Measured, PerformanceRow
from mapseg_xl.measure.segments import HYPOTHESES, MY_SEGMENTS
from mapseg_xl.metrics import orders
from mapseg_xl.metrics.base import Metric
from mapseg_xl.metrics.catalog import METRICS
from mapseg_xl.report import words
from mapseg_xl.settings import UNDER_CONTRACT

OWN_NAMES = (MY_SEGMENTS, HYPOTHESES)  # segmentations with names of their own
ROWS_WITH_PANEL = 8
TRAITS_SHOWN = 3
_LONGEST_NAME, _HEAD, _TAIL = 48, 28, 18
_LEADING = (
    *("conversion", "win_rate", "win_rate_by_value"),
    *("repeat_rate", "average_order_value", "arpu", "monthly_churn"),
    *("survival_12m", "survival_24m", "rmst_months"),
    *("ltv", "cac", "ltv_to_cac", "payback_months"),
)
_FIRST = {
    "sales-led": ("win_rate", "win_rate_by_value"),
    "repeat-purchase": ("repeat_rate", "orders_per_customer", "average_order_value"),
}
_LOOKS = ("first", "second", "third")
NEVER = "never within"
FOLLOWS_INPUTS = frozenset({"rmst_months", "ltv", "ltv_to_cac", "payback_months"})
_UNCLEAR = frozenset(
    {"yes", "no", "true", "false", "other", "unknown", "none", "(blank)", "high", "low", "medium"}
)
_NUMBERLIKE = re.compile(r"[<>=≤≥~+−$€£-]*\s*\d")


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A compared segment as the tabs name it."""

    segmentation: str
    measured: Measured
    label: str  # with its attribute where the value alone says too little
    value: str  # the name alone; very long ones are cut, for Volume has them whole

    @property
    def key(self) -> str:
        """Its id: the key of its row in every table."""
        return self.measured.segment.segment_id

    @property
    def name(self) -> str:
        """Its own name."""
        return self.measured.segment.name


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What is compared on the tabs. `rows` finds a segment's line by its id and a metric's id."""

    findings: Findings
    metrics: tuple[Metric, ...]  # judged and known for the base, leading first
    untested: tuple[Metric, ...]  # known, never judged
    missing: tuple[Metric, ...]  # not known at all
    groups: tuple[Group, ...]  # shown row by row
    others: tuple[Group, ...]  # only counted
    members: tuple[Member, ...]
    lines: dict[tuple[str, str], PerformanceRow]

    def row(self, member: Member, metric: str) -> PerformanceRow:
        """A segment's line on a metric."""
        return self.lines[member.key, metric]

    def clear(self, member: Member, verdict: str) -> tuple[Metric, ...]:
        """The metrics on which a segment is `better` or `worse`."""
        return tuple(m for m in self.metrics if self.row(member, m.id).verdict == verdict)

    @property
    def with_panel(self) -> tuple[Member, ...]:
        """The segments of the first table of each metric, at most eight."""
        return _fairly(self.members, self.groups, ROWS_WITH_PANEL)

    @property
    def without_panel(self) -> tuple[Member, ...]:
        """The other segments."""
        first = {m.key for m in self.with_panel}
        return tuple(m for m in self.members if m.key not in first)

    def chosen(self, longest: int) -> tuple[Member, ...]:
        """The segments with the most clear verdicts, those that do better first.

        What follows an input does not count: a margin typed must move no row.
        """

        def count(member: Member, verdict: str) -> int:
            return sum(m.id not in FOLLOWS_INPUTS for m in self.clear(member, verdict))

        def gain(member: Member) -> int:
            return count(member, "better") - count(member, "worse")

        def clear(member: Member) -> int:
            return count(member, "better") + count(member, "worse")

        def larger(member: Member) -> tuple[float, str]:
            return -member.measured.tally.size, member.key

        most = sorted(self.members, key=lambda m: (-clear(m), *larger(m)))[:longest]
        return tuple(sorted(most, key=lambda m: (-gain(m), *larger(m))))

    def looks(self) -> dict[str, str]:
        """The colour of each segment on all tabs: by its rank, else by its place among the chosen."""
        ranks = {row.segment_id: at for at, row in enumerate(self.findings.priorities.rows)}
        known = [m for m in self.members if m.key in ranks]
        ranked = sorted(known, key=lambda m: ranks[m.key]) or self.chosen(ROWS_WITH_PANEL)
        looks = dict.fromkeys((m.key for m in self.members), "other")
        looks.update({m.key: look for m, look in zip(ranked, _LOOKS, strict=False)})
        return looks


def shown(findings: Findings) -> Shown:
    """What of the findings the tabs show."""
    known = {m.id for m in METRICS if _is_known(findings.base(m.id))}
    order = _order(findings.model)
    described = {m.id: why for m in METRICS if m.id in known and (why := _untested(m, findings))}
    judged = sorted((m for m in METRICS if m.id in known.difference(described)), key=order)
    lines = {(row.segment_id, row.metric): row for row in findings.performance}
    steady = [m.id for m in judged if m.id not in FOLLOWS_INPUTS]
    groups = _groups(findings, steady, lines)
    others = tuple(g for g in findings.groups if g not in groups)
    return Shown(
        findings=findings,
        metrics=tuple(judged),
        untested=tuple(replace(m, untested=described[m.id]) for m in METRICS if m.id in described),
        missing=tuple(sorted((m for m in METRICS if _is_missed(m, known, findings)), key=order)),
        groups=groups,
        others=others,
        members=_members(groups),
        lines=lines,
    )


def _is_known(row: PerformanceRow) -> bool:
    """Whether this data gives the figure; a cost that is never earned back is known too."""
    return row.value is not None or row.note.startswith(NEVER)


def _is_missed(metric: Metric, known: set[str], findings: Findings) -> bool:
    """Whether a figure is not known and would be: nobody under contract misses what is said of orders."""
    for_orders = metric in orders.METRICS and findings.model in UNDER_CONTRACT
    return metric.id not in known and not for_orders


def _untested(metric: Metric, findings: Findings) -> str:
    """Why a figure is never compared: always, or in the form that this data allows."""
    return metric.untested or (orders.AGE if orders.AGE in findings.base(metric.id).note else "")


class _Order:
    """The place of a metric: leading ones of the business model first."""

    def __init__(self, model: str) -> None:
        first = _FIRST.get(model, ("conversion",))
        ids = [*first, *(m for m in _LEADING if m not in first)]
        self.places = {name: at for at, name in enumerate(ids)}

    def __call__(self, metric: Metric) -> int:
        return self.places.get(metric.id, len(self.places))


def _order(model: str) -> _Order:
    return _Order(model)


def _groups(
    findings: Findings, metrics: Sequence[str], lines: dict[tuple[str, str], PerformanceRow]
) -> tuple[Group, ...]:
    """The segmentations shown row by row: candidates and what was named, else traits that say most and fit."""
    if findings.named:
        return findings.groups
    believed = [g for g in findings.groups if g.segmentation.name in OWN_NAMES]

    def clear(group: Group) -> int:
        return sum(
            words.is_clear(lines[m.segment.segment_id, metric])
            for m in group.measured
            for metric in metrics
        )

    def rank(group: Group) -> tuple[bool, bool, int]:
        named = group.segmentation
        follows = named.outcome_like or bool(named.made_from)
        return clear(group) == 0, follows, -clear(group)

    kept = list(believed)
    room = ROWS_WITH_PANEL - sum(len(g.measured) for g in believed)
    for group in sorted((g for g in findings.groups if g not in believed), key=rank):
        if len(kept) < TRAITS_SHOWN and (not kept or len(group.measured) <= room):
            if kept and clear(group) == 0:
                continue
            kept.append(group)
            room -= len(group.measured)
    return tuple(kept)


def _members(groups: Sequence[Group]) -> tuple[Member, ...]:
    names = Counter(m.segment.name.casefold() for group in groups for m in group.measured)
    found = [
        (group.segmentation.name, m, same)
        for group in groups
        for m, same in zip(
            group.measured, distinct([m.segment.name for m in group.measured]), strict=True
        )
    ]
    return tuple(
        Member(of, m, label(of, cut, names[m.segment.name.casefold()]), cut) for of, m, cut in found
    )


def distinct(names: Sequence[str]) -> list[str]:
    """The names with very long ones cut in their middle, and numbered where that makes two the same.

    >>> distinct(["Agency", "a" * 99 + "1", "a" * 50 + "2" + "a" * 48 + "1"])[1][-19:]
    '…aaaaaaaaaaaaaaaaa1'
    """
    taken: dict[str, int] = {}
    found = []
    for name in names:
        cut = (
            name
            if len(name) <= _LONGEST_NAME
            else f"{name[:_HEAD].rstrip()}…{name[-_TAIL:].lstrip()}"
        )
        taken[cut.casefold()] = taken.get(cut.casefold(), 0) + 1
        copy = taken[cut.casefold()]
        found.append(cut if copy == 1 or cut == name else f"{cut} ({copy})")
    return found


def label(segmentation: str, name: str, same: int = 1) -> str:
    """A segment's name, with its attribute where the value says too little or several are called the same.

    >>> label("partner", "Yes"), label("contract", "Two year"), label("region", "North", 2)
    ('partner: Yes', 'Two year', 'region: North')
    """
    if segmentation in OWN_NAMES or not (same > 1 or is_unclear(name)):
        return name
    return f"{words.short(words.header(segmentation), 40)}: {name}"


def is_unclear(value: str) -> bool:
    """Whether a value says nothing without its attribute: Yes, 0, `10 to 20`, (blank).

    >>> is_unclear("Yes"), is_unclear(">1000"), is_unclear("Agency")
    (True, True, False)
    """
    return value.casefold() in _UNCLEAR or len(value) < 3 or _NUMBERLIKE.match(value) is not None


def _fairly(members: Sequence[Member], groups: Sequence[Group], room: int) -> tuple[Member, ...]:
    """As many segments as there is room for, the same number of each segmentation where they do not fit."""
    if len(members) <= room:
        return tuple(members)
    taken: set[str] = set()
    queues = [
        sorted((m for m in members if m.segmentation == g.segmentation.name), key=_by_size)
        for g in groups
    ]
    while len(taken) < room and any(queues):
        for queue in queues:
            if queue and len(taken) < room:
                taken.add(queue.pop(0).key)
    return tuple(m for m in members if m.key in taken)


def _by_size(member: Member) -> tuple[int, str]:
    return -member.measured.tally.size, member.key
