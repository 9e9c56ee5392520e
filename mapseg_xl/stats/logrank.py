"""The log-rank test of two whole survival curves."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from mapseg_xl.stats.intervals import chi_square_p_value
from mapseg_xl.stats.kaplan_meier import Curve, Floats, kaplan_meier

Durations: TypeAlias = tuple[ArrayLike, ArrayLike, ArrayLike]  # times, events, censored


class LogRank(NamedTuple):
    """Chi-square on 1 df and its p; None where no event could tell the groups apart."""

    chi2: float | None
    p: float | None


def logrank(first: Durations, second: Durations) -> LogRank:
    """Log-rank test (Mantel 1966) of two groups, each (times, events, censored) on a grid of its own.

    Observed less expected events over the hypergeometric variance, 1 df. Worked example T14.
    """
    curves = kaplan_meier(*first), kaplan_meier(*second)
    grid = np.unique(np.concatenate([curve.times[curve.events > 0] for curve in curves]))
    d1, d2 = (_events_on(curve, grid) for curve in curves)
    n1, n2 = (_at_risk_on(curve, grid) for curve in curves)
    d, n = d1 + d2, n1 + n2
    # One person at risk: the event had to be theirs, no variance.
    scale = np.divide(d * (n - d), n - 1, out=np.zeros_like(n), where=n > 1)
    variance = float((n1 * n2 / n**2 * scale).sum())
    if variance <= 0:
        return LogRank(None, None)
    chi2 = float((d1 - n1 * d / n).sum() ** 2 / variance)
    return LogRank(chi2, chi_square_p_value(chi2, 1))


def _events_on(curve: Curve, grid: Floats) -> Floats:
    on_grid = np.zeros(grid.size)
    falls = curve.events > 0
    on_grid[np.searchsorted(grid, curve.times[falls])] = curve.events[falls]
    return on_grid


def _at_risk_on(curve: Curve, grid: Floats) -> Floats:
    padded = np.append(curve.at_risk, 0.0)
    return padded[np.searchsorted(curve.times, grid, side="left")]
