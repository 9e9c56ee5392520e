"""The decided segments' share of starters: months beyond chance are named, the others are not."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from mapseg_xl.analyze.since import Starters
from mapseg_xl.report.parts.changed.compared import compared
from mapseg_xl.report.parts.changed.target_chart import target_section
from mapseg_xl.report.spec import ChartRow, Lines, Text
from mapseg_xl.stats.control_chart import limits
from tests.report.tabs.test_what_changed_kinds import everybody, march, run

MONTHS = [f"2024-{m:02d}" for m in range(5, 13)] + [f"2025-{m:02d}" for m in range(1, 7)]


def drawn(counts: list[tuple[int, int]]) -> tuple[Lines, str]:
    findings = run(everybody(), march())
    assert findings.since is not None
    starters = tuple(Starters(m, n, k) for m, (n, k) in zip(MONTHS, counts, strict=True))
    what = compared(replace(findings, since=replace(findings.since, starters=starters)))
    assert what is not None
    (section,) = target_section(what)
    row, text = section.parts
    assert isinstance(row, ChartRow)
    assert isinstance(text, Text)
    (chart,) = row.charts
    assert isinstance(chart, Lines)
    return chart, str(text.lines[0])


def test_a_month_beyond_three_standard_errors_is_named() -> None:
    chart, said = drawn([(100, 30)] * 13 + [(100, 60)])
    assert said.endswith("Outside what chance leaves: Jun 2025 (60%).")
    upper = next(s.values[0] for s in chart.series if s.name == "upper limit")
    assert upper == pytest.approx(0.3 + 3 * math.sqrt(0.3 * 0.7 / 100))


def test_months_within_are_not() -> None:
    _, said = drawn([(100, 30)] * 13 + [(100, 42)])
    assert said.endswith("No month is outside what chance leaves.")


def test_a_month_of_few_is_a_gap() -> None:
    chart, _ = drawn([(100, 30)] * 13 + [(9, 9)])
    assert next(s.values[-1] for s in chart.series if s.name == "share") is None
    assert limits(0.3, 9) is None
