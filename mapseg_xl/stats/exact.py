"""Exact two-sided tests on whole counts by small probabilities, in numpy alone."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Outcomes as likely as the observed one up to rounding belong to the p-value (scipy's allowance).
_TIE = 1e-7


def fisher_p(x1: int, n1: int, x2: int, n2: int) -> float:
    """Fisher's exact two-sided p of x1 of n1 against x2 of n2; 1 where a margin is empty.

    Sums every table with the same margins that is no likelier than the observed one.

    >>> round(fisher_p(56, 70, 48, 80), 5)
    0.01252
    """
    drawn, marked, total = n1, x1 + x2, n1 + n2
    least, most = max(0, drawn + marked - total), min(drawn, marked)
    k = np.arange(least, most, dtype=float)
    up = (drawn - k) * (marked - k) / ((k + 1.0) * (total - drawn - marked + k + 1.0))
    return _small_probabilities(np.log(up), x1 - least)


def binomial_p(successes: int, n: int, share: float) -> float:
    """Exact two-sided p of so many successes of n where each has chance `share`, within 0 < share < 1.

    >>> round(binomial_p(2, 10, 0.5), 6)
    0.109375
    """
    k = np.arange(n, dtype=float)
    up = np.log((n - k) / (k + 1.0)) + math.log(share) - math.log1p(-share)
    return _small_probabilities(up, successes)


def _small_probabilities(log_ratios: NDArray[Any], observed: int) -> float:
    """Sum of the probabilities no larger than the observed one.

    `log_ratios[k]` is ln P(k+1)/P(k); the probabilities follow from it without a factorial.
    """
    logs = np.concatenate(([0.0], np.cumsum(log_ratios)))
    weights = np.exp(logs - logs.max())
    threshold = logs[observed] + _TIE
    return float(min(1.0, weights[logs <= threshold].sum() / weights.sum()))
