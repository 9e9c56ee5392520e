"""Cautious estimates: small segments drawn toward the others. Never shown as the observed value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mapseg_xl.stats.intervals import UNDEFINED, Interval, tail
from mapseg_xl.stats.proportions import wilson

NO_MORE_THAN_CHANCE = "segments do not differ more than chance"
FEWEST_SEGMENTS = 3
_LARGEST_PRIOR = 1e7  # a + b beyond this: the fit runs off to "no difference between segments"
_SMALLEST_PRIOR = 1e-2

Floats = NDArray[np.float64]


class Shrunk(NamedTuple):
    """Shrunken shares and their intervals in the order given; note is empty unless all are pooled."""

    values: list[float | None]
    intervals: list[Interval]
    note: str


def beta_binomial_fit(successes: ArrayLike, n: ArrayLike) -> tuple[float, float] | None:
    """Prior (a, b) of the shares of mutually exclusive segments, by maximum likelihood.

    Maximises sum ln B(x+a, n-x+b) - ln B(a, b), started at the moments. None with fewer than two
    non-empty segments, or where the fit runs off to no difference between them.
    """
    x, size = _counts(successes, n)
    x, size = x[size > 0], size[size > 0]
    if x.size < 2 or not 0 < x.sum() < size.sum():
        return None
    mean, total = _moments(x, size)
    start = (math.log(mean / (1 - mean)), math.log(total))
    level, weight = _most_likely(x, size, start)
    if weight > math.log(_LARGEST_PRIOR) - 1e-3:
        return None
    share, prior = 1 / (1 + math.exp(-level)), math.exp(weight)
    return share * prior, (1 - share) * prior


def shrink_shares(successes: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Shrunk:
    """Shrunken shares (x+a)/(n+a+b) with Beta posterior intervals; an empty segment is None.

    Fewer than 3 segments, or sum n(p_i-p)^2/(p(1-p)) <= k-1: all get the common rate with its
    Wilson interval, and the note says so. Worked example T19.
    """
    x, size = _counts(successes, n)
    prior = beta_binomial_fit(x, size) if _differ(x[size > 0], size[size > 0]) else None
    if prior is None:
        return _pooled(x, size, confidence)
    pairs = [beta_posterior(*pair, *prior, confidence) for pair in zip(x, size, strict=True)]
    return Shrunk([value for value, _ in pairs], [interval for _, interval in pairs], "")


def beta_posterior(
    x: float, n: float, a: float, b: float, confidence: float = 0.95
) -> tuple[float | None, Interval]:
    """Shrunken share (x+a)/(n+a+b) and its Beta posterior interval; n = 0 gives None, None.

    >>> round(beta_posterior(4, 10, 78.7, 224.9)[0], 4)
    0.2637
    """
    if n == 0:
        return None, UNDEFINED
    from scipy.special import betaincinv  # here, not above: slow to load

    side = tail(confidence)
    low, high = betaincinv(x + a, n - x + b, [side, 1 - side])
    return float((x + a) / (n + a + b)), Interval(float(low), float(high))


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


def _pooled(x: Floats, n: Floats, confidence: float) -> Shrunk:
    total, interval = float(n.sum()), wilson(float(x.sum()), float(n.sum()), confidence)
    common = float(x.sum()) / total if total else None
    return Shrunk(
        [common if size else None for size in n],
        [interval if size else UNDEFINED for size in n],
        NO_MORE_THAN_CHANCE,
    )


def _moments(x: Floats, n: Floats) -> tuple[float, float]:
    """Mean and a + b that match the first two moments of the shares; a start, kept within bounds."""
    p = x.sum() / n.sum()
    spread = (n * (x / n - p) ** 2).sum() / (p * (1 - p)) - (x.size - 1)
    correlation = spread / (n.sum() - (n**2).sum() / n.sum() - (x.size - 1) + 1e-9)
    correlation = min(max(float(correlation), 1e-5), 0.9)
    return float(p), 1 / correlation - 1


def _most_likely(x: Floats, n: Floats, start: tuple[float, float]) -> tuple[float, float]:
    """Logit of a/(a+b) and ln(a+b) at the maximum: in these the two hardly depend on each other."""
    from scipy.optimize import minimize  # here, not above: slow to load

    limits = [(-25.0, 25.0), (math.log(_SMALLEST_PRIOR), math.log(_LARGEST_PRIOR))]
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
