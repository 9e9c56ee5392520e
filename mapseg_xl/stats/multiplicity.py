"""Adjusting p-values for the number of comparisons made. No scipy."""

from __future__ import annotations

from collections.abc import Sequence

Probabilities = Sequence[float | None]


def benjamini_hochberg(p: Probabilities, m: int | None = None) -> list[float | None]:
    """q-values q(k) = min over j >= k of p(j)*m/j, at most 1 (Benjamini & Hochberg 1995).

    `m` is the family's size, fixed before any p is seen; left out, the number of p-values. None
    (no test made) stays None. Holds for independent and positively dependent tests. Example T18.

    >>> benjamini_hochberg([0.01, 0.04, None])
    [0.02, 0.04, None]
    """
    return _step_up(p, _family(p, m), 1.0)


def benjamini_yekutieli(p: Probabilities, m: int | None = None) -> list[float | None]:
    """q-values valid under any dependence (2001): Benjamini-Hochberg with m*(1 + 1/2 + ... + 1/m).

    >>> [round(q, 3) for q in benjamini_yekutieli([0.01, 0.04])]
    [0.03, 0.06]
    """
    family = _family(p, m)
    return _step_up(p, family, sum(1.0 / k for k in range(1, family + 1)))


def _step_up(p: Probabilities, m: int, factor: float) -> list[float | None]:
    ranked = sorted((value, place) for place, value in enumerate(p) if value is not None)
    adjusted: list[float | None] = [None] * len(p)
    least = 1.0
    for rank in range(len(ranked), 0, -1):
        value, place = ranked[rank - 1]
        least = min(least, float(value) * (m * factor / rank))  # in this order never under p
        adjusted[place] = least
    return adjusted


def _family(p: Probabilities, m: int | None) -> int:
    """The family's size, after checking that it can hold the p-values given."""
    known = [value for value in p if value is not None]
    for value in known:
        if not 0.0 <= value <= 1.0:  # true for NaN as well
            raise ValueError(f"a p-value must lie between 0 and 1, not {value!r}")
    if m is None:
        return len(known)
    if m < len(known):
        raise ValueError(f"a family of {m} cannot hold {len(known)} p-values")
    return m
