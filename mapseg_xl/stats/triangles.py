"""The average row of a cohort triangle, from counts of closed cells. Knows no dates and no customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Cells: TypeAlias = Sequence[Sequence[float | None]] | Floats  # a row a cohort; None or NaN: open


class TriangleChain(NamedTuple):
    """One entry an age: the average share, and the two sums whose quotient it comes from."""

    survival: list[float | None]
    retained: list[float]
    at_risk: list[float]


def triangle_chain(new: ArrayLike, retained: Cells) -> TriangleChain:
    """Share still here by age from cohorts: `new` customers, and those `retained` at ages 0, 1, ...

    Each age is the sum retained over the sum one age before (`at_risk`), over cohorts that have both; None
    is an open cell, in no sum. No cohort with both: None from there on. Worked examples T20, T21.

    >>> triangle_chain([100, 100], [[80, 60], [90]]).survival
    [0.85, 0.6375]
    """
    starters, now = _table(new, retained)
    before = np.column_stack([starters, now[:, :-1]]) if now.shape[1] else now
    kept, at_risk = _sums(now, before)
    survival: list[float | None] = []
    share: float | None = 1.0
    for above, below in zip(kept, at_risk, strict=True):
        share = _next_share(share, above, below)
        survival.append(share)
    return TriangleChain(survival, kept, at_risk)


def pooled_shares(new: ArrayLike, active: Cells) -> TriangleChain:
    """Share active by age where people come and go: sum active over the same cohorts' starters (`at_risk`).

    For orders: who is away in one month may be back in the next, so nothing chains. An open cell is None and
    in no sum; an age without a closed cell is None. Worked example T21.

    >>> [round(share, 2) for share in pooled_shares([10, 10], [[4, 5], [6]]).survival]
    [0.5, 0.5]
    """
    starters, now = _table(new, active)
    seen, at_risk = _sums(now, np.repeat(starters[:, None], now.shape[1], axis=1))
    survival = [
        above / below if below > 0 else None for above, below in zip(seen, at_risk, strict=True)
    ]
    return TriangleChain(survival, seen, at_risk)


def _table(new: ArrayLike, rows: Cells) -> tuple[Floats, Floats]:
    """Starters, and a full table of cells: NaN where a row ends or a cell is open."""
    starters = np.asarray(new, dtype=np.float64)
    if len(starters) != len(rows):
        raise ValueError(f"{len(starters)} cohorts of new customers, but {len(rows)} rows retained")
    table = np.full((len(rows), max((len(row) for row in rows), default=0)), np.nan)
    for at, row in enumerate(rows):
        table[at, : len(row)] = np.asarray(row, dtype=np.float64)
    return starters, table


def _sums(now: Floats, before: Floats) -> tuple[list[float], list[float]]:
    """Column sums over the cells that have both."""
    both = ~np.isnan(now) & ~np.isnan(before)
    above, below = (np.where(both, side, 0.0).sum(axis=0) for side in (now, before))
    return above.tolist(), below.tolist()


def _next_share(share: float | None, kept: float, before: float) -> float | None:
    """Nobody left stays 0; nobody observed is unknown."""
    if share is None or share == 0:
        return share
    return share * kept / before if before > 0 else None
