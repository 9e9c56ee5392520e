"""Bands of numbers as an earlier run cut them, so that a segment such as `10 – 29` holds the same range later.

Only where the labels still tell the truth: a number that no band's words cover has the bands cut anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from mapseg_xl.intake.describing.categories import with_blank
from mapseg_xl.intake.tables import Customers, Trait, plain


@dataclass(frozen=True, slots=True)
class Cut:
    """How a trait's numbers were cut: the bands' words, the least number of each band but the first.

    `low`: the smallest number there was; `alone`: it is the first band all by itself; `whole`: there were no decimals.
    """

    labels: tuple[str, ...]
    edges: tuple[float, ...]
    low: float
    alone: bool
    whole: bool


def with_bands(customers: Customers, cuts: Mapping[str, Cut]) -> Customers:
    """The customers with their numbers in the bands of an earlier run, where those still fit."""
    if not cuts:
        return customers
    known = {plain(name): cut for name, cut in cuts.items()}
    traits = tuple(_cut(t, known.get(plain(t.name))) for t in customers.traits)
    return replace(customers, traits=traits)


def _cut(trait: Trait, cut: Cut | None) -> Trait:
    numbers = trait.numbers
    if cut is None or numbers is None or not _fits(numbers[np.isfinite(numbers)], cut):
        return trait
    codes = np.searchsorted(np.array(cut.edges), numbers, side="right").astype(np.int32)
    values, coded = with_blank(cut.labels, np.where(np.isfinite(numbers), codes, -1))
    return replace(trait, values=values, codes=coded.astype(np.int32), ordered=True)


def _fits(known: np.ndarray, cut: Cut) -> bool:
    """Whether the words of the bands hold for these numbers too."""
    if not len(known) or (cut.whole and not np.array_equal(known, np.round(known))):
        return False
    smallest = float(known.min())
    if cut.alone:
        return smallest >= cut.low
    first = cut.labels[0]
    return smallest >= min(cut.low, 0.0) or first.startswith("under")
