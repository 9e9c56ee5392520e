"""Means, their differences and ratios of sums, from sufficient statistics. scipy loads on first use."""

from __future__ import annotations

import math
from typing import NamedTuple

from mapseg_xl.stats.intervals import UNDEFINED, tail
from mapseg_xl.stats.intervals import Interval as Interval


class Welch(NamedTuple):
    """Difference of two means; p and df are None where both sides are constant."""

    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    df: float | None


class RatioOfSums(NamedTuple):
    """Sum over sum, and the variance of that ratio by linearisation."""

    value: float | None
    variance: float | None


def t_interval(n: int, mean: float, m2: float, confidence: float = 0.95) -> Interval:
    """Student's interval of a mean from n, the mean and m2, the centred sum of squares.

    Fewer than two values: None, None. All alike (m2 = 0): both limits equal the mean.

    >>> low, high = t_interval(10, 5.0, 90.0)
    >>> round(low, 4), round(high, 4)
    (2.7378, 7.2622)
    """
    if n < 2:
        return UNDEFINED
    half = _t_quantile(n - 1.0, confidence) * math.sqrt(_square(m2) / (n - 1) / n)
    return Interval(float(mean - half), float(mean + half))


def welch(
    n1: int, mean1: float, m21: float, n2: int, mean2: float, m22: float, confidence: float = 0.95
) -> Welch:
    """Difference mean1 - mean2 with unequal variances (Welch 1947, Satterthwaite's df).

    A side without values: all None; with one value: the difference alone. Both sides constant: the
    interval has no width, p and df are None, for no spread was seen to test against.

    >>> [round(x, 4) for x in welch(10, 5.0, 90.0, 12, 3.0, 66.0)]
    [2.0, -0.5862, 4.5862, 0.1211, 16.8113]
    """
    if n1 < 1 or n2 < 1:
        return Welch(None, None, None, None, None)
    v1 = _square(m21) / (n1 - 1) / n1 if n1 > 1 else None
    v2 = _square(m22) / (n2 - 1) / n2 if n2 > 1 else None
    return welch_of_variances(n1, mean1, v1, n2, mean2, v2, confidence)


def welch_of_variances(
    n1: int,
    value1: float,
    variance1: float | None,
    n2: int,
    value2: float,
    variance2: float | None,
    confidence: float = 0.95,
) -> Welch:
    """Welch's difference of two estimates with their own variances, on n - 1 df each.

    For ratios of sums after linearisation. A variance of None leaves the difference alone.
    """
    difference = float(value1 - value2)
    if variance1 is None or variance2 is None:
        return Welch(difference, None, None, None, None)
    total = variance1 + variance2
    if total <= 0.0:
        return Welch(difference, difference, difference, None, None)
    # Shares of the variance, not squares of it: those underflow for tiny amounts.
    share = variance1 / total
    df = 1.0 / (share**2 / (n1 - 1) + (1 - share) ** 2 / (n2 - 1))
    error = math.sqrt(total)
    half = _t_quantile(df, confidence) * error
    p = _t_p(difference / error, df)
    return Welch(difference, difference - half, difference + half, p, df)


def ratio_of_sums(
    n: int, sum_y: float, sum_x: float, sum_yy: float, sum_xy: float, sum_xx: float
) -> RatioOfSums:
    """sum_y / sum_x over n units, with its variance from the residuals y - R*x (Cochran 1977).

    Plain sums, not centred ones. sum_x = 0: None, None; fewer than two units: variance None.

    >>> ratio_of_sums(3, 12.0, 6.0, 56.0, 28.0, 14.0)
    RatioOfSums(value=2.0, variance=0.0)
    """
    if n < 1 or sum_x == 0:
        return RatioOfSums(None, None)
    ratio = sum_y / sum_x
    if n < 2:
        return RatioOfSums(float(ratio), None)
    residual = max(0.0, sum_yy - 2 * ratio * sum_xy + ratio**2 * sum_xx)
    return RatioOfSums(float(ratio), float(n / (n - 1) * residual / sum_x**2))


def _square(m2: float) -> float:
    """A centred sum of squares, rounding noise below 0 removed."""
    if math.isnan(m2):
        raise ValueError("the centred sum of squares is not a number")
    return max(0.0, m2)


def _t_quantile(df: float, confidence: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, 1.0 - tail(confidence)))


def _t_p(t: float, df: float) -> float:
    from scipy.special import stdtr

    return min(1.0, 2.0 * float(stdtr(df, -abs(t))))
