"""What a metric is, and what measuring it on a group gives. The catalogue lists them; families define them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.settings import Settings
from mapseg_xl.stats.resampling import percentile_interval
from mapseg_xl.tally.tally import Tally

Floats = NDArray[np.float64]
T = TypeVar("T")

if TYPE_CHECKING:
    from mapseg_xl.stats.intervals import Interval


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What all measurements of one run share.

    `horizon_months` and `tau_months` are one number a run, for the base and every segment.
    `weights` are the fold draws (draws x folds), the same for all metrics of a run.
    """

    settings: Settings
    horizon_months: int
    tau_months: float | None
    weights: NDArray[np.float32]
    memo: dict[tuple[str, Tally], Any] = field(default_factory=dict)  # what `once` has measured
    _wide: Floats = field(init=False, repr=False)  # the weights as sums of money need them

    def __post_init__(self) -> None:
        object.__setattr__(self, "_wide", np.asarray(self.weights, dtype=np.float64))

    def redrawn(self, by_fold: Floats) -> Floats:
        """The sum over all folds in every draw. `by_fold`: a sum a fold."""
        return self._wide @ by_fold


def once(measure: Callable[[Tally, Context], T]) -> Callable[[Tally, Context], T]:
    """Measure a group once a run: resampled figures are asked for by several metrics."""

    @wraps(measure)
    def measured(tally: Tally, context: Context) -> T:
        key = (measure.__name__, tally)
        if key not in context.memo:
            context.memo[key] = measure(tally, context)
        found: T = context.memo[key]
        return found

    return measured


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric of one group. `value` None: undefined here, and `note` says why.

    `n` is the number the estimate divides by. `variance` is the squared standard error, None where unknown.
    `enough` says whether the group reaches the minimum that a judgement needs.
    """

    value: float | None
    n: float | None = None
    events: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""
    enough: bool = False
    variance: float | None = None
    median: float | None = None  # of money: shown beside the mean
    counted: str = ""  # what n counts here, where it is not what the metric says
    untested: str = ""  # why this form is not compared although the metric can be: "depends on age"
    customers: int | None = None  # behind it, where n counts their months or orders


@dataclass(frozen=True, slots=True)
class Comparison:
    """A group against everyone else. For ratio metrics the ratio's limits are what is judged.

    `p` None: no test. `difference` = value - rest value; its sign speaks of the value.
    """

    difference: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    variance: float | None = (
        None  # squared standard errors in the scale judged, for "how many more"
    )
    variance_rest: float | None = None
    note: str = ""


Estimator = Callable[[Tally, Context], Estimate]
Comparer = Callable[[Tally, Tally, Context], Comparison]


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of the catalogue. Everything that shows, explains or computes a metric reads it."""

    id: str
    title: str
    plain_title: str  # as on tabs, for somebody who is no statistician
    unit: str  # share money months days count ratio
    direction: str  # good_high good_low
    step: str  # what it tells about: convert pay stay cost
    estimate: Estimator
    compare: Comparer | None
    needs: str  # which columns, in words
    definition: str  # in words, for Definitions
    formula: str  # as the field writes it
    source: str
    counted: str  # what n counts: "matured trials"
    untested: str = ""  # why no verdict is given although there is a value: "depends on age"
    computed_from: tuple[
        str, ...
    ] = ()  # roles; a segment cut on one of them is defined by the outcome
    margin: str = "relative"  # how a difference that matters is told: share, relative, rate
    by_events: bool = False  # `least` speaks of the events expected on each side
    follows: bool = False  # the group must also be followed long enough
    least: str = "min_units"  # the setting that says how many `counted` a judgement takes
    cautious: str = ""  # "share" or "mean": how the estimate is shrunk; empty: not
    strata: str = ""  # which per-row outcome the check within channel and quarter uses
    native: str = ""  # Excel formula of the value over the count fields, e.g. "{events}/{n}"
    fields: tuple[str, ...] = field(
        default_factory=tuple
    )  # further count cells that `native` names


def undefined(note: str, n: float | None = None) -> Estimate:
    """An estimate that is not available, and why."""
    return Estimate(None, n=n, note=note)


def bounds(interval: Interval) -> tuple[float | None, float | None]:
    """The limits as a plain pair; not-finite limits are None."""
    low, high = interval
    return (
        low if low is not None and np.isfinite(low) else None,
        high if high is not None and np.isfinite(high) else None,
    )


def difference(value: float | None, rest: float | None) -> float | None:
    """Value less everyone else's; None where either is undefined."""
    return None if value is None or rest is None else value - rest


def drawn_range(draws: Floats, context: Context) -> tuple[float | None, float | None]:
    """The plausible range that redraws of the folds give; not-finite limits are None."""
    return bounds(percentile_interval(draws, context.settings.confidence))


def known(draws: Floats | None) -> Floats:
    """The redraws that hold anybody: one that misses a small group altogether says nothing of it.

    Infinite ones stay, for they rank: a cost without any customer is the worst there is.
    """
    return np.empty(0) if draws is None else draws[~np.isnan(draws)]


def less(first: Floats, second: Floats) -> Floats:
    """Draw by draw; both infinite: unknown, as numpy has it, but without its warning."""
    with np.errstate(invalid="ignore"):
        return first - second


def quotient(above: Floats, below: Floats, otherwise: float = np.nan) -> Floats:
    """Draw by draw; `otherwise` where there is nothing to divide by."""
    whole = np.full(len(above), otherwise)
    np.divide(above, below, out=whole, where=below > 0)
    return whole


CUSTOMERS_ONLY = (  # roles that tell who became a customer, or that only a customer has
    "status",
    "stage",
    "outcome",
    "converted",
    "converted_on",
    "churned",
    "churned_on",
    "tenure_months",
    "revenue_monthly",
)
THIN = "range probably too narrow: few customers"


def sentence(*parts: str) -> str:
    """The parts that say something, joined by "; "."""
    return "; ".join(p for p in parts if p)


def counted(number: float, one: str, many: str) -> str:
    """How many of what, as "1 trial" or "1,204 trials"; empty for none."""
    if not number:
        return ""
    return f"{number:,.0f} {one if number == 1 else many}"
