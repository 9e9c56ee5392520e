"""A candidate's measured figures as they are scored: careful, against everyone else, with how far off they may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.metrics.base import Metric
from mapseg_xl.metrics.catalog import METRICS
from mapseg_xl.prioritize.criteria import Measure
from mapseg_xl.settings import Settings
from mapseg_xl.stats.intervals import normal_quantile

Floats = NDArray[np.float64]
EVERYONE_ELSE = 100.0  # an index
_SMALLEST = 1e-9
_COMMON = 0.5  # of what is typical: how far from everyone else's a segment's mean commonly is


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a candidate. `value` None: missing; `never`: a cost that is never earned back, worse than all.

    Its sampling distribution is `kind` with parameters `a` and `b`; a draw x means the figure scale * x, or
    scale / x where `inverse`.
    """

    value: float | None = None
    never: bool = False
    kind: str = "fixed"  # beta (a, b), gamma (shape a, rate b), normal (mean a, error b), fixed
    a: float = 0.0
    b: float = 0.0
    scale: float = 1.0
    inverse: bool = False
    careful: float | None = (
        None  # the segment's own figure in its own unit, drawn toward the others
    )

    def draws(self, count: int, rng: np.random.Generator) -> Floats:
        """The figure in each rerun; the same value each time where nothing is known of its error."""
        if self.kind == "beta":
            drawn = rng.beta(self.a, self.b, count)
        elif self.kind == "gamma":
            drawn = rng.gamma(self.a, 1 / self.b, count)
        elif self.kind == "normal":
            drawn = rng.normal(self.a, self.b, count)
        else:
            return np.full(count, np.nan if self.value is None else self.value)
        drawn = np.maximum(drawn, _SMALLEST)
        return self.scale / drawn if self.inverse else self.scale * drawn


def figure(
    row: PerformanceRow | None,
    measure: Measure,
    settings: Settings,
    *,
    never: bool = False,
    typical: float | None = None,
) -> Figure:
    """A segment's figure for a measure: an index with everyone else at 100, or months to pay back.

    `never`: it is known not to pay back within the limit. `typical`: the median of all, where the metric has one.
    """
    if row is None or not measure.metric:
        return Figure()
    metric = next(m for m in METRICS if m.id == measure.metric)
    if row.value is None:
        return Figure(never=never and measure.id == "payback_months")
    # months to pay back are drawn by their number alone, as the page computes them anew
    common = _COMMON * (typical or row.rest_value or 0.0) if measure.unit == "index" else 0.0
    careful, spread = _careful(row, metric, settings, common)
    if measure.unit != "index":
        return Figure(careful, False, *spread, careful=careful)
    if not row.rest_value or row.rest_value < 0 or careful <= 0:
        return Figure()
    inverse = metric.direction == "good_low" and measure.id != "cost_index"
    scale = EVERYONE_ELSE * row.rest_value if inverse else EVERYONE_ELSE / row.rest_value
    value = scale / careful if inverse else scale * careful
    return Figure(value, False, *spread, scale=scale, inverse=inverse, careful=careful)


Spread = tuple[str, float, float]


def _careful(
    row: PerformanceRow, metric: Metric, settings: Settings, common: float
) -> tuple[float, Spread]:
    """The figure drawn toward everyone else's, so that few customers cannot top a list, and its distribution."""
    if metric.by_events:
        return _rate(row, settings)
    if metric.cautious == "share" or metric.unit == "share":
        return _share(row, settings)
    return _mean(row, settings, common)


def _rate(row: PerformanceRow, settings: Settings) -> tuple[float, Spread]:
    """Events over time with a prior of so many events at everyone else's rate: a Gamma distribution."""
    assert row.value is not None  # noqa: S101  # the caller asked first
    prior, rest = float(settings.min_expected_events), row.rest_value
    if not rest or row.n is None:
        return row.value, ("fixed", 0.0, 0.0)
    shape, time = (row.events or row.value * row.n) + prior, row.n + prior / rest
    return shape / time, ("gamma", shape, time)


def _share(row: PerformanceRow, settings: Settings) -> tuple[float, Spread]:
    """The shrunken share with its Beta distribution; (x + w p0)/(n + w) where no family of shares gave one."""
    assert row.value is not None  # noqa: S101  # the caller asked first
    weight, n = float(settings.shrink_weight), row.n or 0.0
    careful = row.cautious
    if careful is None:
        careful = _toward(row.value, n, row.rest_value, weight)
    a, b = careful * (n + weight), (1 - careful) * (n + weight)
    return careful, ("beta", a, b) if min(a, b) > _SMALLEST else ("fixed", 0.0, 0.0)


def _mean(row: PerformanceRow, settings: Settings, common: float) -> tuple[float, Spread]:
    """The shrunken mean with a normal error from its range, shrunken alike.

    (n x + w x0)/(n + w) where no family gave one; further toward x0 the less sure the difference is. Segments
    commonly lie within `common` of everyone else, so tau^2/(tau^2 + se^2) of the difference is left, and of the
    squared error: two big accounts among many make no segment, and none of the others worse. 0: nobody knows.
    """
    assert row.value is not None  # noqa: S101  # the caller asked first
    n = float(row.n or 0.0 if row.customers is None else row.customers)
    weight, rest = float(settings.shrink_weight), row.rest_value
    error = _error(row, settings)
    careful = _toward(row.value, n, rest, weight) if row.cautious is None else row.cautious
    if rest is not None:
        gap = max(error, _error_of_difference(row, settings))
        careful = rest + _surely(gap, common) * (careful - rest)
    error *= (_surely(error, common) * n / (n + weight)) ** 0.5 if n else 0.0
    return careful, ("normal", careful, error) if error > 0 else ("fixed", 0.0, 0.0)


def _surely(error: float, common: float) -> float:
    """The part of a difference that is believed, where differences commonly are so large; 0: nobody knows how large.

    >>> _surely(0.0, 10.0), _surely(10.0, 10.0), _surely(10.0, 0.0)
    (1.0, 0.5, 1.0)
    """
    return common**2 / (common**2 + error**2) if common else 1.0


def _error_of_difference(row: PerformanceRow, settings: Settings) -> float:
    """Standard error of the difference from its range; 0 where there is none."""
    if row.diff_low is None or row.diff_high is None:
        return 0.0
    return (row.diff_high - row.diff_low) / (2 * normal_quantile(settings.confidence))


def _error(row: PerformanceRow, settings: Settings) -> float:
    """Standard error from the plausible range; from one side of it where the other is open."""
    z = normal_quantile(settings.confidence)
    if row.value is None:
        return 0.0
    if row.ci_low is not None and row.ci_high is not None:
        return (row.ci_high - row.ci_low) / (2 * z)
    known = row.ci_low if row.ci_low is not None else row.ci_high
    return 0.0 if known is None else abs(row.value - known) / z


def _toward(value: float, n: float, rest: float | None, weight: float) -> float:
    """As if everyone else's figure had been seen on `weight` more units.

    >>> _toward(0.3, 50, 0.1, 50)
    0.2
    """
    return value if rest is None else (n * value + weight * rest) / (n + weight)
