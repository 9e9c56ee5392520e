"""Survival from a team's cohort triangle, chained age by age over the same cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

Cell: TypeAlias = float | None


class TriangleChain(NamedTuple):
    """One entry an age: share still here, and the two sums whose quotient chains it."""

    survival: list[float | None]
    retained: list[float]
    at_risk: list[float]  # the previous age (new customers at age 0) of the same cohorts


def triangle_chain(new: Sequence[Cell], retained: Sequence[Sequence[Cell]]) -> TriangleChain:
    """Share still here by age from cohorts: `new` customers, and those `retained` at ages 0, 1, ...

    Each age is the sum retained over the sum one age before, over cohorts that have both; None is
    an open cell, in no sum. No cohort with both: None from there on. Worked examples T20, T21.

    >>> triangle_chain([100, 100], [[80, 60], [90]]).survival
    [0.85, 0.6375]
    """
    if len(new) != len(retained):
        raise ValueError(f"{len(new)} cohorts of new customers, but {len(retained)} rows retained")
    ages = max((len(row) for row in retained), default=0)
    pairs = [_pair_sums(new, retained, age) for age in range(ages)]
    survival: list[float | None] = []
    share: float | None = 1.0
    for kept, before in pairs:
        share = _next_share(share, kept, before)
        survival.append(share)
    return TriangleChain(survival, [kept for kept, _ in pairs], [before for _, before in pairs])


def _pair_sums(
    new: Sequence[Cell], retained: Sequence[Sequence[Cell]], age: int
) -> tuple[float, float]:
    kept = before = 0.0
    for start, row in zip(new, retained, strict=True):
        now = row[age] if age < len(row) else None
        earlier = start if age == 0 else row[age - 1] if age <= len(row) else None
        if now is not None and earlier is not None:
            kept += now
            before += earlier
    return kept, before


def _next_share(share: float | None, kept: float, before: float) -> float | None:
    """Nobody left stays 0; nobody observed is unknown."""
    if share is None or share == 0:
        return share
    return share * kept / before if before > 0 else None
