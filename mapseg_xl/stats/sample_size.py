"""How many units a comparison that cannot be told would need."""

from __future__ import annotations

import math
from statistics import NormalDist


def units_needed(
    n: float,
    v: float,
    v_rest: float,
    difference: float,
    margin: float,
    m: int,
    alpha: float = 0.05,
) -> int | None:
    """Units the segment needs for a verdict, to two significant digits: n*v/((h/z)^2 - v_rest).

    v, v_rest: squared standard errors now; h = max(|d|, margin - |d|); z allows for m comparisons
    (m = 0 counts as 1). None: this segment alone cannot settle it, however many units.

    >>> units_needed(100, 0.002, 0.0001, 0.05, 0.03, 1)
    360
    """
    z = -NormalDist().inv_cdf(alpha / (2 * max(1, m)))
    h = max(abs(difference), margin - abs(difference))
    room = (h / z) ** 2 - v_rest
    if not (room > 0 and math.isfinite(n * v / room)):
        return None
    return int(float(f"{n * v / room:.1e}"))
