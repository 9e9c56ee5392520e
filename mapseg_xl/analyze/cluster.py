"""The cluster pivots: which two attributes are worth crossing, and how each pair of values performs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mapseg_xl.analyze.performance import PerformanceRow, family_rows, measure
from mapseg_xl.intake.tables import BLANK, Customers, Status, Trait
from mapseg_xl.measure.affinity import Ints, affinities, counts_of
from mapseg_xl.measure.pivots import FEWEST_VALUES, OTHER, Clusters, Pivot, PivotCell, gathered
from mapseg_xl.measure.segments import crossed, crossed_sides
from mapseg_xl.metrics.base import Context, Metric
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.settings import Settings
from mapseg_xl.stats.rates import rate_ratio
from mapseg_xl.stats.relative import share_ratio
from mapseg_xl.tally.rows import Rows
from mapseg_xl.tally.tally import Floats, Tally

PIVOTS, MOST_PIVOTS = 2, 4
MOST_CROSSED = 8  # attributes tried against each other
LEADING = ("conversion", "win_rate", "monthly_churn", "churned_share")
CAUSES = ("firmographic", "demographic", "geographic")  # told before anybody buys
MOST_OTHER = 0.5  # of the rows: a column of which more are `other` says too little
MOST_BLANK = 0.5


def find_clusters(
    customers: Customers,
    rows: Rows,
    whole: Tally,
    context: Context,
    asked: Sequence[str] = (),
) -> Clusters:
    """Pivots of the traits that say most, and the affinities between all pairs of values.

    `asked`: what --segment-by names; each `A x B` among it becomes a pivot, before the chosen ones.
    """
    leading = leading_metric(whole, context)
    wanted = [sides for option in asked if (sides := crossed_sides(option, customers))]
    pairs = [(first, second, True) for first, second in wanted[:MOST_PIVOTS]]
    room = max(0, PIVOTS - len(pairs))
    chosen = _chosen_pairs(customers, rows, context.settings, leading)
    taken = [{first.name, second.name} for first, second, _ in pairs]
    chosen = [pair for pair in chosen if {pair[0].name, pair[1].name} not in taken]
    pairs += [(first, second, False) for first, second in _spread(chosen, room)]
    pivots = [_pivot(pair, rows, whole, context, leading) for pair in pairs]
    owner = customers.role_headers.get("owner")
    traits = [trait for trait in customers.traits if trait.name != owner]
    return Clusters(tuple(p for p in pivots if p is not None), affinities(traits))


def leading_metric(whole: Tally, context: Context) -> Metric | None:
    """The first of conversion, win rate and churn that this base gives and that some have; by events and n."""
    order = list(LEADING)
    if context.settings.model == "sales-led":
        order = ["win_rate", *(name for name in LEADING if name != "win_rate")]
    for name in order:
        entry = metric(name)
        base = entry.estimate(whole, context)
        if base.value and base.events and base.n and base.events < base.n:
            return entry
    return None


# --- which attributes ---------------------------------------------------------------------------


def _chosen_pairs(
    customers: Customers, rows: Rows, settings: Settings, leading: Metric | None
) -> list[tuple[Trait, Trait]]:
    """Pairs of attributes, those whose cells vary most first; of causes where there are enough."""
    traits = [gathered(trait, settings.min_units) for trait in _crossable(customers, leading)]
    traits = [trait for trait in traits if _is_telling(trait)]
    tiers = _tiers(customers, traits)
    for enough in (3, 2):
        for many in range(1, len(tiers) + 1):
            pool = [trait for tier in tiers[:many] for trait in tier]
            if len(pool) >= enough:
                return _by_variation(pool, rows, leading)
    return []


def _crossable(customers: Customers, leading: Metric | None) -> list[Trait]:
    """Traits that the metric is not made of; the sales rep is nobody's trait."""
    owner = customers.role_headers.get("owner")
    roles = set(leading.computed_from) if leading else set()
    return [t for t in customers.traits if t.name != owner and not roles & set(t.made_from)]


def _is_telling(trait: Trait) -> bool:
    sizes = np.bincount(trait.codes, minlength=len(trait.values)) / max(1, len(trait.codes))
    named = dict(zip(trait.values, sizes.tolist(), strict=True))
    other = sum(share for name, share in named.items() if name.startswith(f"{OTHER} ("))
    known = len(named) - (BLANK in named)
    return known >= FEWEST_VALUES and other <= MOST_OTHER and named.get(BLANK, 0) <= MOST_BLANK


def _tiers(customers: Customers, traits: Sequence[Trait]) -> tuple[list[Trait], ...]:
    """Causes a marketer can aim at, then the other causes, then what may follow from buying."""
    channel = customers.role_headers.get("channel")
    aimed = [t for t in traits if not t.outcome_like and (t.family in CAUSES or t.name == channel)]
    others = [t for t in traits if not t.outcome_like and t not in aimed]
    return aimed, others, [t for t in traits if t.outcome_like]


def _by_variation(
    traits: Sequence[Trait], rows: Rows, leading: Metric | None
) -> list[tuple[Trait, Trait]]:
    if leading is None:
        pairs = list(combinations(traits[:MOST_CROSSED], 2))
        return sorted(pairs, key=lambda pair: -association(counts_of(*pair)))
    weights = _weights(leading.id, rows)
    alone = sorted(traits, key=lambda t: -variation(*_sums(t, None, weights)))[:MOST_CROSSED]
    pairs = list(combinations([t for t in traits if any(t is a for a in alone)], 2))
    return sorted(pairs, key=lambda pair: -variation(*_sums(pair[0], pair[1], weights)))


def _spread(pairs: Sequence[tuple[Trait, Trait]], room: int) -> list[tuple[Trait, Trait]]:
    """The best pairs, each with attributes of its own as long as there are such pairs."""
    taken: list[tuple[Trait, Trait]] = []
    for most_shared in (0, 1):
        for pair in pairs:
            used = {trait.name for other in taken for trait in other}
            shared = sum(trait.name in used for trait in pair)
            if len(taken) < room and shared <= most_shared and pair not in taken:
                taken.append(pair)
    return taken


@dataclass(frozen=True, slots=True, eq=False)
class _Weights:
    """What each row adds to the numerator and the denominator of the leading metric."""

    events: Floats
    n: Floats


def _weights(metric_id: str, rows: Rows) -> _Weights:
    none = np.zeros(rows.n)
    if metric_id == "conversion" and rows.trials is not None:
        return _Weights(rows.trials.converted.astype(float), rows.trials.counted.astype(float))
    if metric_id == "win_rate" and rows.opportunities is not None:
        outcome = rows.opportunities.outcome
        return _Weights((outcome == 1).astype(float), (outcome >= 0).astype(float))
    if metric_id == "monthly_churn" and rows.stays is not None:
        events, months = none.copy(), none.copy()
        events[rows.stays.rows] = rows.stays.ended
        months[rows.stays.rows] = rows.stays.times[rows.stays.index]
        return _Weights(events, months)
    return _Weights(
        (rows.status == Status.CHURNED).astype(float),
        (rows.status >= Status.CUSTOMER).astype(float),
    )


def _sums(first: Trait, second: Trait | None, weights: _Weights) -> tuple[Floats, Floats]:
    """Numerator and denominator of each cell of one or two attributes."""
    key = first.codes.astype(np.int64)
    size = len(first.values)
    if second is not None:
        key, size = key * len(second.values) + second.codes, size * len(second.values)
    events, n = (np.bincount(key, each, size) for each in (weights.events, weights.n))
    return events.astype(np.float64), n.astype(np.float64)


def variation(events: Floats, n: Floats) -> float:
    """How far the rates of cells lie apart beyond chance: chi-square less its degrees of freedom, an event.

    The chance part is taken off (as in Bergsma 2013), so that many small cells do not look like many differences.
    Below zero: less than chance. Cells without a denominator do not count.

    >>> variation(np.array([5.0, 5.0]), np.array([10.0, 10.0]))
    -0.1
    """
    inside = n > 0
    events, n = events[inside], n[inside]
    if not events.sum():
        return 0.0
    expected = n * (events.sum() / n.sum())
    chi2 = float(((events - expected) ** 2 / expected).sum())
    return (chi2 - (len(n) - 1)) / float(events.sum())


def association(table: Ints) -> float:
    """Phi squared of a table of counts beyond chance (Bergsma 2013)."""
    total = table.sum()
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    chi2 = float(((table - expected) ** 2 / expected).sum())
    return (chi2 - float((table.shape[0] - 1) * (table.shape[1] - 1))) / float(total)


# --- how their cells do -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Judge:
    """The leading metric with the counts of the whole base and the least that a judgement takes."""

    metric: Metric
    events: float
    n: float
    settings: Settings

    def is_enough(self, line: PerformanceRow) -> bool:
        """Whether a cell and everyone else are large enough to be compared."""
        if line.n is None or line.value is None or line.rest_value is None:
            return False
        least: int = getattr(self.settings, self.metric.least)
        sides = (line.n, self.n - line.n)
        if self.metric.by_events:
            sides = (sides[0] * self.events / self.n, sides[1] * self.events / self.n)
        return min(sides) >= least

    def index_range(self, line: PerformanceRow) -> tuple[float | None, float | None]:
        """Plausible range of a rate over everyone else's, by its logarithm."""
        d1, n1 = line.events or 0.0, line.n or 0.0
        d2, n2 = self.events - d1, self.n - n1
        confidence = self.settings.confidence
        if self.metric.by_events:
            if not d1 or not d2:
                return None, None
            return rate_ratio(int(d1), n1, int(d2), n2, confidence)[1:]
        return share_ratio(d1, n1, d2, n2, confidence)


def _pivot(
    pair: tuple[Trait, Trait, bool],
    rows: Rows,
    whole: Tally,
    context: Context,
    leading: Metric | None,
) -> Pivot | None:
    """The two attributes crossed, the one with fewer values across; None where one has a single value."""
    least = context.settings.min_units
    first, second = (gathered(trait, least) for trait in pair[:2])
    if min(len(first.values), len(second.values)) < FEWEST_VALUES:
        return None
    if len(second.values) > len(first.values):
        first, second = second, first
    counts = counts_of(first, second)
    cells, judged = _cells((first, second), counts, rows, whole, context, leading)
    return Pivot(
        rows_attribute=first.name,
        columns_attribute=second.name,
        rows=first.values,
        columns=second.values,
        metric=leading.id if leading else "",
        cells=tuple(cells),
        judged=judged,
        followers=tuple(t.name for t in (first, second) if t.outcome_like),
        asked=pair[2],
    )


def _cells(
    sides: tuple[Trait, Trait],
    counts: Ints,
    rows: Rows,
    whole: Tally,
    context: Context,
    leading: Metric | None,
) -> tuple[list[PivotCell], int]:
    """Every pair of values, also those nobody has, and how many of them were compared."""
    lines: dict[tuple[int, int], PerformanceRow] = {}
    judge = None
    if leading is not None:
        base = leading.estimate(whole, context)
        judge = _Judge(leading, base.events or 0.0, base.n or 0.0, context.settings)
        group = measure(
            rows, whole, crossed(*sides)
        )  # its segments: the pairs that occur, in order
        places = [(int(i), int(j)) for i, j in np.argwhere(counts > 0)]
        lines = dict(zip(places, family_rows(leading, group, rows, whole, context), strict=True))
    cells = [
        _cell((row, column), (int(counts[i, j]), rows.n), lines.get((i, j)), judge)
        for i, row in enumerate(sides[0].values)
        for j, column in enumerate(sides[1].values)
    ]
    return cells, sum(line.q_value is not None for line in lines.values())


def _cell(
    names: tuple[str, str],
    counts: tuple[int, int],
    line: PerformanceRow | None,
    judge: _Judge | None,
) -> PivotCell:
    n, total = counts
    share = n / total if total else 0.0
    if line is None or judge is None:
        return PivotCell(*names, n, share, None, None, None, None, None, None, "")
    base = (*names, n, share, line.events, line.n, line.value)
    if not judge.is_enough(line):
        return PivotCell(*base, None, None, None, line.verdict)
    return PivotCell(*base, line.index, *judge.index_range(line), line.verdict, line.q_value)
