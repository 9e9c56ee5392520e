"""The curve behind a cohort triangle's average row, so that its shares have plausible ranges. Counts only."""

from __future__ import annotations

import numpy as np

from mapseg_xl.stats.kaplan_meier import Curve
from mapseg_xl.stats.triangles import TriangleChain


def triangle_curve(chain: TriangleChain) -> Curve:
    """The chained shares as a Kaplan-Meier curve: at each age those at risk, and those of them not retained.

    Ages are counted from 1, for the first column after the new customers. Ages past the last known share are
    left out; one with nobody at risk keeps the share before it.

    >>> from mapseg_xl.stats.triangles import triangle_chain
    >>> curve = triangle_curve(triangle_chain([100, 100], [[80, 60], [90]]))
    >>> curve.survival.tolist(), curve.events.tolist()
    ([0.85, 0.6375], [30.0, 20.0])
    """
    known = [at for at, share in enumerate(chain.survival) if share is not None]
    at_risk = np.array([chain.at_risk[at] for at in known], dtype=np.float64)
    stay = np.array([chain.retained[at] for at in known], dtype=np.float64)
    events = at_risk - stay
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(events > 0, events / (at_risk * stay), 0.0)
    times = np.array(known, dtype=np.float64) + 1
    return Curve(
        times=times,
        at_risk=at_risk,
        events=events,
        survival=np.array([chain.survival[at] for at in known], dtype=np.float64),
        hazard_sum=np.cumsum(hazard),
        last_time=float(times[-1]) if times.size else None,
        n=float(at_risk[0]) if at_risk.size else 0.0,
    )
