"""Shares of whole counts: intervals, differences, tests. No scipy at import."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mapseg_xl.stats.exact import fisher_p
from mapseg_xl.stats.intervals import UNDEFINED, chi_square_p_value, normal_p, normal_quantile, tail
from mapseg_xl.stats.intervals import Interval as Interval

SMALL_EXPECTED_CELL = 5.0


def wilson(successes: float, n: float, confidence: float = 0.95) -> Interval:
    """Score interval of a share (Wilson 1927). Limits stay inside 0..1; n = 0 gives None, None.

    Negative counts and more successes than n raise ValueError. Worked example T16.

    >>> low, high = wilson(81, 263)
    >>> round(low, 4), round(high, 4)
    (0.2553, 0.3662)
    """
    _check(successes, n)
    if n == 0:
        return UNDEFINED
    z2 = normal_quantile(confidence) ** 2
    p = successes / n
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * p * (1 - p) / n + (z2 / (2 * n)) ** 2) / (1 + z2 / n)
    high = 1.0 if successes == n else min(1.0, centre + half)  # no 1 - 1e-16 at the end
    return Interval(float(max(0.0, centre - half)), float(high))


def newcombe(x1: float, n1: float, x2: float, n2: float, confidence: float = 0.95) -> Interval:
    """Interval of the difference of two shares p1 - p2 (Newcombe 1998, method 10).

    Joins the two Wilson intervals; None, None where either n is 0. Worked example T17.

    >>> low, high = newcombe(56, 70, 48, 80)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    first, second = wilson(x1, n1, confidence), wilson(x2, n2, confidence)
    if n1 == 0 or n2 == 0:
        return UNDEFINED
    return combine_newcombe(x1 / n1, first, x2 / n2, second)


def combine_newcombe(p1: float, first: Interval, p2: float, second: Interval) -> Interval:
    """Interval of p1 - p2 from an interval of each (Newcombe's square-and-add), within -1..1."""
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return UNDEFINED
    difference = p1 - p2
    low = difference - math.hypot(p1 - first.low, second.high - p2)
    high = difference + math.hypot(first.high - p1, p2 - second.low)
    return Interval(float(max(-1.0, low)), float(min(1.0, high)))


def two_proportion_p(x1: float, n1: float, x2: float, n2: float) -> float | None:
    """Two-sided p of equal shares: pooled z, or Fisher exact when any expected cell is under 5.

    None where either n is 0; all or none successful on both sides gives 1. Worked example T17.

    >>> round(two_proportion_p(56, 70, 48, 80), 6)
    0.008045
    """
    _check(x1, n1)
    _check(x2, n2)
    if n1 == 0 or n2 == 0:
        return None
    pooled = (x1 + x2) / (n1 + n2)
    if min(n1, n2) * min(pooled, 1 - pooled) < SMALL_EXPECTED_CELL:
        return fisher_p(_whole(x1), _whole(n1), _whole(x2), _whole(n2))
    error = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    return normal_p((x1 / n1 - x2 / n2) / error)


def chi_square_p(counts: ArrayLike) -> float | None:
    """P of independence in a table of counts (rows x columns), Pearson's chi-square without Yates.

    Empty rows and columns are left out; None where fewer than two of either remain.

    >>> round(chi_square_p([[56, 14], [48, 32]]), 6)
    0.008045
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("counts must be a two-dimensional table of numbers of 0 or more")
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows, columns = table.shape
    if rows < 2 or columns < 2:
        return None
    return chi_square_p_value(_pearson(table), (rows - 1) * (columns - 1))


def clopper_pearson(successes: float, n: float, confidence: float = 0.95) -> Interval:
    """Exact interval of a share (Clopper & Pearson 1934); n = 0 gives None, None.

    All or none successful: the free limit is .025^(1/n) from its end. Fractional n is allowed.

    >>> low, high = clopper_pearson(0, 20)
    >>> low, round(high, 4)
    (0.0, 0.1684)
    """
    _check(successes, n)
    if n == 0:
        return UNDEFINED
    side = tail(confidence)
    if successes == 0:
        return Interval(0.0, float(1.0 - side ** (1.0 / n)))
    if successes == n:
        return Interval(float(side ** (1.0 / n)), 1.0)
    from scipy.special import betaincinv  # here, not above: slow to load and rarely needed

    low = betaincinv(successes, n - successes + 1, side)
    high = betaincinv(successes + 1, n - successes, 1 - side)
    return Interval(float(low), float(high))


def _pearson(table: NDArray[Any]) -> float:
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum())


def _check(successes: float, n: float) -> None:
    if not (0 <= successes <= n < math.inf):  # false for NaN as well
        raise ValueError(f"successes must lie between 0 and n, not {successes!r} of {n!r}")


def _whole(count: float) -> int:
    if count != int(count):
        raise ValueError(f"an exact test needs whole counts, not {count!r}")
    return int(count)
