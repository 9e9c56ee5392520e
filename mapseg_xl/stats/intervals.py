"""The interval every estimator returns, and normal and chi-square tails without scipy."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple


class Interval(NamedTuple):
    """Two limits; an end is None where it is undefined or has no bound."""

    low: float | None
    high: float | None


UNDEFINED = Interval(None, None)


@lru_cache(maxsize=64)
def normal_quantile(confidence: float = 0.95) -> float:
    """Half width of a two-sided normal interval in standard errors; confidence within 0..1.

    >>> round(normal_quantile(0.95), 6)
    1.959964
    """
    return NormalDist().inv_cdf(1.0 - tail(confidence))


def tail(confidence: float) -> float:
    """Probability left out on one side of a two-sided interval. Outside 0..1: ValueError."""
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence!r}")
    return (1.0 - confidence) / 2.0


def normal_p(z: float) -> float:
    """Two-sided p-value of a standard normal z; keeps its digits far out in the tail.

    >>> round(normal_p(1.959964), 6)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2.0))


def chi_square_p_value(chi2: float, df: int) -> float:
    """Upper tail of chi-square on df whole degrees of freedom; chi2 <= 0 gives 1.

    The finite sums for even and odd df (Abramowitz & Stegun 1964, 26.4.4 and 26.4.5), in logs.

    >>> round(chi_square_p_value(16.7929, 1), 7)
    4.17e-05
    """
    if df < 1:
        raise ValueError(f"degrees of freedom must be at least 1, not {df!r}")
    half = chi2 / 2.0
    if half <= 0.0:
        return 1.0
    offset = 0.5 if df % 2 else 0.0
    total = math.erfc(math.sqrt(half)) if df % 2 else 0.0
    powers = (i + offset for i in range(df // 2))
    total += math.fsum(math.exp(k * math.log(half) - half - math.lgamma(k + 1.0)) for k in powers)
    return min(1.0, total)
