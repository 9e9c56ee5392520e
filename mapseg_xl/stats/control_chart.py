"""A share by month against the limits that chance leaves around its usual level: the p-chart."""

from __future__ import annotations

import math

SIGMAS = 3.0
LEAST = 10  # units of a month, below which its limits say nothing


def limits(level: float, n: int) -> tuple[float, float] | None:
    """Between which the share of n units lies in 997 of 1,000 months; None for few. p +- 3 sqrt(p(1 - p)/n).

    >>> low, high = limits(0.5, 100)
    >>> round(low, 2), round(high, 2)
    (0.35, 0.65)
    """
    if n < LEAST:
        return None
    width = SIGMAS * math.sqrt(level * (1 - level) / n)
    return max(0.0, level - width), min(1.0, level + width)
