"""Two survival curves compared at one time, and by their mean months."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from mapseg_xl.stats.curve_sums import rmst, rmst_variance
from mapseg_xl.stats.intervals import Interval, normal_p, normal_quantile
from mapseg_xl.stats.kaplan_meier import (
    Curve,
    at_risk_at,
    greenwood_variance,
    hazard_sum_at,
    survival_at,
)
from mapseg_xl.stats.proportions import clopper_pearson, combine_newcombe


class SurvivalDifference(NamedTuple):
    """Difference first less second, its limits and p; None where undefined."""

    difference: float | None
    low: float | None
    high: float | None
    p: float | None


_NOTHING = SurvivalDifference(None, None, None, None)


def survival_difference(
    curve1: Curve, curve2: Curve, t: float, confidence: float = 0.95
) -> SurvivalDifference:
    """Difference of the shares still here after t months; None where one curve ends before.

    Greenwood errors; a side at 1 or 0 takes exact binomial limits on those at risk, the two sides
    joined as Newcombe does. p: z of the complementary log-log, None with a side at 1 or 0.
    """
    share1, share2 = survival_at(curve1, t), survival_at(curve2, t)
    if share1 is None or share2 is None:
        return _NOTHING
    first, second = _limits(curve1, t, share1, confidence), _limits(curve2, t, share2, confidence)
    low, high = combine_newcombe(share1, first, share2, second)
    return SurvivalDifference(share1 - share2, low, high, _loglog_p(curve1, curve2, t))


def rmst_difference(
    curve1: Curve, curve2: Curve, tau: float, confidence: float = 0.95
) -> SurvivalDifference:
    """Difference of the mean months within tau, with its z; None where one curve ends before.

    Nobody left on either side: no spread, so no width and p None.
    """
    area1, area2 = rmst(curve1, tau), rmst(curve2, tau)
    variance1, variance2 = rmst_variance(curve1, tau), rmst_variance(curve2, tau)
    if area1 is None or area2 is None or variance1 is None or variance2 is None:
        return _NOTHING
    difference, error = area1 - area2, math.sqrt(variance1 + variance2)
    half = normal_quantile(confidence) * error
    p = normal_p(difference / error) if error > 0 else None
    return SurvivalDifference(difference, difference - half, difference + half, p)


def _limits(curve: Curve, t: float, share: float, confidence: float) -> Interval:
    """Symmetric Greenwood limits, so that two of them join to the usual interval; exact at the ends."""
    if share >= 1:
        n = at_risk_at(curve, t)
        return clopper_pearson(n, n, confidence)
    if share <= 0:
        return clopper_pearson(0, _at_risk_at_end(curve), confidence)
    half = normal_quantile(confidence) * math.sqrt(greenwood_variance(curve, t) or 0.0)
    return Interval(share - half, share + half)


def _at_risk_at_end(curve: Curve) -> float:
    """Those at risk when the last of them left; later nobody is at risk any more."""
    return float(curve.at_risk[int(np.argmax(curve.survival <= 0))])


def _loglog_p(curve1: Curve, curve2: Curve, t: float) -> float | None:
    points = [_loglog_point(curve, t) for curve in (curve1, curve2)]
    if None in points:
        return None
    (value1, variance1), (value2, variance2) = (point for point in points if point is not None)
    return normal_p((value1 - value2) / math.sqrt(variance1 + variance2))


def _loglog_point(curve: Curve, t: float) -> tuple[float, float] | None:
    """ln(-ln S) and its variance; None where S is 1 or 0."""
    share = survival_at(curve, t)
    if share is None or not 0 < share < 1:
        return None
    fall = math.log(share)
    return math.log(-fall), hazard_sum_at(curve, t) / fall**2
