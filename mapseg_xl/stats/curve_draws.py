"""Survival curves of every bootstrap draw at once, from counts by fold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mapseg_xl.stats.kaplan_meier import Floats

Matrix = NDArray[np.floating[Any]]
_LARGEST_FLOAT32_COUNT = 2.0**24
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
    folds, left, gone = _as_narrow_as_exact(np.asarray(weights), left, gone)
    rows = np.searchsorted(month, np.asarray(at, dtype=float), side="right")
    size = max(1, _CHUNK_CELLS // max(1, month.size))
    parts = [
        _curves(folds[start : start + size] @ left, folds[start : start + size] @ gone)[:, rows]
        for start in range(0, folds.shape[0], size)
    ]
    return np.concatenate(parts) if parts else np.empty((0, rows.size))


def _as_narrow_as_exact(weights: Matrix, left: Floats, gone: Floats) -> tuple[Matrix, ...]:
    """All three as float32 where every sum of whole counts fits it exactly (half the time), else as float64."""
    most = float(weights.max(initial=0)) * float(np.abs(gone).sum())
    whole = all((part == np.rint(part)).all() for part in (weights, left, gone))
    kind = np.float32 if whole and most < _LARGEST_FLOAT32_COUNT else np.float64
    return weights.astype(kind), left.astype(kind), gone.astype(kind)


def _curves(events: Matrix, gone: Matrix) -> Floats:
    """Survival before the first time and after each, a row a draw."""
    events, gone = events.astype(float), gone.astype(float)
    at_risk = np.cumsum(gone[:, ::-1], axis=1)[:, ::-1]
    ones = np.ones_like(at_risk)
    factors = np.divide(at_risk - events, at_risk, out=ones, where=at_risk > 0)
    first = np.where(gone.sum(axis=1, keepdims=True) > 0, 1.0, np.nan)
    return np.cumprod(np.concatenate([first, factors], axis=1), axis=1)
