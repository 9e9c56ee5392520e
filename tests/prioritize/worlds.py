"""Candidates and figures for the tests of prioritizing, without rows of customers behind them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.prioritize.criteria import measures
from mapseg_xl.prioritize.figures import Figure
from mapseg_xl.prioritize.market import Typed
from mapseg_xl.settings import Settings

SETTINGS = Settings(model="self-serve")


def candidate(name: str, rule: str = "a = 'b'", **more: Any) -> Any:
    """What looks like a candidate: id and name are the same."""
    return SimpleNamespace(
        segment_id=name, name=name, rule=rule, segmentation="s", twin_of="", n=100,
        member=np.ones(3, dtype=bool), **more,
    )  # fmt: skip


def row(metric: str, value: float | None = 0.4, **more: Any) -> PerformanceRow:
    """A line of performance."""
    given = {
        "segmentation": "s", "segment_id": "a", "segment": "a", "metric": metric, "unit": "share",
        "n": 100.0, "events": None, "value": value, "ci_low": None, "ci_high": None, "cautious": None,
        "all_value": None, "rest_value": 0.2, "difference": None, "diff_low": None, "diff_high": None,
        "index": None, "p_value": None, "q_value": None, "direction": "good_high",
        "verdict": "cant_tell", "basis": "all", "note": "", "median": None,
    }  # fmt: skip
    return PerformanceRow(**{**given, **more})


def all_known(**settings: Any) -> tuple:
    """The measures of a base that has every figure."""
    known = {
        ("ALL", m): row(m, 1.0) for m in ("conversion", "arpu", "monthly_churn", "payback_months")
    }
    return measures(Settings(model="self-serve", **settings), Typed(), known)


def figures(**given: float) -> dict[str, Figure]:
    """A candidate's figures by measure; those not given are missing."""
    return {m.id: Figure(given.get(m.id)) for m in all_known()}
