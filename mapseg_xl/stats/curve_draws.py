"""Survival curves of every bootstrap draw at once, from counts by fold."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mapseg_xl.stats.kaplan_meier import Floats

_CHUNK_CELLS = 4_000_000  # draws x times worked on at once: about 32 MB an array


def survival_draws(
    times: ArrayLike, events: ArrayLike, censored: ArrayLike, weights: ArrayLike, at: ArrayLike
) -> Floats:
    """Share still here at the months `at` in every draw: draws x months.

    events, censored: folds x times, times rising; weights: draws x folds. A draw whose follow-up ends
    early keeps its last value: the months are chosen on the whole base. An empty draw is NaN.
    """
    month, left = np.asarray(times, dtype=float), np.asarray(events, dtype=float)
    gone = left + np.asarray(censored, dtype=float)
    folds = np.asarray(weights, dtype=float)
    rows = np.searchsorted(month, np.asarray(at, dtype=float), side="right")
    size = max(1, _CHUNK_CELLS // max(1, month.size))
    parts = [
        _curves(folds[start : start + size] @ left, folds[start : start + size] @ gone)[:, rows]
        for start in range(0, folds.shape[0], size)
    ]
    return np.concatenate(parts) if parts else np.empty((0, rows.size))


def _curves(events: Floats, gone: Floats) -> Floats:
    """Survival before the first time and after each, a row a draw."""
    at_risk = np.cumsum(gone[:, ::-1], axis=1)[:, ::-1]
    ones = np.ones_like(at_risk)
    factors = np.divide(at_risk - events, at_risk, out=ones, where=at_risk > 0)
    first = np.where(gone.sum(axis=1, keepdims=True) > 0, 1.0, np.nan)
    return np.cumprod(np.concatenate([first, factors], axis=1), axis=1)
