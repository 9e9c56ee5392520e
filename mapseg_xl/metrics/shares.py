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


def share_difference(
    first: tuple[float, float], second: tuple[float, float], confidence: float
) -> Comparison:
    """Two shares, each as successes and n: Newcombe 1998 (method 10), pooled z or Fisher's exact p."""
    if not first[1] or not second[1]:
        return Comparison(None)
    low, high = bounds(newcombe(*first, *second, confidence=confidence))
    p1, p2 = first[0] / first[1], second[0] / second[1]
    return Comparison(
        difference(p1, p2),
        low,
        high,
        two_proportion_p(*first, *second),
        variance=p1 * (1 - p1) / first[1],
        variance_rest=p2 * (1 - p2) / second[1],
    )


def compare_shares(count: Count) -> Comparer:
    """The difference of two shares of Tallies, as `share_difference` has it."""

    def compare(part: Tally, rest: Tally, context: Context) -> Comparison:
        a, b = count(part), count(rest)
        if a is None or b is None:
            return Comparison(None)
        return share_difference(a, b, context.settings.confidence)

    return compare
