"""A run on the sample team's workbook, without a single option, tells the stories that are in it."""

from functools import cache

import openpyxl
import pytest

from examples.make_sample import WORKBOOK
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.pipeline import find
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Table
from mapseg_xl.request import Request
from mapseg_xl.rollout.voice import top_themes

pytestmark = pytest.mark.slow
STAR = {("Industry", "Agency"), ("Country", "Netherlands")}
SECOND = {("Industry", "Coaching"), ("Channel", "Referral")}


@cache
def run() -> Findings:
    return find(Request((WORKBOOK,)))


def conditions(rule: str) -> set[tuple[str, ...]]:
    return {(c.column, *c.values) for c in parse_rule(rule).conditions}


def calls() -> dict[str, tuple[str, int | None]]:
    return {row.segment: (row.recommendation, row.rank) for row in run().priorities.rows}


def test_every_sheet_is_read_and_the_money_finds_its_customer():
    assert run().whole.size == 6000
    money = run().whole.revenue_monthly
    billing = next(m for m in run().matches if m.right.endswith("Billing"))
    assert (billing.only_right, billing.duplicates) == (2, 0)
    assert billing.money_matched == pytest.approx(money.mean * money.n)
    assert run().cost_estimated
    assert len(run().voice.notes) == 60


def test_the_small_segment_is_found_on_one_half_and_is_the_one_to_focus_on():
    first = run().priorities.rows[0]
    rule = next(c.rule for c in run().candidates if c.segment_id == first.segment_id)
    assert conditions(rule) == STAR
    assert (first.recommendation, first.rank) == ("focus", 1)


def test_the_second_bet_comes_second():
    second = run().priorities.rows[1]
    rule = next(c.rule for c in run().candidates if c.segment_id == second.segment_id)
    assert conditions(rule) == SECOND


def test_what_the_ceo_and_sales_believe_in_is_held_with_a_reason():
    assert calls()["Law firms"] == ("hold", None)
    assert calls()["Enterprise"] == ("hold", None)
    reasons = {row.segment: row.gate_reason for row in run().priorities.rows}
    assert "only 4" in reasons["Law firms"]
    assert "paid back" in reasons["Enterprise"]


def test_the_largest_group_is_told_to_do_worse():
    row = run().row("my segments", _id("Freelancers"), "conversion")
    assert row is not None
    assert row.verdict == "worse"
    assert run().voice.of(_id("Freelancers"))


def test_without_market_answers_a_good_segment_is_tested_first():
    row = next(r for r in run().priorities.rows if r.segment == "Healthcare")
    assert (row.recommendation, row.gate) == ("test", "unknown")


def test_plans_and_usage_are_no_reasons():
    left_out = run().proposals.left_out
    assert {"Plan", "Payment method", "Usage style"} <= set(left_out)


def test_the_chosen_segments_get_their_profiles_and_are_heard():
    profiles = run().profiles.chosen
    assert [p.letter for p in profiles] == ["A", "B", "C"]
    notes = run().voice.of(profiles[0].segment_id)
    assert len(notes) == 18
    assert top_themes(notes)[0] == ("Own brand", 7)
    assert any(move.kind == "message" and move.subject == "Own brand" for move in run().moves)


def _id(name: str) -> str:
    return next(c.segment_id for c in run().candidates if c.name == name)


def test_the_finished_workbook_beside_the_sample_is_what_a_run_makes():
    """`make finished` makes it again."""
    made = build_report(run()).tabs[0]
    sheet = openpyxl.load_workbook(WORKBOOK.with_name("lessonry-segmentation.xlsx"))["Summary"]
    committed = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert isinstance(made.headline, tuple)
    assert {str(row) for row in made.headline} <= committed
    case = [part for s in made.sections for part in s.parts if isinstance(part, Table)]
    cells = [cell for t in case for row in t.rows for cell in row.cells.values()]
    lines = [cell for cell in cells if isinstance(cell, str) and 20 < len(cell) < 100]
    assert lines
    assert set(lines) <= committed
