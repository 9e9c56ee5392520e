"""One verdict from a comparison: better, worse, about the same, can't tell, or why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mapseg_xl.metrics.base import Comparison, Estimate, Metric, sentence
from mapseg_xl.settings import Settings
from mapseg_xl.stats.sample_size import units_needed

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Verdict:
    """better worse about_same cant_tell not_available, and what must be said with it."""

    word: str
    note: str = ""


def meaningful(metric: Metric, pooled: float | None, settings: Settings) -> float | None:
    """The difference that matters, in the scale judged; None where the pooled value is unknown.

    Rates are judged by their ratio, so theirs is a logarithm.
    """
    if metric.margin == "rate":
        return math.log(settings.margin_rate_high)
    if pooled is None:
        return None
    if metric.margin == "share":
        return max(settings.margin_share * min(pooled, 1 - pooled), settings.margin_share_floor)
    return settings.margin_money * abs(pooled)


def judge(
    metric: Metric,
    comparison: Comparison,
    sides: tuple[Estimate, Estimate],
    pooled: float | None,
    q: float | None,
    family: int,
    settings: Settings,
) -> Verdict:
    """The verdict on a segment that is compared with everyone else and may be judged."""
    part, rest = sides
    if part.value is None:
        return Verdict("not_available", part.note)
    if rest.value is None:
        return Verdict("not_available", f"everyone else: {rest.note}")
    enough = part.enough and rest.enough
    margin = meaningful(metric, pooled, settings)
    sure = q is not None and q <= settings.false_discovery_rate
    if enough and margin is not None and _inside(metric, comparison, margin, settings):
        return Verdict("about_same", "a real but small difference" if sure else "")
    if enough and sure and comparison.difference:
        higher = comparison.difference > 0
        good = higher == (metric.direction == "good_high")
        return Verdict("better" if good else "worse")
    why = _why(metric, comparison, sides, pooled, q, family, settings)
    return Verdict("cant_tell", why)


def _inside(metric: Metric, c: Comparison, margin: float, settings: Settings) -> bool:
    """Whether a difference that matters is ruled out."""
    if metric.margin == "rate":
        low, high = c.ratio_low, c.ratio_high
        limits = (settings.margin_rate_low, settings.margin_rate_high)
    else:
        low, high = c.low, c.high
        limits = (-margin, margin)
    if low is None or high is None:
        return False
    return limits[0] - ROUNDING <= low and high <= limits[1] + ROUNDING


def _why(
    metric: Metric,
    c: Comparison,
    sides: tuple[Estimate, Estimate],
    pooled: float | None,
    q: float | None,
    family: int,
    settings: Settings,
) -> str:
    """What is missing for a verdict, and how many more units would settle it."""
    part, rest = sides
    margin = meaningful(metric, pooled, settings)
    if not part.enough:
        return _too_few(metric, part, pooled, settings)
    if not rest.enough:
        return f"everyone else: {_too_few(metric, rest, pooled, settings)}"
    if c.variance is None or c.variance_rest is None or margin is None or part.n is None:
        return ""
    needed = units_needed(
        part.n,
        c.variance,
        c.variance_rest,
        _gap(metric, c, part),
        margin,
        family,
        settings.false_discovery_rate,
    )
    counted = part.counted or metric.counted
    more = ""
    if needed is None:
        more = "this segment alone cannot settle it, however large"
    elif needed > part.n:
        more = f"about {needed:,} {counted} would settle it, {part.n:,.0f} so far"
    alone = _excludes_zero(c) and q is not None and q > settings.false_discovery_rate and family > 1
    return sentence(f"would stand alone, not among {family}" if alone else "", more)


def _excludes_zero(c: Comparison) -> bool:
    return (c.low is not None and c.low > 0) or (c.high is not None and c.high < 0)


def _too_few(metric: Metric, side: Estimate, pooled: float | None, settings: Settings) -> str:
    """That a side is under the minimum, and how many the minimum takes."""
    least = getattr(settings, metric.least)
    counted = side.counted or metric.counted
    if metric.by_events:
        months = f", about {math.ceil(least / pooled):,} {counted} are needed" if pooled else ""
        return f"too few leave to compare: {side.events or 0:,.0f}{months}"
    n = side.n if side.customers is None else side.customers
    if n is None:
        return "too few to compare"
    if side.customers is not None:
        counted = "customers"
    if metric.follows and not (metric.least == "min_units" and n < least):
        few = f"too few were followed that long, of {n:,.0f} {counted}"
        return f"{few}, {settings.min_at_risk} are needed there"
    if n >= least:
        return "too few were followed to compare what customers are worth"
    if n == 1:
        return f"only 1, at least {least:,} {counted} are needed"
    return f"only {n:,.0f} {counted}, at least {least:,} are needed"


def _gap(metric: Metric, c: Comparison, part: Estimate) -> float:
    """The difference in the scale judged."""
    gap = c.difference or 0.0
    if metric.margin != "rate" or part.value is None:
        return gap
    rest = part.value - gap
    return math.log(part.value / rest) if part.value > 0 and rest > 0 else 0.0
