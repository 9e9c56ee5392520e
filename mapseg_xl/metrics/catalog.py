"""All metrics, in one explicit tuple. Functions, command line, tabs and glossary read it."""

from __future__ import annotations

import difflib

from mapseg_xl.errors import UnknownMetric
from mapseg_xl.metrics import (
    acquisition,
    churn,
    conversion,
    lifetime,
    lifetime_value,
    orders,
    revenue,
)
from mapseg_xl.metrics.base import Metric

METRICS: tuple[Metric, ...] = (
    *conversion.METRICS,
    *revenue.METRICS,
    *orders.METRICS,
    *churn.METRICS,
    *lifetime.METRICS,
    *lifetime_value.METRICS,
    *acquisition.METRICS,
)


def metric(metric_id: str) -> Metric:
    """The metric of that id; `UnknownMetric` names the nearest."""
    for entry in METRICS:
        if entry.id == metric_id:
            return entry
    ids = [m.id for m in METRICS]
    near = difflib.get_close_matches(metric_id, ids, 3) or ids
    raise UnknownMetric(f"There is no metric '{metric_id}'. Did you mean {', '.join(near)}?")
