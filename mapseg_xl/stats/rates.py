"""Events per unit of exposure (customer-months): interval, ratio, test. scipy loads on first use."""

from __future__ import annotations

import math
from typing import NamedTuple

from mapseg_xl.stats.exact import binomial_p
from mapseg_xl.stats.intervals import UNDEFINED, normal_quantile, tail
from mapseg_xl.stats.intervals import Interval as Interval
from mapseg_xl.stats.proportions import clopper_pearson


class Ratio(NamedTuple):
    """A ratio of two rates and its limits; None where undefined or without bound."""

    value: float | None
    low: float | None
    high: float | None


def poisson_interval(events: int, exposure: float, confidence: float = 0.95) -> Interval:
    """Exact interval of a rate: chi-square limits of the count over exposure (Garwood 1936).

    No event: from 0 to its upper limit. Exposure 0: None, None.

    >>> low, high = poisson_interval(0, 100.0)
    >>> low, round(high, 5)
    (0.0, 0.03689)
    """
    _check(events, exposure)
    if exposure == 0:
        return UNDEFINED
    from scipy.special import gammainccinv, gammaincinv

    side = tail(confidence)
    low = float(gammaincinv(events, side)) if events else 0.0
    return Interval(low / exposure, float(gammainccinv(events + 1, side)) / exposure)


def rate_ratio(d1: int, t1: float, d2: int, t2: float, confidence: float = 0.95) -> Ratio:
    """Rate d1/t1 over rate d2/t2 with its log interval exp(ln r -+ z*sqrt(1/d1 + 1/d2)).

    A side without event: exact binomial limits of its part of the events, turned into ratio limits
    (no event on the second side: value and upper limit None). No event at all, or no exposure: None.

    >>> [round(x, 3) for x in rate_ratio(20, 100.0, 10, 100.0)]
    [2.0, 0.936, 4.273]
    """
    _check(d1, t1)
    _check(d2, t2)
    if t1 == 0 or t2 == 0 or d1 + d2 == 0:
        return Ratio(None, None, None)
    if d1 == 0 or d2 == 0:
        return _one_sided_ratio(d1, d2, t2 / t1, confidence)
    value = (d1 / t1) / (d2 / t2)
    spread = math.exp(normal_quantile(confidence) * math.sqrt(1 / d1 + 1 / d2))
    return Ratio(value, value / spread, value * spread)


def _one_sided_ratio(d1: int, d2: int, scale: float, confidence: float) -> Ratio:
    """Ratio limits where one side has no event; odds of the first side's part times t2/t1."""
    low, high = clopper_pearson(d1, d1 + d2, confidence)
    if d1 == 0:
        return Ratio(0.0, 0.0, None if high is None else scale * high / (1 - high))
    return Ratio(None, None if low is None else scale * low / (1 - low), None)


def conditional_binomial_p(d1: int, t1: float, d2: int, t2: float) -> float | None:
    """Exact two-sided p of equal rates: d1 of d1 + d2 events against the share t1/(t1 + t2).

    By small probabilities (Przyborowski & Wilenski 1940). None without exposure on either side; no
    event on both sides gives 1.

    >>> round(conditional_binomial_p(20, 100.0, 10, 100.0), 6)
    0.098737
    """
    _check(d1, t1)
    _check(d2, t2)
    if t1 == 0 or t2 == 0:
        return None
    return binomial_p(int(d1), int(d1 + d2), t1 / (t1 + t2))


def _check(events: int, exposure: float) -> None:
    if not (events >= 0 and events == int(events)):
        raise ValueError(f"events must be a whole number of 0 or more, not {events!r}")
    if not 0 <= exposure < math.inf:
        raise ValueError(f"exposure must be 0 or more, not {exposure!r}")
