"""How every segment performs on every metric against everyone else: one row each, fit for a table.

A family is all segments of one segmentation for one metric; its size is fixed before any p is seen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mapseg_xl.analyze.strata import check_within
from mapseg_xl.analyze.verdicts import Verdict, judge
from mapseg_xl.measure.segments import Segment, Segmentation
from mapseg_xl.metrics.base import Comparison, Context, Estimate, Metric, sentence
from mapseg_xl.metrics.catalog import METRICS
from mapseg_xl.settings import Settings
from mapseg_xl.stats.multiplicity import benjamini_hochberg, benjamini_yekutieli
from mapseg_xl.stats.shrinkage import FEWEST_SEGMENTS, shrink_means, shrink_shares, shrink_toward
from mapseg_xl.tally.groups import tally_groups
from mapseg_xl.tally.rows import Mask, Rows
from mapseg_xl.tally.tally import Tally

ALL = "ALL"
MAYBE_RESULT = "may be a result rather than a cause"
HELD_OUT = "held_out"  # tallied on the half that did not find the segments


@dataclass(frozen=True, slots=True)
class PerformanceRow:
    """One segment on one metric. Fields as in performance.csv; empty is None."""

    segmentation: str
    segment_id: str
    segment: str
    metric: str
    unit: str
    n: float | None
    events: float | None
    value: float | None
    ci_low: float | None
    ci_high: float | None
    cautious: float | None
    all_value: float | None
    rest_value: float | None
    difference: float | None
    diff_low: float | None
    diff_high: float | None
    index: float | None
    p_value: float | None
    q_value: float | None
    direction: str
    verdict: str
    basis: str
    note: str
    median: float | None
    customers: int | None = None  # behind it, where n counts their months or orders


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A segment with its members, its Tally and that of everyone else.

    `within`: the half that judges, where another half found the segment; all four speak of it alone. None: everybody.
    """

    segment: Segment
    member: Mask
    tally: Tally
    rest: Tally
    within: Mask | None = None
    half: Tally | None = None  # the segment and everyone else, on that half
    among: Mask | None = (
        None  # the units that its own sheet counts, where sheets count; None: all there are
    )

    @property
    def basis(self) -> str:
        """On whom it is judged, as performance.csv says it."""
        return "all" if self.within is None else HELD_OUT


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A segmentation with the tallies of its segments."""

    segmentation: Segmentation
    measured: tuple[Measured, ...]
    whole: Tally | None = None  # of the sheet that counts these segments; None: the base

    @property
    def basis(self) -> str:
        """Whether any of its segments is judged on the half that did not find it."""
        return HELD_OUT if any(m.within is not None for m in self.measured) else "all"


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One segment on one metric, on the way to its verdict."""

    measured: Measured
    part: Estimate
    rest: Estimate
    comparison: Comparison
    pooled: float | None = None  # of the segment and everyone else together
    q: float | None = None
    family: int = 0
    cautious: float | None = None
    alike: str = ""  # that the segments of this family do not differ more than chance


def measure(
    rows: Rows,
    whole: Tally,
    segmentation: Segmentation,
    within: Mask | None = None,
    found: Collection[str] | None = None,
) -> Group:
    """Tally every segment of a segmentation, and everyone else beside it.

    `within`: only these rows are tallied, on both sides; the rows that did not find the segments. `found`: ids of
    the segments that this concerns, None for all of them.
    """
    masks = [segmentation.member(place) for place in range(len(segmentation.segments))]
    if segmentation.codes is not None and within is None:
        tallies = tally_groups(rows, segmentation.codes, len(masks))
        return _of_everybody(segmentation, masks, tallies, whole)
    half = None if within is None else _tally(rows, within)
    measured = []
    for segment, mask in zip(segmentation.segments, masks, strict=True):
        if within is None or half is None or not (found is None or segment.segment_id in found):
            tally = _tally(rows, mask)
            measured.append(Measured(segment, mask, tally, whole.minus(tally)))
        else:
            tally = _tally(rows, mask & within)
            rest = half.minus(tally)
            measured.append(Measured(segment, mask & within, tally, rest, within, half))
    return Group(segmentation, tuple(measured))


def _tally(rows: Rows, mask: Mask) -> Tally:
    return tally_groups(rows, mask.astype(np.int32) - 1, 1)[0]


def _of_everybody(
    segmentation: Segmentation, masks: Sequence[Mask], tallies: Sequence[Tally], whole: Tally
) -> Group:
    parts = zip(segmentation.segments, masks, tallies, strict=True)
    return Group(segmentation, tuple(Measured(s, m, t, whole.minus(t)) for s, m, t in parts))


def base_rows(whole: Tally, context: Context) -> list[PerformanceRow]:
    """The whole base on every metric: value and range, nothing to compare with."""
    return [_base_row(metric, metric.estimate(whole, context)) for metric in METRICS]


def group_rows(group: Group, rows: Rows, whole: Tally, context: Context) -> list[PerformanceRow]:
    """Every segment of one segmentation on every metric, judged as a family a metric."""
    whole = group.whole or whole
    return [row for metric in METRICS for row in family_rows(metric, group, rows, whole, context)]


def family_rows(
    metric: Metric, group: Group, rows: Rows, whole: Tally, context: Context
) -> list[PerformanceRow]:
    """One metric over all segments of a segmentation."""
    base = metric.estimate(whole, context)
    exclusive = group.segmentation.kind == "partition"
    cases = [_case(metric, m, base, context) for m in group.measured]
    cases = adjusted(metric, cases, exclusive)
    cases = _shrunk(metric, cases, exclusive, context.settings)
    return [_row(metric, group.segmentation.name, c, base, rows, context.settings) for c in cases]


def _case(metric: Metric, m: Measured, base: Estimate, context: Context) -> Case:
    part, rest = metric.estimate(m.tally, context), metric.estimate(m.rest, context)
    pooled = base.value if m.half is None else metric.estimate(m.half, context).value
    if metric.by_events and pooled is not None:
        least = context.settings.min_expected_events
        part, rest = (replace(e, enough=(e.n or 0) * pooled >= least) for e in (part, rest))
    comparison = Comparison(None)
    if part.value is not None and rest.value is not None:
        comparison = Comparison(part.value - rest.value)
        if metric.compare is not None:
            comparison = metric.compare(m.tally, m.rest, context)
    return Case(m, part, rest, comparison, pooled)


def adjusted(metric: Metric, cases: Sequence[Case], exclusive: bool) -> list[Case]:
    """The cases with the q-value and size of their family.

    The family is every case that both sides are large enough for and that may be judged at all.
    Exclusive segments: Benjamini & Hochberg; overlapping ones: Benjamini & Yekutieli. A segment
    and its mirror image are one test.
    """
    first = _first_of_mirrored(cases)
    judged = [_is_judged(metric, c) and c.part.enough and c.rest.enough for c in cases]
    tests = [at for at, ok in enumerate(judged) if ok and first[at] == at]
    adjust = benjamini_hochberg if exclusive else benjamini_yekutieli
    q = dict(zip(tests, adjust([cases[at].comparison.p for at in tests], len(tests)), strict=True))
    return [
        replace(c, q=q.get(first[at]) if judged[at] else None, family=len(tests))
        for at, c in enumerate(cases)
    ]


def _first_of_mirrored(cases: Sequence[Case]) -> list[int]:
    """For each case the place of its mirror image, where that comes earlier, else its own."""
    size = [c.measured.tally.size for c in cases]
    others = [c.measured.rest.size for c in cases]
    return [
        next(
            (
                before
                for before in range(at)
                if size[before] == others[at]
                and _mirror(cases[before].measured, cases[at].measured)
            ),
            at,
        )
        for at in range(len(cases))
    ]


def _mirror(one: Measured, other: Measured) -> bool:
    """Whether each is everyone else to the other, among the customers that judge them."""
    if one.within is not other.within:
        return False
    judging = other.among if other.within is None else other.within
    rest = ~other.member if judging is None else judging & ~other.member
    return np.array_equal(one.member, rest)


def _is_judged(metric: Metric, c: Case) -> bool:
    return not (metric.untested or c.part.untested or _is_circular(metric, c))


def _is_circular(metric: Metric, c: Case) -> bool:
    return bool(set(metric.computed_from) & set(c.measured.segment.made_from))


def _shrunk(
    metric: Metric, cases: Sequence[Case], exclusive: bool, settings: Settings
) -> list[Case]:
    """Estimates drawn toward what is common, so that few customers cannot top a list.

    Means of overlapping segments have none: they share customers, so they are no sample of one
    population, and no rule like that of shares tells their weight.
    """
    parts = [c.part for c in cases]
    careful: Sequence[float | None] = [None] * len(cases)
    alike = ""
    if metric.cautious == "share" and exclusive:
        shrunk = shrink_shares([e.events or 0 for e in parts], [e.n or 0 for e in parts])
        careful, alike = shrunk.values, shrunk.note if len(parts) >= FEWEST_SEGMENTS else ""
    elif metric.cautious == "share":
        careful = [
            None
            if c.rest.value is None
            else shrink_toward(
                c.part.events or 0, c.part.n or 0, c.rest.value, settings.shrink_weight
            )
            for c in cases
        ]
    elif metric.cautious == "mean" and exclusive:
        careful = shrink_means([e.value for e in parts], [e.variance for e in parts])
    return [
        replace(c, cautious=None if c.part.value is None else value, alike=alike)
        for c, value in zip(cases, careful, strict=True)
    ]


def _verdict(metric: Metric, c: Case, settings: Settings) -> Verdict:
    if c.part.value is None:
        return Verdict("not_available", c.part.note)
    if _is_circular(metric, c):
        return Verdict("not_available", "defined by the outcome")
    if metric.untested or c.part.untested:
        return Verdict("not_available", metric.untested or c.part.untested)
    if not c.measured.rest.size:
        return Verdict("not_available", "there is nobody else to compare with")
    return judge(metric, c.comparison, (c.part, c.rest), c.pooled, c.q, c.family, settings)


def _notes(metric: Metric, c: Case, verdict: Verdict, rows: Rows) -> str:
    if c.part.value is None:
        return verdict.note
    within = leaky = ""
    if verdict.word in ("better", "worse") and c.comparison.difference is not None:
        gap, m = c.comparison.difference, c.measured
        within = check_within(metric.strata, rows, m.member, gap, m.within)
    if verdict.word != "not_available" and c.measured.segment.outcome_like:
        leaky = MAYBE_RESULT
    alike = c.alike if verdict.word in ("about_same", "cant_tell") else ""
    return sentence(verdict.note, within, leaky, alike, c.comparison.note, c.part.note)


def _row(
    metric: Metric, segmentation: str, c: Case, base: Estimate, rows: Rows, settings: Settings
) -> PerformanceRow:
    part, rest, gap = c.part, c.rest, c.comparison
    verdict = _verdict(metric, c, settings)
    tested = verdict.word != "not_available"
    both = part.value is not None and rest.value is not None
    return PerformanceRow(
        segmentation=segmentation,
        segment_id=c.measured.segment.segment_id,
        segment=c.measured.segment.name,
        metric=metric.id,
        unit=metric.unit,
        n=part.n,
        events=part.events,
        value=part.value,
        ci_low=part.low,
        ci_high=part.high,
        cautious=c.cautious,
        all_value=base.value,
        rest_value=rest.value,
        difference=gap.difference,
        diff_low=gap.low,
        diff_high=gap.high,
        index=part.value / rest.value if both and part.value is not None and rest.value else None,
        p_value=gap.p if tested else None,
        q_value=c.q if tested else None,
        direction=metric.direction,
        verdict=verdict.word,
        basis=c.measured.basis,
        note=_notes(metric, c, verdict, rows),
        median=part.median,
        customers=part.customers,
    )


def _base_row(metric: Metric, e: Estimate) -> PerformanceRow:
    return PerformanceRow(
        segmentation=ALL,
        segment_id=ALL,
        segment=ALL,
        metric=metric.id,
        unit=metric.unit,
        n=e.n,
        events=e.events,
        value=e.value,
        ci_low=e.low,
        ci_high=e.high,
        cautious=None,
        all_value=e.value,
        rest_value=None,
        difference=None,
        diff_low=None,
        diff_high=None,
        index=None,
        p_value=None,
        q_value=None,
        direction=metric.direction,
        verdict="not_available",
        basis="all",
        note=sentence("whole base" if e.value is not None else "", e.untested, e.note),
        median=e.median,
        customers=e.customers,
    )
