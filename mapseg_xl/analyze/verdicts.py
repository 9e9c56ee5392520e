"""One verdict from a comparison: better, worse, about the same, can't tell, or why there is none."""

from __future__ import annotations

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
    """The difference that matters, in the scale judged; None where the pooled value is unknown."""
    if metric.margin == "rate":
        return settings.margin_rate_high - 1
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
        return Verdict("not_available", sentence("everyone else: " + rest.note, part.note))
    enough = part.enough and rest.enough
    margin = meaningful(metric, pooled, settings)
    sure = q is not None and q <= settings.false_discovery_rate
    if enough and margin is not None and _inside(metric, comparison, margin, settings):
        return Verdict("about_same", "a real but small difference" if sure else "")
    if enough and sure and comparison.difference:
        higher = comparison.difference > 0
        good = higher == (metric.direction == "good_high")
        return Verdict("better" if good else "worse")
    return Verdict("cant_tell", _why(metric, comparison, sides, margin, q, family, settings))


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
    margin: float | None,
    q: float | None,
    family: int,
    settings: Settings,
) -> str:
    part, rest = sides
    if not part.enough:
        return _too_few(metric, part)
    if not rest.enough:
        return f"everyone else: {_too_few(metric, rest)}"
    stands_alone = (
        c.p is not None
        and c.p <= settings.false_discovery_rate
        and q is not None
        and q > settings.false_discovery_rate
    )
    alone = f"would stand alone, not among {family}" if stands_alone else ""
    return sentence(alone, _more_data(metric, c, part, margin, family, settings))


def _too_few(metric: Metric, side: Estimate) -> str:
    if metric.unit == "share" and metric.margin == "rate":
        return f"too few leave to compare: {side.events or 0:,.0f}"
    if side.n is None:
        return "too few to compare"
    if metric.id.startswith(("survival", "rmst", "ltv")) and metric.id != "ltv_to_cac":
        return f"too few were followed that long, of {side.n:,.0f} {metric.counted}"
    return f"only {side.n:,.0f} {metric.counted}"


def _more_data(
    metric: Metric,
    c: Comparison,
    part: Estimate,
    margin: float | None,
    family: int,
    settings: Settings,
) -> str:
    """How many units of the segment would settle it, in words."""
    if c.variance is None or c.variance_rest is None or margin is None or part.n is None:
        return ""
    gap = c.difference or 0.0
    if metric.margin == "rate" and part.value is not None:
        gap = _log_ratio(part.value, part.value - gap)
    needed = units_needed(
        part.n, c.variance, c.variance_rest, gap, margin, family, settings.false_discovery_rate
    )
    if needed is None:
        return "this segment alone cannot settle it, however large"
    if needed <= part.n:
        return ""
    return f"about {needed:,} {metric.counted} would settle it, {part.n:,.0f} so far"


def _log_ratio(value: float, rest: float) -> float:
    from math import log

    return log(value / rest) if value > 0 and rest > 0 else 0.0
