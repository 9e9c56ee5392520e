"""Combine at the ribbon: several matches both ways ask, and answers to likely pairs count with the next press."""

from dataclasses import replace

import pytest

from mapseg_xl.excel.actions import combining as combine_action
from mapseg_xl.excel.actions import desk, pressing, step_actions
from mapseg_xl.excel.actions.button_request import ButtonRequest
from mapseg_xl.excel.actions.known_findings import KnownFindings
from mapseg_xl.report.parts.joins.answers import ANSWER, PAIRS
from mapseg_xl.report.parts.names import MATCH_REPORT
from tests.excel.actions.benches import TestBench
from tests.excel.actions.paper_live import PaperBook, PaperLive, sheet_of_rows

NAMES = [f"{a} {b} Ltd" for a in ("Acme", "Bolt", "Cedar", "Delta", "Ember") for b in
         ("Foods", "Tools", "Paper", "Glass", "Steel", "Wines")]  # fmt: skip


def crm(names):
    return [
        {"Account ID": f"A{n}", "Company": name, "Created": "2025-03-01", "Status": "customer"}
        for n, name in enumerate(names)
    ]


def bills(names):
    return [{"Customer name": name, "MRR": 10 + n} for n, name in enumerate(names)]


@pytest.fixture
def bench_of(monkeypatch, tmp_path):
    def make(*sheets, answers=()):
        for module in (desk, step_actions, combine_action):
            monkeypatch.setattr(module, "live", PaperLive())
        monkeypatch.setattr(desk, "_KNOWN", KnownFindings())
        monkeypatch.setattr(combine_action, "write_customers", lambda _: "")
        team = [sheet_of_rows(rows, name) for name, rows in sheets]
        book = PaperBook(team)
        return TestBench(book, tmp_path, ButtonRequest(book=book.name), list(answers))

    return make


def press(bench, button="combine"):
    bench.request = replace(bench.request)
    return pressing.answer(button, bench)


def matched(bench):
    """Rows of the bills that found their customer, as Match report has them."""
    plan = bench.book.plans[-1]
    place = plan.places[MATCH_REPORT, "rows", "00", "found"]
    (sheet,) = (s for s in plan.sheets if s.name == MATCH_REPORT)
    for verb in sheet.verbs:
        rect = getattr(verb, "rect", None)
        inside = rect and rect.top <= place.rect.top <= rect.bottom
        if hasattr(verb, "rows") and inside and rect.left <= place.rect.left <= rect.right:
            return verb.rows[place.rect.top - rect.top][place.rect.left - rect.left]
    return None


def test_an_answer_on_match_report_counts_with_the_next_press(bench_of):
    bench = bench_of(("CRM", crm(NAMES)), ("Bills", bills([*NAMES[:-1], "Ember Wine"])))
    assert press(bench).message == ""
    before = matched(bench)
    (key,) = (
        i.key for i in bench.book.plans[-1].inputs if i.key[1] == PAIRS and i.key[3] == ANSWER
    )
    bench.book.typed[key] = "yes"
    press(bench)
    assert matched(bench) == before + 1
    press(bench, "check_data")
    assert matched(bench) == before + 1


def both_ways():
    twice = [NAMES[0], NAMES[0], *NAMES[1:]]
    return ("CRM", crm(twice)), ("Bills", bills(twice))


def test_several_matches_both_ways_ask_and_yes_is_remembered(bench_of):
    bench = bench_of(*both_ways(), answers=[True])
    assert press(bench).message == ""
    assert "Are the rows of each one customer?" in bench.asked[0]
    assert "Bills rows 2, 3 and CRM rows 2, 3 all say" in bench.asked[0]
    press(bench)
    assert len(bench.asked) == 1


def test_a_no_writes_nothing_and_says_what_to_do(bench_of):
    bench = bench_of(*both_ways(), answers=[False])
    said = press(bench).message
    assert "several matches both ways" in said
    assert "--" not in said
    assert "add_up" not in said
    assert not bench.book.plans
