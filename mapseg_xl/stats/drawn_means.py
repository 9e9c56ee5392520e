"""How far above all units the mean of some lies, were they drawn at random: one score, also for skewed outcomes."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_SYMMETRIC = 1e-6


def drawn_scores(n: ArrayLike, means: ArrayLike, outcome: Floats) -> Floats:
    """Normal scores of the means of `n` units drawn from `outcome` without replacement; 0 where all are alike.

    n, means: aligned, n from 1 to the number of units; a draw of nobody or everybody scores 0. The moments are those of
    dealing the outcomes at random (Mielke & Berry 2007), the curve is Pearson's type III, straightened by the cube
    root of Wilson & Hilferty (1931): rare outcomes lean, and few units then lie high by chance more often than a
    normal curve has it.

    >>> drawn_scores([50], [0.3], np.repeat([0.0, 1.0], [900, 100])).round(2).tolist()
    [3.95]
    """
    size, total = np.asarray(n, np.float64), len(outcome)
    away = outcome - outcome.mean() if total else outcome
    spread = float((away**2).mean()) if total else 0.0
    if total < 3 or spread <= 0:
        return np.zeros(size.shape)
    inside = (size > 0) & (size < total)  # nobody, or everybody, is no draw
    drawn = np.where(inside, size, 1.0)
    left = total - drawn
    z = (np.asarray(means) - outcome.mean()) / np.sqrt(spread / drawn * left / (total - 1))
    lean = (left - drawn) / (total - 2) * np.sqrt((total - 1) / (drawn * left))
    skewness = float((away**3).mean()) / spread**1.5
    return np.where(inside, _straightened(z, lean * skewness), 0.0)


def _straightened(z: Floats, lean: Floats) -> Floats:
    """The normal score with the same chance to lie above as a type III score of that skewness."""
    sign = np.where(lean < 0, -1.0, 1.0)
    shape = 4 / np.maximum(np.abs(lean), _SYMMETRIC) ** 2
    over = np.maximum(1 + sign * z / np.sqrt(shape), 0.0)
    score = sign * 3 * np.sqrt(shape) * (np.cbrt(over) - 1 + 1 / (9 * shape))
    return np.where(np.abs(lean) < _SYMMETRIC, z, score)


def score_beyond_chance(chance: float, tried: float) -> float:
    """The normal score that the best of so many tries passes with this chance at most (Bonferroni).

    >>> round(score_beyond_chance(0.05, 1), 3), round(score_beyond_chance(0.05, 1000), 3)
    (1.645, 3.891)
    """
    return -NormalDist().inv_cdf(chance / max(tried, 1.0))
