"""The survival curve of every segment month by month, and the limits a run shares: tau and horizon."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from mapseg_xl.metrics.base import bounds
from mapseg_xl.metrics.lifetime import curve_of
from mapseg_xl.settings import Settings
from mapseg_xl.stats.survival import Curve, at_risk_at, loglog_interval, survival_at
from mapseg_xl.tally.tally import Tally

YEAR_MONTHS = 12


@dataclass(frozen=True, slots=True)
class SurvivalPoint:
    """Share of a segment still here after `month` months; fields as in survival.csv."""

    segmentation: str
    segment_id: str
    segment: str
    month: int
    at_risk: float
    events: float
    survival: float | None
    ci_low: float | None
    ci_high: float | None


def survival_points(
    segmentation: str, segment_id: str, segment: str, tally: Tally, settings: Settings
) -> list[SurvivalPoint]:
    """A point a month, from 0 to the last whole month of follow-up; events since the point before."""
    curve = curve_of(tally)
    if curve is None or curve.last_time is None:
        return []
    points = []
    for month in range(math.floor(curve.last_time) + 1):
        left = (curve.times <= month) & (curve.times > month - 1)
        points.append(
            SurvivalPoint(
                segmentation,
                segment_id,
                segment,
                month,
                at_risk_at(curve, month),
                float(curve.events[left].sum()),
                survival_at(curve, month),
                *bounds(loglog_interval(curve, month, settings.confidence)),
            )
        )
    return points


def tau_months(whole: Tally, settings: Settings) -> float | None:
    """The limit of average months as a customer: as set, else the longest follow-up in the base."""
    if settings.rmst_months is not None:
        return settings.rmst_months
    curve = curve_of(whole)
    return None if curve is None else curve.last_time


def horizon_months(whole: Tally, parts: Iterable[Tally], settings: Settings) -> int:
    """Months of lifetime value, one number for everybody: the least of the setting and the months
    in which at least ten are still followed, in the base and in every segment large enough to judge.

    `parts`: segments and everyone else, judged on all of their customers. What a search proposes is judged on half
    of them and sets no limit: else a better idea would cost everybody months. Nor do segments too small to be
    judged, else one customer would leave nobody a value, nor one followed for less than a year. Their own value is
    then not told apart, or not available.
    """
    curve = curve_of(whole)
    if curve is None:
        return 0
    base = min(settings.horizon_months, followed_months(curve, settings.min_at_risk))
    floor = min(YEAR_MONTHS, base)
    horizon = base
    for part in parts:
        own = curve_of(part)
        if own is None or own.n < settings.min_units:
            continue
        months = followed_months(own, settings.min_at_risk)
        if months >= floor:
            horizon = min(horizon, months)
    return horizon


def followed_months(curve: Curve, enough: int) -> int:
    """Whole months k = 0, 1, ... with at least `enough` still followed; 0 if there are none."""
    if curve.last_time is None:
        return 0
    months = 0
    # of shares alone nobody knows how many are at risk: they reach as far as they were drawn
    while months <= curve.last_time and not at_risk_at(curve, months) < enough:
        months += 1
    return months
