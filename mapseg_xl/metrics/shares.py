"""Shares of a count: estimate by Wilson, compared by Newcombe; used by every metric that is a share."""

from __future__ import annotations

from collections.abc import Callable

from mapseg_xl.metrics.base import (
    Comparer,
    Comparison,
    Context,
    Estimate,
    bounds,
    difference,
    undefined,
)
from mapseg_xl.stats.proportions import newcombe, two_proportion_p, wilson
from mapseg_xl.tally.tally import Tally

Count = Callable[[Tally], tuple[int, int] | None]  # successes, n


def share(successes: int, n: int, note: str, minimum: int, context: Context) -> Estimate:
    """Successes over n with its Wilson interval; undefined for n = 0 (Wilson 1927)."""
    if n == 0:
        return undefined(note or "nobody to count", 0)
    p = successes / n
    low, high = bounds(wilson(successes, n, context.settings.confidence))
    return Estimate(p, n, successes, low, high, note, enough=n >= minimum, variance=p * (1 - p) / n)


def compare_shares(count: Count) -> Comparer:
    """Difference of two shares (Newcombe 1998, method 10), pooled z or Fisher's exact p."""

    def compare(part: Tally, rest: Tally, context: Context) -> Comparison:
        a, b = count(part), count(rest)
        if a is None or b is None or not a[1] or not b[1]:
            return Comparison(None)
        low, high = bounds(newcombe(*a, *b, confidence=context.settings.confidence))
        p1, p2 = a[0] / a[1], b[0] / b[1]
        return Comparison(
            difference(p1, p2),
            low,
            high,
            two_proportion_p(*a, *b),
            variance=p1 * (1 - p1) / a[1],
            variance_rest=p2 * (1 - p2) / b[1],
        )

    return compare
