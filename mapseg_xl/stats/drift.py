"""How far a mix has moved from what it was: the population stability index, and what chance alone gives."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mapseg_xl.stats.proportions import chi_square_p

SOME, STRONG = 0.10, 0.25
"""Marks of a shift. Conventions of credit scoring (Lewis 1994; Siddiqi 2006), not limits of a test."""
NOTHING = 0.0001  # stands for a share of 0
_SMALL_CELL = 5.0  # expected customers below which categories are tested together


def psi(then: Sequence[float], now: Sequence[float]) -> float | None:
    """Population stability index of counts in the same categories; None where either side is empty.

    A share of 0 counts as .0001, without making the others smaller.

    >>> round(psi([50, 50], [60, 40]), 4)
    0.0405
    """
    n, m = sum(then), sum(now)
    if not n or not m or len(then) != len(now):
        return None
    pairs = ((b / m or NOTHING, a / n or NOTHING) for a, b in zip(then, now, strict=True))
    return math.fsum((a - e) * math.log(a / e) for a, e in pairs)


def psi_by_chance(then: Sequence[float], now: Sequence[float]) -> float | None:
    """The index that two samples of one and the same mix have on average: (k - 1)(1/n + 1/m).

    Yurdakul (2018): the index over (1/n + 1/m) is about chi-square on k - 1 degrees of freedom.

    >>> psi_by_chance([50, 50], [20, 30])
    0.03
    """
    n, m = sum(then), sum(now)
    if not n or not m:
        return None
    k = sum(1 for a, b in zip(then, now, strict=True) if a or b)
    return (k - 1) * (1 / n + 1 / m)


def same_mix_p(then: Sequence[float], now: Sequence[float]) -> float | None:
    """P of one and the same mix, as if nobody were in both: Pearson's chi-square, rare categories taken together.

    None where fewer than two categories are left.
    """
    n, m = sum(then), sum(now)
    if not n or not m:
        return None
    least = min(n, m) / (n + m)
    kept: list[tuple[float, float]] = []
    rare: tuple[float, float] = (0.0, 0.0)
    for a, b in zip(then, now, strict=True):
        if (a + b) * least >= _SMALL_CELL:
            kept.append((a, b))
        else:
            rare = (rare[0] + a, rare[1] + b)
    few = rare[0] + rare[1]
    if few * least >= _SMALL_CELL or (len(kept) == 1 and few):
        kept.append(rare)
    if len(kept) < 2:
        return None
    return chi_square_p([[a for a, _ in kept], [b for _, b in kept]])
