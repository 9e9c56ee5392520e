"""Cautious estimates: small segments drawn toward the others. Never shown as the observed value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

NO_MORE_THAN_CHANCE = "segments do not differ more than chance"
FEWEST_SEGMENTS = 3
_LARGEST_PRIOR = 1e7  # a + b beyond this: the fit runs off to "no difference between segments"
_SMALLEST_PRIOR = 1e-2
_LARGEST_LOGIT = 25.0
_MOST_STEPS = 30
_LAST_STEP = 1e-6  # each step squares the error: what would follow is about 1e-12

Floats = NDArray[np.float64]


class Shrunk(NamedTuple):
    """Shrunken shares in the order given; note is empty unless all are pooled."""

    values: list[float | None]
    note: str


def beta_binomial_fit(successes: ArrayLike, n: ArrayLike) -> tuple[float, float] | None:
    """Prior (a, b) of the shares of mutually exclusive segments, by maximum likelihood.

    Maximises sum ln B(x+a, n-x+b) - ln B(a, b), started at the moments. None with fewer than two
    non-empty segments, or where the fit runs off to no difference between them.
    """
    x, size = _counts(successes, n)
    x, size = x[size > 0], size[size > 0]
    order = np.lexsort((x, size))  # the search ends alike whichever segment comes first
    x, size = x[order], size[order]
    if x.size < 2 or not 0 < x.sum() < size.sum():
        return None
    mean, total = _moments(x, size)
    start = (math.log(mean / (1 - mean)), math.log(total))
    level, weight = _most_likely(x, size, start)
    if weight > math.log(_LARGEST_PRIOR) - 1e-3:
        return None
    share, prior = 1 / (1 + math.exp(-level)), math.exp(weight)
    return share * prior, (1 - share) * prior


def shrink_shares(successes: ArrayLike, n: ArrayLike) -> Shrunk:
    """Shrunken shares (x+a)/(n+a+b) of mutually exclusive segments; an empty segment is None.

    Fewer than 3 segments, or sum n(p_i-p)^2/(p(1-p)) <= k-1: all get the common rate, and the note
    says so. Worked example T19.
    """
    x, size = _counts(successes, n)
    prior = beta_binomial_fit(x, size) if _differ(x[size > 0], size[size > 0]) else None
    if prior is None:
        return _pooled(x, size)
    return Shrunk([shrunken_share(*pair, *prior) for pair in zip(x, size, strict=True)], "")


def shrunken_share(x: float, n: float, a: float, b: float) -> float | None:
    """Share after x of n under the prior (a, b): (x+a)/(n+a+b); n = 0 gives None.

    >>> round(shrunken_share(4, 10, 78.7, 224.9), 4)
    0.2637
    """
    return float((x + a) / (n + a + b)) if n else None


def shrink_toward(x: float, n: float, p0: float, weight: float = 50.0) -> float:
    """Share drawn toward p0 as if p0 had been seen on `weight` more units: (x + w*p0)/(n + w).

    For overlapping segments, p0 the rest's rate. n = 0 gives p0.

    >>> shrink_toward(5, 50, 0.2)
    0.15
    """
    return float((x + weight * p0) / (n + weight))


def shrink_means(
    means: Sequence[float | None], variances: Sequence[float | None]
) -> list[float | None]:
    """Means drawn toward their weighted mean, each by its variance over its variance plus tau^2.

    tau^2 by Paule & Mandel (1982). A missing mean or variance stays None and out. Fewer than 3
    segments or tau^2 = 0: all get the common mean. A variance of 0 is not drawn at all.
    """
    known = [
        place
        for place, (mean, variance) in enumerate(zip(means, variances, strict=True))
        if mean is not None and variance is not None
    ]
    y = np.array([means[place] for place in known], dtype=float)
    v = np.array([variances[place] for place in known], dtype=float)
    if not (np.isfinite(y).all() and np.isfinite(v).all() and (v >= 0).all()):
        raise ValueError("means and variances must be finite, variances 0 or more")
    cautious: list[float | None] = [None] * len(means)
    for place, value in zip(known, _shrunken_means(y, v), strict=True):
        cautious[place] = float(value)
    return cautious


def paule_mandel(means: Floats, variances: Floats) -> float:
    """Variance tau^2 between segments: where sum w(y-mean)^2 = k-1 with w = 1/(v + tau^2); else 0.

    >>> round(paule_mandel(np.array([1.0, 2.0, 6.0]), np.array([1.0, 1.0, 1.0])), 6)
    6.0
    """
    excess = means.size - 1
    # Above the plain spread of the means the weighted sum is under k - 1, whatever the variances.
    low, high = 0.0, float(((means - means.mean()) ** 2).sum()) / max(1, excess)
    tiny = high * 1e-12
    if high == 0 or _weighted_spread(means, variances + tiny) <= excess:
        return 0.0
    for _ in range(200):
        middle = (low + high) / 2
        if _weighted_spread(means, variances + middle) > excess:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _shrunken_means(y: Floats, v: Floats) -> Floats:
    tau2 = paule_mandel(y, v) if y.size >= FEWEST_SEGMENTS else 0.0
    if tau2 == 0:
        weights = 1 / v if (v > 0).all() else np.ones(y.size)
        return np.full(y.size, np.average(y, weights=weights)) if y.size else y
    centre = np.average(y, weights=1 / (v + tau2))
    shrunken: Floats = centre + (y - centre) * tau2 / (tau2 + v)
    return shrunken


def _weighted_spread(means: Floats, variances: Floats) -> float:
    weights = 1 / variances
    centre = np.average(means, weights=weights)
    return float((weights * (means - centre) ** 2).sum())


def _differ(x: Floats, n: Floats) -> bool:
    """Whether at least 3 segments spread wider than k - 1, what chance alone would give."""
    if x.size < FEWEST_SEGMENTS or not 0 < x.sum() < n.sum():
        return False
    p = x.sum() / n.sum()
    return bool((n * (x / n - p) ** 2).sum() / (p * (1 - p)) > x.size - 1)


def _pooled(x: Floats, n: Floats) -> Shrunk:
    common = float(x.sum() / n.sum()) if n.sum() else None
    return Shrunk([common if size else None for size in n], NO_MORE_THAN_CHANCE)


def _moments(x: Floats, n: Floats) -> tuple[float, float]:
    """Mean and a + b that match the first two moments of the shares; a start, kept within bounds."""
    p = x.sum() / n.sum()
    spread = (n * (x / n - p) ** 2).sum() / (p * (1 - p)) - (x.size - 1)
    correlation = spread / (n.sum() - (n**2).sum() / n.sum() - (x.size - 1) + 1e-9)
    correlation = min(max(float(correlation), 1e-5), 0.9)
    return float(p), 1 / correlation - 1


def _most_likely(x: Floats, n: Floats, start: tuple[float, float]) -> tuple[float, float]:
    """Logit of a/(a+b) and ln(a+b) at the maximum: in these the two hardly depend on each other.

    By Newton's method; where that does not arrive, by a search within bounds.
    """
    return _by_newton(x, n, start) or _within_bounds(x, n, start)


def _by_newton(x: Floats, n: Floats, start: tuple[float, float]) -> tuple[float, float] | None:
    """The maximum to rounding, or None: no way down, outside the limits, or too many steps."""
    point = np.array(start)
    value, slope = _minus_log_likelihood(point, x, n)
    for _ in range(_MOST_STEPS):
        step = _step(_curvature(point, x, n), slope)
        for _ in range(_MOST_STEPS):
            ahead = point - step
            if abs(ahead[0]) > _LARGEST_LOGIT or not _inside(ahead[1]):
                return None
            there, slope = _minus_log_likelihood(ahead, x, n)
            if there <= value + 1e-11 * abs(value):
                break
            step = step / 2
        else:
            return None
        point, value = ahead, there
        if np.abs(step).max() < _LAST_STEP:
            return float(point[0]), float(point[1])
    return None


def _step(curve: Floats, slope: Floats) -> Floats:
    """Newton's step, or one down the slope where the likelihood is not yet curved like a hill; never a long one."""
    (uu, uw), (_, ww) = curve
    if uu > 0 and uu * ww - uw**2 > 0:
        step = np.linalg.solve(curve, slope)
    else:
        step = np.array([slope[0] / max(abs(uu), 1e-9), math.copysign(1.0, slope[1])])
    return np.clip(step, -1.0, 1.0)


def _inside(weight: float) -> bool:
    return bool(math.log(_SMALLEST_PRIOR) < weight < math.log(_LARGEST_PRIOR) - 1)


def _curvature(point: Floats, x: Floats, n: Floats) -> Floats:
    """Second derivatives of the minus log likelihood by the logit and ln(a+b): the chain rule on those by a and b."""
    from scipy.special import psi, zeta

    share, total = 1 / (1 + math.exp(-point[0])), math.exp(point[1])
    a, b, both = share * total, (1 - share) * total, share * (1 - share) * total
    common = float((zeta(2, total) - zeta(2, n + total)).sum())
    by_aa = float((zeta(2, x + a) - zeta(2, a)).sum()) + common
    by_bb = float((zeta(2, n - x + b) - zeta(2, b)).sum()) + common
    level = psi(total) - psi(n + total)
    by_a = float((psi(x + a) - psi(a) + level).sum())
    by_b = float((psi(n - x + b) - psi(b) + level).sum())
    uu = both**2 * (by_aa - 2 * common + by_bb) + (by_a - by_b) * both * (1 - 2 * share)
    uw = both * (a * (by_aa - common) - b * (by_bb - common)) + (by_a - by_b) * both
    ww = a**2 * by_aa + 2 * a * b * common + b**2 * by_bb + by_a * a + by_b * b
    return -np.array([[uu, uw], [uw, ww]])


def _within_bounds(x: Floats, n: Floats, start: tuple[float, float]) -> tuple[float, float]:
    from scipy.optimize import minimize  # here, not above: slow to load

    limits = [
        (-_LARGEST_LOGIT, _LARGEST_LOGIT),
        (math.log(_SMALLEST_PRIOR), math.log(_LARGEST_PRIOR)),
    ]
    scale = float(n.sum())  # a likelihood per unit, so that the tolerance fits any size

    def loss(point: Floats) -> tuple[float, Any]:
        value, slope = _minus_log_likelihood(point, x, n)
        return value / scale, slope / scale

    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=limits,
        options={"ftol": 1e-15, "gtol": 1e-10 / scale, "maxiter": 500},
    )  # fmt: skip
    return float(found.x[0]), float(found.x[1])


def _minus_log_likelihood(point: Floats, x: Floats, n: Floats) -> tuple[float, Floats]:
    from scipy.special import betaln, psi

    share, total = 1 / (1 + math.exp(-point[0])), math.exp(point[1])
    a, b = share * total, (1 - share) * total
    value = float((betaln(x + a, n - x + b) - betaln(a, b)).sum())
    common = psi(total) - psi(n + total)
    by_a = float((psi(x + a) - psi(a) + common).sum())
    by_b = float((psi(n - x + b) - psi(b) + common).sum())
    slope = np.array([(by_a - by_b) * total * share * (1 - share), by_a * a + by_b * b])
    return -value, -slope


def _counts(successes: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    x, size = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    if x.shape != size.shape or x.ndim != 1 or not ((x >= 0) & (x <= size)).all():
        raise ValueError("successes must lie between 0 and n in every segment")
    return x, size
