"""Survival curves of every bootstrap draw at once, from counts by fold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mapseg_xl.stats.kaplan_meier import Floats

Matrix = NDArray[np.floating[Any]]
_LARGEST_FLOAT32_COUNT = 2.0**24
_CHUNK_CELLS = 32_000  # draws x times worked on at once: arrays of 256 KB stay near the processor


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
    at_risk = np.cumsum(gone[:, ::-1], axis=1)[:, ::-1]
    table = np.concatenate([left, at_risk], axis=1).T
    parts = [
        _curves(table @ folds[start : start + size].T, rows)
        for start in range(0, folds.shape[0], size)
    ]
    return np.concatenate(parts) if parts else np.empty((0, rows.size))


def _as_narrow_as_exact(weights: Matrix, left: Floats, gone: Floats) -> tuple[Matrix, ...]:
    """All three as float32 where every sum of whole counts fits it exactly (half the time), else as float64."""
    most = float(weights.max(initial=0)) * float(np.abs(gone).sum())
    whole = all((part == np.rint(part)).all() for part in (weights, left, gone))
    kind = np.float32 if whole and most < _LARGEST_FLOAT32_COUNT else np.float64
    return tuple(part.astype(kind, copy=False) for part in (weights, left, gone))


def _curves(counts: Matrix, rows: NDArray[np.intp]) -> Floats:
    """Survival, a row a draw: `rows` 0 before the first time, 1 after it and so on.

    counts: of those who leave at each time, and below of those at risk; a column a draw, for running
    products are quick from row to row.
    """
    n_times = len(counts) // 2
    events, at_risk = counts.astype(float).reshape(2, n_times, -1)
    share = np.ones((n_times + 1, counts.shape[1]))
    np.divide(at_risk - events, at_risk, out=share[1:], where=at_risk > 0)
    share[0] = np.where(at_risk[:1].any(axis=0), 1.0, np.nan)
    still: Floats = np.cumprod(share, axis=0, out=share)[rows].T
    return still
