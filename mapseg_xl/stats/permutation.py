"""Would equal groups differ this much? The spread of a difference if the groups had been dealt at random.

For skewed amounts: a group that happens to hold none of the few large ones has a low mean and a small spread of
its own, and looks surely lower. Dealt at random, the spread is that of all amounts together.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from mapseg_xl.stats.intervals import normal_p

_SYMMETRIC = 1e-6


class Pooled(NamedTuple):
    """Moments of the amounts of both groups together, and of a difference of means dealt at random."""

    skewness: float  # of the amounts
    variance: float  # of the difference
    lean: float  # skewness of the difference


def pooled(n1: int, n2: int, m2: float, m3: float) -> Pooled | None:
    """Moments of the difference of two means, drawn without replacement; None where all amounts are alike.

    n1, n2: sizes; m2, m3: centred sums of squares and cubes of all amounts together (Fisher 1935; moments of
    sampling without replacement as in Mielke & Berry 2007).
    """
    n = n1 + n2
    if n1 < 1 or n2 < 1 or n < 3 or m2 <= 0:
        return None
    spread, cubes = m2 / n, m3 / n
    mean_variance = spread / n1 * n2 / (n - 1)
    mean_cubes = cubes * n2 * (n2 - n1) / (n1**2 * (n - 1) * (n - 2))
    to_difference = n / n2  # mean1 - mean2 is the deviation of mean1 from all, stretched
    return Pooled(
        cubes / spread**1.5,
        mean_variance * to_difference**2,
        mean_cubes / mean_variance**1.5,
    )


def as_far_out(z: float, lean: float) -> float:
    """Chance of a deviation of at least |z| standard errors either way, of a distribution that leans.

    Pearson's type III curve with that skewness; the normal one without any.

    >>> round(as_far_out(1.959964, 0.0), 6)
    0.05
    >>> as_far_out(3.0, 1.0) > as_far_out(3.0, 0.0)
    True
    """
    lean = abs(lean)
    if lean < _SYMMETRIC:
        return normal_p(z)
    from scipy.special import gammainc, gammaincc  # slow to load

    shape = 4 / lean**2
    far = abs(z) * math.sqrt(shape)
    return float(gammaincc(shape, shape + far) + gammainc(shape, max(shape - far, 0.0)))
