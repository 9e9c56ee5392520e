"""Refresh on an open workbook: What changed is written and shown, and a second press changes nothing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mapseg_xl.excel.actions import added_files, desk, pressing, step_actions
from mapseg_xl.excel.actions import combining as combine_action
from mapseg_xl.excel.actions.button_request import ButtonRequest
from mapseg_xl.excel.actions.known_findings import KnownFindings
from mapseg_xl.report.parts.names import WHAT_CHANGED
from mapseg_xl.report.past import BASELINES, past_of
from mapseg_xl.report.verbs import Block
from tests.analyze.test_recount import until
from tests.excel.actions.benches import TestBench
from tests.excel.actions.paper_live import PaperBook, PaperLive, sheet_of_rows
from tests.report.tabs.sample import trial_rows

ROWS = trial_rows(300)
MARCH = until(ROWS, date(2025, 3, 31))


@pytest.fixture
def bench(monkeypatch, tmp_path):
    live = PaperLive()
    for module in (desk, step_actions, combine_action, added_files):
        monkeypatch.setattr(module, "live", live)
    monkeypatch.setattr(desk, "_KNOWN", KnownFindings())
    book = PaperBook([sheet_of_rows(MARCH)])
    return TestBench(book, tmp_path, ButtonRequest(book=book.name))


def said(bench):
    """Every text and value of the tab, in the order of its cells."""
    (sheet,) = (s for s in bench.book.plans[-1].sheets if s.name == WHAT_CHANGED)
    blocks = sorted(
        (v for v in sheet.verbs if isinstance(v, Block)), key=lambda v: (v.rect.top, v.rect.left)
    )
    cells = (cell for verb in blocks for row in verb.rows for cell in row if cell is not None)
    return [getattr(cell, "value", cell) for cell in cells]


def test_refresh_shows_what_changed_and_keeps_it_when_pressed_again(bench, monkeypatch):
    pressing.answer("refresh", bench)
    assert bench.book.shown == WHAT_CHANGED
    assert "One set of data so far, up to 30 Mar 2025:" in said(bench)
    bench.book.team = [sheet_of_rows(ROWS)]
    pressing.answer("count_customers", bench)  # brings the tabs that are there up to date
    new = f"{len(ROWS) - len(MARCH)} new rows since 30 Mar 2025"  # the last day of anything in it
    assert any(str(text).startswith(new) for text in said(bench))
    before = said(bench)
    monkeypatch.setattr(desk, "find", lambda *_: pytest.fail("found again"))
    pressing.answer("refresh", bench)
    assert bench.book.shown == WHAT_CHANGED
    assert said(bench) == before


def test_a_button_that_does_not_write_the_tab_remembers_the_run_all_the_same(bench):
    pressing.answer("check_data", bench)
    assert WHAT_CHANGED not in bench.book.tabs
    first = past_of(remembered(bench)).last
    assert first is not None
    bench.book.team = [sheet_of_rows(ROWS)]
    pressing.answer("check_data", bench)
    past = past_of(remembered(bench))
    assert past.compared == first
    assert past.last is not None
    assert past.last.counts["rows"] == len(ROWS)


def remembered(bench):
    """What the workbook remembers, without its cells."""
    earlier = PaperLive().previous_of(bench.book)
    assert BASELINES in earlier.memory
    return replace(earlier, typed={})
