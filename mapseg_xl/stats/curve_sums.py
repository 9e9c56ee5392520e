"""Areas and discounted sums under a survival curve: mean months, value over months, payback."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from mapseg_xl.stats.kaplan_meier import Curve, Floats, survival_on

_ROUNDING = 1e-12  # ten payments of .1 pay back 1


class Payback(NamedTuple):
    """Number of payments that cover the cost, and the share still here when the last is paid."""

    payments: int
    survival: float


def rmst(curve: Curve, tau: float) -> float | None:
    """Mean months within the first tau: the area under the curve from 0 to tau.

    None if the curve's own follow-up is shorter than tau, unless nobody is left. Example T14.
    """
    if not _followed(curve, tau):
        return None
    return float(_steps(curve, tau)[1].sum())


def rmst_variance(curve: Curve, tau: float) -> float | None:
    """Variance of the mean months within tau; None where that mean is.

    Sum over event times before tau of (area from there to tau)^2 * d/(n(n-d)).
    """
    if not _followed(curve, tau):
        return None
    inside = curve.times < tau
    # areas[0] lies before the first row; what follows each row is the area from there to tau.
    after = np.cumsum(_steps(curve, tau)[1][::-1])[::-1][1:]
    return _spread(after, _hazard(curve)[inside])


def payment_weights(months: int, discount_monthly: float, *, at_end: bool = False) -> Floats:
    """Present value of 1 paid in each of the months: 1/(1+d)^k, k = 0..H-1, at the end 1..H."""
    k = _payment_months(months, at_end=at_end)
    return (1.0 + discount_monthly) ** -k


def payment_survival(curve: Curve, months: int, *, at_end: bool = False) -> Floats:
    """Share still here at each payment; NaN beyond the last follow-up.

    The payment at month 0 is made by all, those who leave in month 0 included.
    """
    k = _payment_months(months, at_end=at_end)
    share = survival_on(curve, k)
    return np.where((k == 0) & ~np.isnan(share), 1.0, share)


def annuity(
    curve: Curve, months: int, discount_monthly: float, at_end: bool = False
) -> float | None:
    """Present value of 1 a month for as long as a customer stays: sum of S(k)/(1+d)^k.

    k = 0..H-1, paid at the beginning; at_end: 1..H. None without months, or where S is not known
    at one of the payments. Worked example T36.
    """
    share = payment_survival(curve, months, at_end=at_end)
    if not share.size or np.isnan(share).any():
        return None
    return float(share @ payment_weights(months, discount_monthly, at_end=at_end))


def annuity_variance(
    curve: Curve, months: int, discount_monthly: float, at_end: bool = False
) -> float | None:
    """Variance of the annuity by the delta method; None where the annuity is.

    Cov(S(j), S(k)) = S(j)S(k) * Greenwood's sum up to the lesser (Breslow & Crowley 1974).
    """
    if annuity(curve, months, discount_monthly, at_end) is None:
        return None
    k = _payment_months(months, at_end=at_end)
    value = payment_survival(curve, months, at_end=at_end)
    value = value * payment_weights(months, discount_monthly, at_end=at_end)
    value[k == 0] = 0.0  # certain: everybody makes the payment at month 0
    later = np.concatenate((np.cumsum(value[::-1])[::-1], [0.0]))
    return _spread(later[np.searchsorted(k, curve.times, side="left")], _hazard(curve))


def payback_payments(
    curve: Curve, margin_monthly: float, discount_monthly: float, cac: float, max_payments: int
) -> Payback | None:
    """Least number of payments at the beginning of months whose sum of m*S(k)/(1+d)^k covers cac.

    None if the margin is not positive or the sum stays short within max_payments or the follow-up;
    nothing to cover: 0 payments. Worked example T36: the ninth.
    """
    if cac <= 0:
        return Payback(0, 1.0)
    share = payment_survival(curve, max_payments)
    share = share[~np.isnan(share)]
    if margin_monthly <= 0 or not share.size:
        return None
    paid = margin_monthly * np.cumsum(share * payment_weights(share.size, discount_monthly))
    covered = paid >= cac * (1.0 - _ROUNDING)
    if not covered.any():
        return None
    last = int(covered.argmax())
    return Payback(last + 1, float(share[last]))


def _payment_months(months: int, *, at_end: bool) -> Floats:
    first = 1 if at_end else 0
    return np.arange(first, first + max(0, months), dtype=np.float64)


def _followed(curve: Curve, tau: float) -> bool:
    return tau >= 0 and not math.isnan(float(survival_on(curve, tau)))


def _steps(curve: Curve, tau: float) -> tuple[Floats, Floats]:
    """Starts of the curve's steps before tau, the first at 0, and the area of each."""
    inside = curve.times < tau
    starts = np.concatenate(([0.0], curve.times[inside]))
    heights = np.concatenate(([1.0], curve.survival[inside]))
    return starts, heights * np.diff(np.append(starts, tau))


def _hazard(curve: Curve) -> Floats:
    """d/(n(n-d)) of each row, 0 where all left: what such a row weighs has S = 0 and vanishes."""
    stay = curve.at_risk - curve.events
    return np.divide(curve.events, curve.at_risk * stay, out=np.zeros_like(stay), where=stay > 0)


def _spread(weight: Floats, hazard: Floats) -> float:
    return float((weight**2 * hazard).sum())
