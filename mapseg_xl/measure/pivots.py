"""Two attributes crossed: how many, what share, how each pair of values does; small values put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mapseg_xl.intake.tables import BLANK, Trait
from mapseg_xl.measure.affinity import Affinity

MOST_VALUES = 9  # of a side of a pivot, `other` and blank included: what a page holds
FEWEST_VALUES = 2
OTHER = "other"


@dataclass(frozen=True, slots=True)
class PivotCell:
    """One pair of values. Rate and index are of the pivot's metric; None where it is not defined.

    `index`: the rate over that of everyone else, as a fraction. Its plausible range is that of the log ratio;
    None where one side has no event. Index, range and verdict are None and "" under the least number.
    """

    row: str
    column: str
    n: int  # rows of the base
    share: float  # of the base
    events: float | None  # numerator and denominator of the rate
    rate_n: float | None
    rate: float | None
    index: float | None
    index_low: float | None
    index_high: float | None
    verdict: str  # better worse about_same cant_tell not_available; "" without a metric
    q_value: float | None = None


@dataclass(frozen=True, slots=True)
class Pivot:
    """The values of two attributes against each other; cells by row, then by column, empty ones included."""

    rows_attribute: str
    columns_attribute: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    metric: str  # id of the metric that `rate` is of; "" where there is none
    cells: tuple[PivotCell, ...]
    judged: int = 0  # cells that were compared: the family
    followers: tuple[str, ...] = ()  # attributes that may be a result rather than a cause
    asked: bool = False  # named by the user


@dataclass(frozen=True, slots=True)
class Clusters:
    """The cluster pivots of a run and the pairs of values that go together."""

    pivots: tuple[Pivot, ...] = ()
    affinities: tuple[Affinity, ...] = ()


def gathered(trait: Trait, fewest: int, most: int = MOST_VALUES) -> Trait:
    """The trait with its small values put together as `other (n values)`, so that at most `most` are left.

    Values under `fewest` rows go together where there are two or more of them and larger ones besides, `(blank)`
    stays itself, and values nobody has are left out. The order of the values stays; `other` comes after them,
    before `(blank)`.
    """
    sizes = np.bincount(trait.codes, minlength=len(trait.values))
    places = [at for at in range(len(trait.values)) if sizes[at]]
    named = [at for at in places if trait.values[at] != BLANK]
    blank = [at for at in places if trait.values[at] == BLANK]
    by_size = sorted(named, key=lambda at: (-sizes[at], at))
    kept = [at for at in by_size if sizes[at] >= fewest] or named
    if len(named) - len(kept) == 1 and len(named) + len(blank) <= most:
        kept = named
    room = most - len(blank)
    if len(kept) > room or len(kept) < len(named):
        kept = kept[: room - 1]
    small = [at for at in named if at not in kept]
    groups = (
        [[at] for at in named if at in kept] + ([small] if small else []) + [[b] for b in blank]
    )
    return _regrouped(trait, groups)


def _regrouped(trait: Trait, groups: Sequence[Sequence[int]]) -> Trait:
    """The trait with its values dealt into groups; a group of several is `other`."""
    code_of = np.zeros(len(trait.values), np.int32)
    names = []
    for code, group in enumerate(groups):
        code_of[list(group)] = code
        names.append(
            trait.values[group[0]] if len(group) == 1 else f"{OTHER} ({len(group)} values)"
        )
    return replace(trait, values=tuple(names), codes=code_of[trait.codes], numbers=None)
