"""The Kaplan-Meier curve of grouped durations, and what is read off it at one time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mapseg_xl.stats.intervals import UNDEFINED, Interval, normal_quantile, tail

Floats = NDArray[np.float64]

_TIE = 1e-12  # S against a level is a comparison of rounded products


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Share still here by month; a row at each distinct time with an event or a censoring.

    `survival` is the share just after the time, `hazard_sum` Greenwood's running sum of
    d/(n(n-d)), infinite from where the share is 0.
    """

    times: Floats  # months, rising
    at_risk: Floats  # just before each time; whoever is censored at a time is still at risk at it
    events: Floats
    survival: Floats
    hazard_sum: Floats
    last_time: float | None  # longest follow-up; None for a curve without anybody
    n: float  # those who enter; whole unless the counts were weighted


def kaplan_meier(times: ArrayLike, events: ArrayLike, censored: ArrayLike) -> Curve:
    """Curve of Kaplan & Meier (1958) from counts of events and censorings at each time in months.

    Times rise strictly from 0 or later; counts may be weighted. Times with neither are left out.
    Nobody at all: an empty curve, of which everything is None. Worked example T14.

    >>> kaplan_meier([6, 7, 9], [3, 1, 0], [1, 0, 1]).survival.round(4).tolist()
    [0.5, 0.25, 0.25]
    """
    month, left, lost = _checked(times, events, censored)
    seen = (left + lost) > 0
    month, left, lost = month[seen], left[seen], lost[seen]
    at_risk = np.cumsum((left + lost)[::-1])[::-1]
    stay = at_risk - left
    # The reversed sum makes the last row's difference exactly 0 where everybody has left.
    with np.errstate(divide="ignore"):
        hazard = np.where(left > 0, left / (at_risk * stay), 0.0)
    return Curve(
        times=month,
        at_risk=at_risk,
        events=left,
        survival=np.cumprod(stay / at_risk, dtype=np.float64),
        hazard_sum=np.cumsum(hazard),
        last_time=float(month[-1]) if month.size else None,
        n=float(at_risk[0]) if month.size else 0.0,
    )


def survival_on(curve: Curve, times: ArrayLike) -> Floats:
    """Share still here at each of the times; NaN beyond the last follow-up, unless S has reached 0.

    Right-continuous: an event at a time already counts at it. 1 before the first event.
    """
    at = np.asarray(times, dtype=float)
    if curve.last_time is None:
        return np.full(at.shape, math.nan)
    steps = np.concatenate(([1.0], curve.survival))
    value = steps[np.searchsorted(curve.times, at, side="right")]
    return np.where((at > curve.last_time) & (value > 0), math.nan, value)


def survival_at(curve: Curve, t: float) -> float | None:
    """Share still here after t months; None beyond the last follow-up, but 0 once S has reached 0."""
    value = float(survival_on(curve, t))
    return None if math.isnan(value) else value


def at_risk_at(curve: Curve, t: float) -> float:
    """Number still followed just before t months; those censored at t count, beyond it is 0."""
    row = int(np.searchsorted(curve.times, t, side="left"))
    return float(curve.at_risk[row]) if row < curve.times.size else 0.0


def hazard_sum_at(curve: Curve, t: float) -> float:
    """Greenwood's running sum of d/(n(n-d)) up to and with t: the variance of -ln S."""
    row = int(np.searchsorted(curve.times, t, side="right")) - 1
    return float(curve.hazard_sum[row]) if row >= 0 else 0.0


def greenwood_variance(curve: Curve, t: float) -> float | None:
    """Variance of the share still here after t months (Greenwood 1926); None where S is.

    It is 0 where S is 1 or 0: there it says nothing, and exact limits are due.
    """
    share = survival_at(curve, t)
    if share is None:
        return None
    return share**2 * hazard_sum_at(curve, t) if share > 0 else 0.0


def loglog_interval(curve: Curve, t: float, confidence: float = 0.95) -> Interval:
    """Limits S^exp(-+z*sigma/ln S) of the share still here after t months; inside 0..1.

    S = 1: from .025^(1/n), n at risk at t, to 1. S = 0 or unknown: None, None.
    """
    share = survival_at(curve, t)
    if share is None or share <= 0:
        return UNDEFINED
    if share >= 1:
        return Interval(float(tail(confidence) ** (1.0 / at_risk_at(curve, t))), 1.0)
    low, high = _loglog_limits(np.array([share]), np.array([hazard_sum_at(curve, t)]), confidence)
    return Interval(float(low[0]), float(high[0]))


def quantile(curve: Curve, level: float) -> float | None:
    """Least time at which the share still here is down to `level`; None if it stays above it."""
    return _first_time(curve.times, curve.survival <= level + _TIE)


def quantile_interval(curve: Curve, level: float, confidence: float = 0.95) -> Interval:
    """Times at which the log-log limit curves come down to `level` (Brookmeyer & Crowley 1982).

    A limit that is never reached is None: no bound on that side.
    """
    falling = (curve.survival > 0) & (curve.survival < 1)
    low, high = _loglog_limits(curve.survival[falling], curve.hazard_sum[falling], confidence)
    times = curve.times[falling]
    return Interval(
        _earliest(_first_time(times, low <= level + _TIE), quantile(curve, level)),
        _first_time(times, high <= level + _TIE),
    )


def median(curve: Curve) -> float | None:
    """Least time at which half or fewer are still here; None if the curve stays above one half."""
    return quantile(curve, 0.5)


def median_interval(curve: Curve, confidence: float = 0.95) -> Interval:
    """Limits of the median; one that is never reached is None: no bound on that side."""
    return quantile_interval(curve, 0.5, confidence)


def _loglog_limits(share: Floats, hazard: Floats, confidence: float) -> tuple[Floats, Floats]:
    power = np.exp(normal_quantile(confidence) * np.sqrt(hazard) / np.abs(np.log(share)))
    return share**power, share ** (1 / power)


def _first_time(times: Floats, reached: NDArray[np.bool_]) -> float | None:
    return float(times[int(reached.argmax())]) if reached.any() else None


def _earliest(first: float | None, second: float | None) -> float | None:
    """The lower limit is reached at the latest with the curve itself, which may fall from over .5 to 0."""
    known = [time for time in (first, second) if time is not None]
    return min(known, default=None)


def _checked(*columns: Any) -> tuple[Floats, Floats, Floats]:
    times, events, censored = (np.asarray(column, dtype=np.float64) for column in columns)
    if not times.shape == events.shape == censored.shape or times.ndim != 1:
        raise ValueError("times, events and censored must be columns of one length")
    if not all(np.isfinite(column).all() for column in (times, events, censored)):
        raise ValueError("times and counts must be known numbers")
    if (np.diff(times) <= 0).any() or (times < 0).any():
        raise ValueError("times must rise strictly, from 0 or later")
    if (events < 0).any() or (censored < 0).any():
        raise ValueError("counts must be 0 or more")
    return times, events, censored
