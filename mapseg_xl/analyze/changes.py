"""What changed between two runs, and how much of it is more than chance. Pure: two baselines and a recount.

The data of the two runs overlap, for most customers are in both. So no test takes them for two samples where that
could make a change look surer than it is:

- Where the day of the earlier run can be counted again in today's data, the units that came since are compared with
  those before: nobody is on both sides.
- Else both figures are compared as if their customers were different ones. Customers in both make two figures move
  together, so that the true uncertainty of the change is smaller: the comparison is careful.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mapseg_xl.analyze.baselines import Baseline, SegmentStood, Stood
from mapseg_xl.analyze.performance import ALL
from mapseg_xl.analyze.recount import CONVERSION, Count, Recount
from mapseg_xl.analyze.stock_taking import CURRENCY, DISCOUNT, HORIZON, MARGIN, REPEAT, TAU, WINDOW
from mapseg_xl.metrics.base import Metric
from mapseg_xl.settings import Settings
from mapseg_xl.stats.intervals import normal_p, normal_quantile
from mapseg_xl.stats.multiplicity import benjamini_yekutieli
from mapseg_xl.stats.proportions import two_proportion_p, wilson
from mapseg_xl.stats.rates import conditional_binomial_p

BETTER, WORSE, CHANCE = "better", "worse", "chance"  # clearly so, or no more than chance
UNSURE, NOT_COMPARED = "cant_tell", "not_available"
MORE, FEWER = "more", "fewer"
CAME, GONE, RENAMED, RECUT, CALLED = "came", "gone", "renamed", "recut", "called"
_MONEY = (CURRENCY,)
_WORTH = (HORIZON, MARGIN, DISCOUNT, CURRENCY)
_RESTS_ON = {  # the settings that decide what a figure means
    "conversion": (WINDOW,),
    "time_to_convert_days": (WINDOW,),
    "repeat_rate": (REPEAT,),
    "rmst_months": (TAU,),
    "ltv": _WORTH,
    "ltv_to_cac": _WORTH,
    "payback_months": (MARGIN, CURRENCY),
    **dict.fromkeys(("arpu", "cac", "average_order_value", "revenue_per_customer"), _MONEY),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of one segment, then and now.

    `before` and `since`: the units that today's data has of the earlier day, and those that came on top; None where
    they cannot be told apart. `other`: settings that are not the same, so that the figures are two different things.
    """

    segment_id: str
    metric: str
    then: Stood | None
    now: Stood | None
    verdict: str = NOT_COMPARED
    before: Count | None = None
    since: Count | None = None
    p: float | None = None
    rises: bool = False
    fewest: int = 0  # units that the smaller side lacks the number of
    other: tuple[str, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether it is better or worse beyond chance."""
        return self.verdict in (BETTER, WORSE)

    @property
    def is_edited(self) -> bool:
        """Whether today's data tells another figure for the earlier day than was counted then."""
        if self.before is None or self.then is None or self.then.n is None or self.other:
            return False
        told = Count(self.then.events or 0.0, self.then.n)
        pairs = ((told.n, self.before.n), (told.events, self.before.events))
        return not all(math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6) for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Share:
    """A segment's part of all customers (of all rows where nobody is one yet), then and now."""

    segment_id: str
    then: Count | None
    now: Count | None
    verdict: str = NOT_COMPARED  # more fewer chance not_available


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a candidate: it came, is gone, has another name, rule or call."""

    segment_id: str
    kind: str
    then: str
    now: str
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs between two runs."""

    then: Baseline
    now: Baseline
    figures: tuple[Change, ...] = ()
    shares: tuple[Share, ...] = ()
    events: tuple[Event, ...] = ()
    settings: tuple[tuple[str, str | float | None, str | float | None], ...] = ()
    recount: Recount | None = None

    @property
    def same_data(self) -> bool:
        """Whether both saw the very same data."""
        return self.then.fingerprint == self.now.fingerprint

    def of(self, segment_id: str, metric: str) -> Change | None:
        """One figure of one segment."""
        key = (segment_id, metric)
        return next((c for c in self.figures if (c.segment_id, c.metric) == key), None)


def changes_between(
    then: Baseline,
    now: Baseline,
    segment_ids: Sequence[str],
    metrics: Sequence[Metric],
    settings: Settings,
    again: Recount | None = None,
) -> Changes:
    """What changed: the figures of the whole base and of `segment_ids`, their shares, the candidates, the settings.

    The segments on one metric are a family, and the whole base is one of its own.
    """
    differ = tuple(
        (name, then.settings.get(name), value)
        for name, value in now.settings.items()
        if not _alike(then.settings.get(name), value)
    )
    other = frozenset(name for name, _, _ in differ)
    figures: list[Change] = []
    for metric in metrics:
        pairs = [(key, then.of(key), now.of(key)) for key in (ALL, *segment_ids)]
        found = [_change(metric, key, a, b, other, again, settings) for key, a, b in pairs]
        figures += [*judged(found[:1], metric, settings), *judged(found[1:], metric, settings)]
    return Changes(
        then,
        now,
        tuple(figures),
        tuple(_shares(then, now, segment_ids, settings)),
        tuple(_events(then, now)),
        differ,
        again,
    )


def _alike(one: str | float | None, other: str | float | None) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9)
    return one == other


def _change(
    metric: Metric,
    key: str,
    then: SegmentStood | None,
    now: SegmentStood | None,
    other: frozenset[str],
    again: Recount | None,
    settings: Settings,
) -> Change:
    """A figure then and now with the p-value of its change, not judged yet."""
    told = then.figures.get(metric.id) if then else None
    current = now.figures.get(metric.id) if now else None
    change = Change(key, metric.id, told, current)
    if told is None or current is None or then is None or now is None:
        return change
    differ = tuple(name for name in _RESTS_ON.get(metric.id, ()) if name in other)
    if differ or then.basis != now.basis:
        return replace(change, other=differ or ("basis",))
    before = again.of(key, metric.id) if again else None
    if before is not None and current.n is not None:
        since = Count(current.events or 0.0, current.n).minus(before)
        return _apart(replace(change, before=before, since=since), settings)
    return _carefully(change, metric, settings)


def _apart(change: Change, settings: Settings) -> Change:
    """The units that came since against those before."""
    before, since = change.before, change.since
    if before is None or since is None or before.rate is None or since.rate is None:
        return replace(change, verdict=UNSURE, fewest=1)
    if change.metric == CONVERSION:
        least = settings.min_units
        if min(before.n, since.n) < least:
            return replace(change, verdict=UNSURE, fewest=least)
        p = two_proportion_p(since.events, since.n, before.events, before.n)
    else:
        least = settings.min_expected_events
        pooled = (before.events + since.events) / (before.n + since.n)
        if min(before.n, since.n) * pooled < least:
            return replace(change, verdict=UNSURE, fewest=least)
        p = conditional_binomial_p(int(since.events), since.n, int(before.events), before.n)
    return replace(change, p=p, rises=since.rate > before.rate)


def _carefully(change: Change, metric: Metric, settings: Settings) -> Change:
    """Both figures as if their customers were different ones: their ranges, square and add (Zou & Donner 2008)."""
    then, now = change.then, change.now
    if then is None or now is None or metric.untested:
        return change
    limits = (then.low, then.high, now.low, now.high)
    if then.value is None or now.value is None or any(limit is None for limit in limits):
        return change
    least = 0 if metric.by_events else getattr(settings, metric.least)
    if min(then.n or 0, now.n or 0) < least:
        return replace(change, verdict=UNSURE, fewest=least)
    p = careful_p(
        (then.value, then.low or 0.0, then.high or 0.0),
        (now.value, now.low or 0.0, now.high or 0.0),
        settings.confidence,
    )
    return replace(change, p=p, rises=now.value > then.value)


def careful_p(
    then: tuple[float, float, float], now: tuple[float, float, float], confidence: float
) -> float | None:
    """Two-sided p of no change between two figures with their limits, as if they were independent.

    None where the limits leave no width to judge by. Worked example T17 with its limits.

    >>> p = careful_p((0.6, 0.4905, 0.7004), (0.8, 0.6918, 0.8770), 0.95)
    >>> round(p, 3)
    0.008
    """
    gap = now[0] - then[0]
    if gap >= 0:
        width = math.hypot(now[0] - now[1], then[2] - then[0])
    else:
        width = math.hypot(now[2] - now[0], then[0] - then[1])
    if not width > 0 or not math.isfinite(width):
        return None
    return normal_p(gap / width * normal_quantile(confidence))


def judged(found: Sequence[Change], metric: Metric, settings: Settings) -> list[Change]:
    """The changes of one family with their verdicts, many comparisons allowed for; segments overlap."""
    q = benjamini_yekutieli([change.p for change in found])
    made = []
    for change, chance in zip(found, q, strict=True):
        verdict = change.verdict
        if chance is not None:
            good = change.rises == (metric.direction == "good_high")
            clear = chance <= settings.false_discovery_rate
            verdict = CHANCE if not clear else BETTER if good else WORSE
        made.append(replace(change, verdict=verdict))
    return made


def _shares(
    then: Baseline, now: Baseline, segment_ids: Iterable[str], settings: Settings
) -> list[Share]:
    """Each segment's part of all customers, compared carefully: nobody knows who of them is in both."""
    found, tests = [], []
    for key in segment_ids:
        one, other = _part(then, key), _part(now, key)
        found.append(Share(key, one, other))
        tests.append(_share_p(one, other, settings))
    q = benjamini_yekutieli(tests)
    return [
        replace(s, verdict=_share_verdict(s, chance, settings))
        for s, chance in zip(found, q, strict=True)
    ]


def _part(run: Baseline, key: str) -> Count | None:
    segment, whole = run.of(key), run.whole
    if segment is None or not whole.size:
        return None
    if whole.customers:
        return Count(segment.customers, whole.customers)
    return Count(segment.size, whole.size)


def _share_p(then: Count | None, now: Count | None, settings: Settings) -> float | None:
    if then is None or now is None or then.rate is None or now.rate is None:
        return None
    if min(then.n, now.n) < settings.min_units:
        return None
    limits = [wilson(c.events, c.n, settings.confidence) for c in (then, now)]
    told = [
        (c.rate or 0.0, i.low or 0.0, i.high or 0.0)
        for c, i in zip((then, now), limits, strict=True)
    ]
    return careful_p(told[0], told[1], settings.confidence)


def _share_verdict(share: Share, chance: float | None, settings: Settings) -> str:
    if chance is None or share.then is None or share.now is None:
        return NOT_COMPARED
    if chance > settings.false_discovery_rate:
        return CHANCE
    return MORE if (share.now.rate or 0.0) > (share.then.rate or 0.0) else FEWER


def _events(then: Baseline, now: Baseline) -> list[Event]:
    """What happened to the candidates, those of today first."""
    found = []
    for s in now.segments[1:]:
        before, chosen = then.of(s.segment_id), s.segment_id in now.decided
        if before is None:
            found.append(Event(s.segment_id, CAME, "", s.call, chosen))
            continue
        told = (
            (RENAMED, before.name, s.name),
            (RECUT, before.rule, s.rule),
            (CALLED, before.call, s.call),
        )
        found += [Event(s.segment_id, kind, a, b, chosen) for kind, a, b in told if a != b]
    for s in then.segments[1:]:
        if now.of(s.segment_id) is None:
            chosen = s.segment_id in (*now.decided, *then.decided)
            found.append(Event(s.segment_id, GONE, s.call, "", chosen))
    return found
