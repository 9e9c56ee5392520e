"""The log-rank test of whole survival curves: two groups, several, within strata."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from mapseg_xl.stats.intervals import chi_square_p_value
from mapseg_xl.stats.kaplan_meier import Curve, Floats, kaplan_meier

Durations: TypeAlias = tuple[ArrayLike, ArrayLike, ArrayLike]  # times, events, censored


class LogRank(NamedTuple):
    """chi2 and p are None where no event could tell the groups apart; then df is 0."""

    chi2: float | None
    p: float | None
    df: int


def logrank(first: Durations, second: Durations) -> LogRank:
    """Log-rank test (Mantel 1966) of two groups, each (times, events, censored) on a grid of its own.

    Observed less expected events over the hypergeometric variance, 1 df. Worked example T14.
    """
    return logrank_stratified([(first, second)])


def logrank_k(groups: Sequence[Durations]) -> LogRank:
    """Log-rank test of k groups by the covariance matrix, on k - 1 df at most.

    A group that is never at risk together with others when an event falls brings no df.
    """
    return logrank_stratified([groups])


def logrank_stratified(strata: Sequence[Sequence[Durations]]) -> LogRank:
    """Log-rank test within strata: each stratum lists the same k groups, differences are summed.

    A group missing from a stratum is given as three empty columns.
    """
    sizes = {len(groups) for groups in strata}
    if len(sizes) > 1:
        raise ValueError("every stratum must list the same groups, empty ones included")
    if sizes <= {0}:
        return LogRank(None, None, 0)
    parts = [_observed_less_expected(groups) for groups in strata]
    return _quadratic_form(sum(u for u, _ in parts), sum(v for _, v in parts))


def _observed_less_expected(groups: Sequence[Durations]) -> tuple[Floats, Floats]:
    """Vector of O - E over the groups and its covariance matrix, within one stratum."""
    curves = [kaplan_meier(*group) for group in groups]
    grid = np.unique(np.concatenate([curve.times[curve.events > 0] for curve in curves]))
    events = np.array([_events_on(curve, grid) for curve in curves])
    at_risk = np.array([_at_risk_on(curve, grid) for curve in curves])
    d, n = events.sum(axis=0), at_risk.sum(axis=0)
    share = at_risk / n
    # One person at risk: the event had to be theirs, no variance.
    scale = np.divide(d * (n - d), n - 1, out=np.zeros_like(n), where=n > 1)
    covariance = np.diag((share * scale).sum(axis=1)) - (share * scale) @ share.T
    return (events - share * d).sum(axis=1), covariance


def _quadratic_form(u: Floats | int, v: Floats | int) -> LogRank:
    difference, covariance = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
    df = int(np.linalg.matrix_rank(covariance, hermitian=True)) if covariance.size else 0
    if df == 0:
        return LogRank(None, None, 0)
    chi2 = float(difference @ np.linalg.pinv(covariance, hermitian=True) @ difference)
    return LogRank(chi2, chi_square_p_value(chi2, df), df)


def _events_on(curve: Curve, grid: Floats) -> Floats:
    on_grid = np.zeros(grid.size)
    falls = curve.events > 0
    on_grid[np.searchsorted(grid, curve.times[falls])] = curve.events[falls]
    return on_grid


def _at_risk_on(curve: Curve, grid: Floats) -> Floats:
    padded = np.append(curve.at_risk, 0.0)
    return padded[np.searchsorted(curve.times, grid, side="left")]
