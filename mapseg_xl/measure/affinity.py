"""Which values of two attributes occur together more or less often than chance would have it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.tables import BLANK, Trait
from mapseg_xl.stats.exact import fisher_p
from mapseg_xl.stats.intervals import normal_p
from mapseg_xl.stats.multiplicity import benjamini_hochberg

FEWEST_EXPECTED = 5.0
MOST_VALUES = 20  # of one attribute: the largest
FEWEST_ROWS_A_VALUE = 10  # on average: a column with more values is not screened

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Affinity:
    """How much more often two values occur together than apart: lift = n_ab N / (n_a n_b).

    All counts are of the rows where both attributes are known. `lift`, `phi` and the p-values are None
    where fewer than 5 are expected together.
    """

    first: str  # attribute
    first_value: str
    second: str
    second_value: str
    n: int
    n_first: int
    n_second: int
    n_both_known: int
    expected: float
    lift: float | None
    phi: float | None
    p_value: float | None
    q_value: float | None


def affinities(traits: Sequence[Trait]) -> tuple[Affinity, ...]:
    """Every pair of values of every two attributes, q-values over all that are tested.

    Chi-square on the two-by-two table, Fisher's exact test where one of its cells is expected under 5;
    Benjamini & Hochberg (1995) over the whole matrix.
    """
    fitting = [trait for trait in traits if _is_screened(trait)]
    found = [a for first, second in combinations(fitting, 2) for a in _pair(first, second)]
    q_values = benjamini_hochberg([a.p_value for a in found])
    return tuple(replace(a, q_value=q) for a, q in zip(found, q_values, strict=True))


def _is_screened(trait: Trait) -> bool:
    known = sum(value != BLANK for value in trait.values)
    return 2 <= known <= len(trait.codes) / FEWEST_ROWS_A_VALUE


def counts_of(first: Trait, second: Trait) -> Ints:
    """How many rows have each pair of values: first's values down, second's across."""
    width = len(second.values)
    key = first.codes.astype(np.int64) * width + second.codes
    return np.bincount(key, minlength=len(first.values) * width).reshape(-1, width)


def _pair(first: Trait, second: Trait) -> list[Affinity]:
    known = [[value != BLANK for value in trait.values] for trait in (first, second)]
    table = counts_of(first, second)[np.ix_(*known)]
    names = [[value for value in trait.values if value != BLANK] for trait in (first, second)]
    total, down, across = int(table.sum()), table.sum(axis=1), table.sum(axis=0)
    return [
        _affinity(
            (first.name, names[0][i], second.name, names[1][j]),
            (int(table[i, j]), int(down[i]), int(across[j]), total),
        )
        for i in _largest(down)
        for j in _largest(across)
    ]


def _largest(sizes: Ints) -> list[int]:
    order = np.argsort(-sizes, kind="stable")[:MOST_VALUES]
    return [int(at) for at in np.sort(order) if sizes[at]]


def _affinity(names: tuple[str, str, str, str], counts: tuple[int, int, int, int]) -> Affinity:
    n, n_first, n_second, total = counts
    expected = n_first * n_second / total
    phi = phi_of(n, n_first, n_second, total)
    if expected < FEWEST_EXPECTED or phi is None:
        return Affinity(*names, *counts, expected, None, None, None, None)
    return Affinity(*names, *counts, expected, n / expected, phi, _p(counts, phi), None)


def phi_of(n: int, n_first: int, n_second: int, total: int) -> float | None:
    """Phi of a two-by-two table by its corner, margins and total; None where a margin is empty.

    (n11 n00 - n10 n01) / sqrt(n1. n0. n.1 n.0), Pearson 1900.

    >>> round(phi_of(30, 40, 50, 100), 4), phi_of(5, 5, 5, 5)
    (0.4082, None)
    """
    margins = n_first * (total - n_first) * n_second * (total - n_second)
    return (n * total - n_first * n_second) / math.sqrt(margins) if margins else None


def _p(counts: tuple[int, int, int, int], phi: float) -> float:
    """Chi-square is N phi squared with one degree of freedom."""
    n, n_first, n_second, total = counts
    least = min(n_first, total - n_first) * min(n_second, total - n_second) / total
    if least < FEWEST_EXPECTED:
        return fisher_p(n, n_first, n_second - n, total - n_first)
    return normal_p(math.sqrt(total) * phi)
