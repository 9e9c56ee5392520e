"""A made-up company for the tests: agencies are good, enterprises pay much and leave, four law firms all stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from unittest.mock import patch

import numpy as np

from mapseg_xl import pipeline
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.tables import MarketLine
from mapseg_xl.prioritize.market import Typed
from mapseg_xl.settings import Settings
from tests.report.tabs.sample import found

LAST_DAY = date(2025, 6, 30)
MARKET = (
    MarketLine("Agencies", 9000, 0.5, 0.1, None, 0.12, 1, 3, 3, "register"),
    MarketLine("Enterprise", 5000, 0.4, 0.1, None, 0.1, 1, 3, 3, "report"),
    MarketLine("Shop", 90_000, 0.3, 0.1, None, 0.02, 2, 2, 1, "guess"),
    MarketLine("Coach", 90, 0.5, 0.1, None, 0.1, 2, 2, 1, "guess"),
    MarketLine("Martians", 1),
)
_KINDS = {  # share of trials, converts, pays, months it stays, cost to win
    "Agency": (0.2, 0.5, 150, 60, 250),
    "Enterprise": (0.12, 0.3, 1500, 3, 9000),
    "Shop": (0.4, 0.2, 90, 25, 300),
    "Coach": (0.28, 0.2, 100, 25, 300),
}
OWN = ("Bureaus: industry = 'Agency'",)


def rows(n: int = 1600) -> list[dict[str, object]]:
    """Trials of two years; the same each time. Four law firms are all won, and stay."""
    rng = np.random.default_rng(11)
    kinds = list(_KINDS)
    drawn = rng.choice(kinds, n, p=[_KINDS[k][0] for k in kinds])
    made = [_row(rng, at, str(kind)) for at, kind in enumerate(drawn)]
    return made + [_row(rng, n + at, "Law firm") for at in range(4)]


def _row(rng: np.random.Generator, at: int, kind: str) -> dict[str, object]:
    _, converts, pays, stays, cost = _KINDS.get(kind, (0, 1.0, 200, 900, 100))
    start = date(2023, 1, 1) + timedelta(int(rng.integers(0, 820)))
    won_on = start + timedelta(int(rng.integers(1, 25)))
    won = bool(rng.random() < converts) and won_on <= LAST_DAY
    lost_on = won_on + timedelta(int(rng.exponential(stays * 30)) + 5)
    return {
        "customer_id": at + 1,
        "trial_start": start.isoformat(),
        "converted_on": won_on.isoformat() if won else "",
        "churned_on": lost_on.isoformat() if won and lost_on <= LAST_DAY and kind != "Law firm" else "",
        "mrr": round(float(rng.lognormal(0, 0.2)) * pays, 2) if won else "",
        "acquisition_cost": round(float(rng.gamma(20, cost * converts / 20)), 2),
        "industry": kind,
        "region": str(rng.choice(["North", "South"])),
    }  # fmt: skip


@cache
def company(
    market: Sequence[MarketLine] = MARKET,
    typed: Typed | None = None,
    by: tuple[str, ...] = ("industry",),
    own: tuple[str, ...] = OWN,
    n: int = 1600,
    margin: float | None = 0.8,
) -> Findings:
    """What a run finds, with these lines on its market sheet and these answers typed."""
    read = pipeline.intake

    def with_market(request: pipeline.Request) -> pipeline.Sources:
        return replace(read(request), market=tuple(market))

    with patch.object(pipeline, "intake", with_market):
        return found(
            rows(n),
            settings=Settings(gross_margin=margin),
            segment_by=by,
            segments=own,
            typed=typed or Typed(),
        )


Typed.__hash__ = object.__hash__  # type: ignore[assignment, method-assign]  # for the cache
