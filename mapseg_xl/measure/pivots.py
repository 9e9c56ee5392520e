"""Two attributes crossed: how many, what share, and which values go together more often than chance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PivotCell:
    """One pair of values. `index`: its rate over that of everyone else; None under the least number."""

    row: str
    column: str
    n: int  # rows of the base
    share: float  # of the base
    rate_n: float | None  # denominator of the pivot's metric
    rate: float | None
    index: float | None
    index_low: float | None
    index_high: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Pivot:
    """The values of two attributes against each other."""

    rows_attribute: str
    columns_attribute: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    metric: str  # id of the metric that `rate` is of; "" where there is none
    cells: tuple[PivotCell, ...]


@dataclass(frozen=True, slots=True)
class Affinity:
    """How much more often two values occur together than apart: lift = n_ab N / (n_a n_b)."""

    first: str  # attribute
    first_value: str
    second: str
    second_value: str
    n: int
    expected: float
    lift: float | None  # None where fewer than 5 are expected
    phi: float | None
    p_value: float | None
    q_value: float | None


@dataclass(frozen=True, slots=True)
class Clusters:
    """The cluster pivots of a run and the pairs of values that go together."""

    pivots: tuple[Pivot, ...] = ()
    affinities: tuple[Affinity, ...] = ()
