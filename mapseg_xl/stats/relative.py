"""One share over another: the plausible range of their ratio. No scipy."""

from __future__ import annotations

import math

from mapseg_xl.stats.intervals import UNDEFINED, Interval, normal_quantile


def share_ratio(x1: float, n1: float, x2: float, n2: float, confidence: float = 0.95) -> Interval:
    """Interval of (x1/n1) / (x2/n2) by its logarithm (Katz, Baptista, Azen & Pike 1978).

    Standard error sqrt(1/x1 - 1/n1 + 1/x2 - 1/n2). None, None where a side has no success or nobody.

    >>> low, high = share_ratio(20, 100, 10, 100)
    >>> round(low, 3), round(high, 3)
    (0.987, 4.054)
    """
    if not (0 <= x1 <= n1 and 0 <= x2 <= n2):
        raise ValueError(f"successes must lie between 0 and n: {x1!r} of {n1!r}, {x2!r} of {n2!r}")
    if not x1 or not x2:
        return UNDEFINED
    error = math.sqrt(max(0.0, 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2))
    ratio, spread = (x1 / n1) / (x2 / n2), math.exp(normal_quantile(confidence) * error)
    return Interval(ratio / spread, ratio * spread)
