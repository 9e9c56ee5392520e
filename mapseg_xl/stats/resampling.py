"""Resampling of folds: how often each is drawn, and what the draws say."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mapseg_xl.stats.intervals import UNDEFINED, tail
from mapseg_xl.stats.intervals import Interval as Interval

DRAWS = 2000
SEED = 20_000


def fold_weights(n_folds: int, draws: int = DRAWS, seed: int = SEED) -> NDArray[np.float32]:
    """How often each fold is drawn: draws x n_folds, each row sums to n_folds. Same seed, same rows.

    Sums over folds of a draw are `weights @ sums_by_fold`: float32 holds counts under 16.7 million.

    >>> fold_weights(4, draws=2, seed=1).sum(axis=1).tolist()
    [4.0, 4.0]
    """
    if n_folds < 1 or draws < 1:
        raise ValueError(f"folds and draws must be at least 1, not {n_folds} and {draws}")
    generator = np.random.Generator(np.random.PCG64(seed))
    return generator.multinomial(n_folds, np.full(n_folds, 1 / n_folds), draws).astype(np.float32)


def percentile_interval(draws: ArrayLike, confidence: float = 0.95) -> Interval:
    """Percentile limits of bootstrap draws (Efron 1979; numpy's linear percentiles).

    A NaN draw, or none at all: None, None, for leaving it out would be silent; count and drop such
    draws before. Infinite draws rank as they are; a limit among them is None.

    >>> percentile_interval([1.0, 2.0, 3.0, 4.0, 5.0], 0.5)
    Interval(low=2.0, high=4.0)
    """
    values = np.sort(np.asarray(draws, dtype=np.float64).ravel())
    if not values.size or np.isnan(values).any():
        return UNDEFINED
    side = tail(confidence)
    return Interval(_percentile(values, side), _percentile(values, 1 - side))


def bootstrap_p(draws: ArrayLike) -> float:
    """Two-sided p of a difference from its draws: min(1, 2(1 + min(#<=0, #>=0))/(B + 1)).

    A NaN draw counts on both sides: it supports neither. No draws: 1.

    >>> bootstrap_p([1.0, 2.0, 3.0])
    0.5
    """
    values = np.asarray(draws, dtype=np.float64).ravel()
    unknown = int(np.isnan(values).sum())
    least = min(int((values <= 0).sum()), int((values >= 0).sum())) + unknown
    return float(min(1.0, 2.0 * (1 + least) / (values.size + 1)))


def _percentile(rising: NDArray[np.float64], share: float) -> float | None:
    """Linear percentile; None where it falls on an infinite draw, of which numpy makes NaN."""
    place = share * (rising.size - 1)
    low, high = float(rising[math.floor(place)]), float(rising[math.ceil(place)])
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    part = place - math.floor(place)  # from the nearer side, as numpy.quantile: no rounding beyond
    return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)
