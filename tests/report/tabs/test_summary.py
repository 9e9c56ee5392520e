"""The Summary: one decision in plain words, every figure a copy of the cell that owns it, the sample's stories told."""

from functools import cache
from pathlib import Path

import pytest

from mapseg_xl.pipeline import find
from mapseg_xl.report.layout.lettering import width_px
from mapseg_xl.report.parts.case.brief import DECIDED, NEXT, NOT_NOW, REVISIT, SURE, WHY, WORTH
from mapseg_xl.report.parts.case.sentences import clear_metrics
from mapseg_xl.report.parts.case.unsettled import open_sections
from mapseg_xl.report.parts.selection import shown as selected
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Cell, Formula, Link, Ref
from mapseg_xl.report.spoken import spoken
from mapseg_xl.report.tabs import summary
from mapseg_xl.request import Request
from tests.report.tabs.sample import found, shown, tables, telco, texts, trials

SAMPLE = Path("examples/lessonry-team.xlsx")
PARTS = (WHY, SURE, WORTH, NOT_NOW, REVISIT, NEXT, DECIDED)


@cache
def sample():
    """The sample company, run as anybody would: without options."""
    return find(Request((SAMPLE,)))


@cache
def case():
    """The lines of the sample's case, by part."""
    lines, part = {}, ""
    made = tables(summary.tab(sample()))
    for row in (*made[summary.CASE].rows, *made[summary.AFTER].rows):
        part = shown(row.cells.get("head")) or part
        lines[part] = f"{lines.get(part, '')} {shown(row.cells['said'])}".strip()
    return lines


def test_the_case_is_told_in_the_order_in_which_people_ask():
    assert tuple(case()) == PARTS


def test_the_headline_says_whom_to_focus_on_and_whom_to_hold():
    first, second = summary.tab(sample()).headline
    assert first.startswith("FOCUS ON “Agency · Netherlands”")
    assert "HOLD “" in second
    assert max(len(first), len(second)) <= 70


@pytest.mark.parametrize(
    ("part", "story"),
    [
        (WHY, "“Agency · Netherlands” converts"),
        (WHY, "The largest group is not the best: Industry “Freelancer”"),
        (NOT_NOW, "“Enterprise”: Customers leave before they have paid back what they cost"),
        (NOT_NOW, "“Law firms” (suggested by CEO): 4 of 4 matured trials"),
        (NOT_NOW, "Plan “Annual”"),
        (NEXT, "Usage style “Both”"),
        (WORTH, "10% more of “Agency · Netherlands” adds"),
        (SURE, "of 100 reruns with other weights and redrawn data"),
        (DECIDED, "Nothing is decided yet."),
    ],
)
def test_every_story_planted_in_the_sample_is_told_in_plain_words(part, story):
    assert story in case()[part]


def test_the_money_is_tied_to_billing():
    (line,) = (
        t for t in texts(summary.tab(sample())) if "Billing" in str(t) and "found its" in str(t)
    )
    assert "$148.00 of 2 keys did not" in line


def test_the_table_starts_with_the_company_and_copies_every_figure():
    table = tables(summary.tab(sample()))["segments"]
    assert table.rows[0].key == "ALL"
    figures = [
        inner
        for row in table.rows
        for key, cell in row.cells.items()
        if key not in ("segment", "call", "n", "evidence")
        and isinstance(inner := cell.content if isinstance(cell, Cell) else cell, Formula)
    ]
    assert len(figures) > 20
    assert {c.refs["it"].tab for c in figures} == {"Performance", "Priorities"}


def test_every_line_of_the_case_leads_to_its_evidence():
    report = build_report(sample())
    tabs = {tab.name for tab in report.tabs}
    made = tables(report.tabs[0])
    rows = (*made[summary.CASE].rows, *made[summary.AFTER].rows)
    links = [cell for row in rows if (cell := row.cells.get("evidence")) is not None]
    assert len(links) >= len(PARTS)
    assert {link.tab for link in links} <= tabs


def test_the_summary_links_every_other_tab():
    report = build_report(sample())
    rows = tables(report.tabs[0])["contents"].rows
    linked = {c.tab for row in rows for c in row.cells.values() if isinstance(c, Link)}
    profiles = {tab.name for tab in report.tabs if tab.name.startswith("Profile")}
    assert linked | profiles == {tab.name for tab in report.tabs[1:]}


def test_the_summary_names_at_most_six_segments_and_says_how_many_more():
    tab = summary.tab(trials())
    assert len(tables(tab)["segments"].rows) == 6 + 1
    assert any("more segments on Priorities" in str(text) for text in texts(tab))


def test_without_candidates_it_says_what_stands_out_and_what_cannot_be_told():
    rows = [
        {"lead_id": i, "trial_start": "2025-01-01", "industry": "AB"[i % 2] * 3} for i in range(80)
    ]
    tab = summary.tab(found(rows))
    assert isinstance(tab.headline, str)
    assert summary.CASE not in tables(tab)


def test_without_market_answers_it_is_provisional():
    assert summary.tab(telco("contract")).subline.startswith("Provisional: still missing market ")


@pytest.mark.parametrize(
    "label", ["Agencies", "W" * 60, "Public sector & non-profit o…es, munici…"]
)
def test_a_long_name_stays_in_the_one_row_before_the_call(label):
    fitted = summary._fitted(label)
    assert width_px(fitted, 10, bold=True) <= summary._LABEL_PX
    assert label.startswith(fitted.rstrip("…").rstrip())


def test_without_candidates_a_column_that_does_better_is_to_be_named():
    what = selected(telco())
    better = {m.segmentation for m in what.members if clear_metrics(what, m, "better")}
    said = str(open_sections(what)[0].parts[1])
    assert any(f'--segment-by "{column}"' in said for column in better)


def test_what_more_of_a_segment_is_worth_names_the_step_that_what_if_has_now():
    made = tables(summary.tab(sample()))[summary.CASE].rows
    said = [cell for row in made if isinstance(cell := row.cells["said"], Formula)]
    worth = next(cell for cell in said if "10% more of" in str(cell.value))
    assert Ref("steps", "step", "used", "What if") in worth.refs.values()
    assert "10%" not in worth.text


def test_what_stands_out_names_a_second_segment_where_one_figure_alone_differs():
    rows = [
        {
            "lead_id": i,
            "converted": int(i % 10 < (8 if i % 3 == 0 else 2 if i % 3 == 1 else 5)),
            "plan": "ABC"[i % 3],
        }
        for i in range(600)
    ]
    section = open_sections(selected(found(rows)))[0]
    said = [str(getattr(line, "value", line)) for line in section.parts[0].lines if line]
    assert len(said) > 1
    assert {line.split("”")[0] for line in said} >= {"“Plan: A", "“Plan: B"}


def test_small_money_in_a_sentence_has_the_cents_of_the_tables():
    assert spoken(Formula("{a}", 2.61), "money", "£").value == "£2.61"
    assert spoken(Formula("{a}", 26.1), "money", "£").value == "£26"


def test_money_of_orders_is_told_where_no_monthly_price_is_known():
    rows = [
        {"Customer": f"c{i % 40}", "Order date": f"2025-01-{i % 28 + 1:02d}", "Total": 10.0}
        for i in range(120)
    ]
    said = " ".join(str(text) for text in texts(summary.tab(found(rows))))
    assert "The money of 40 customers was read, $1,200 in all." in said
