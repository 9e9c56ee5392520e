"""Hypotheses on the page: found and held side by side, and the yellow rows for one's own."""

from dataclasses import replace

import numpy as np
import pytest

from mapseg_xl.measure.own_segments import Refused
from mapseg_xl.report.parts import own_segments
from mapseg_xl.report.spec import Cell, Formula, Input
from mapseg_xl.report.tabs import hypotheses
from tests.report.tabs.sample import cells, found, shown, tables, texts, trials


def people(n=3000, plain=False):
    """Agencies in the north convert well; `plain`: nobody does."""
    random = np.random.default_rng(8)
    rows = []
    for at in range(n):
        industry, region = random.choice(["Agency", "Shop", "Bank"]), random.choice(list("NSEW"))
        good = industry == "Agency" and region == "N" and not plain
        rows.append(
            {
                "customer_id": f"C{at}",
                "industry": industry,
                "region": f"{region} side",
                "plan": random.choice(["Free", "Pro"]),
                "converted": "yes" if random.random() < (0.5 if good else 0.15) else "no",
            }
        )
    return rows


@pytest.fixture(scope="module")
def findings():
    return found(people(), segments=("Shops: industry = Shop",))


def test_a_proposal_stands_with_both_halves_and_its_verdict(findings):
    table = tables(hypotheses.tab(findings))[hypotheses.FOUND]
    row = findings.hypotheses[0]
    said = cells(table)
    assert shown(said[row.segment_id, "name"]) == "Agency · N side"
    assert shown(said[row.segment_id, "found"]) == pytest.approx(row.found_value)
    assert shown(said[row.segment_id, "value"]) == pytest.approx(row.value)
    assert shown(said[row.segment_id, "verdict"]) == "▲ better"
    assert "Industry is Agency and region is N side." in texts(hypotheses.tab(findings))


def test_the_figure_where_it_was_found_starts_at_counts(findings):
    said = cells(tables(hypotheses.tab(findings))[hypotheses.FOUND])
    key = findings.hypotheses[0].segment_id
    figure = said[key, "found"]
    assert isinstance(figure, Formula)
    assert said[key, "found_events"] / said[key, "found_n"] == pytest.approx(figure.value)


def test_the_headline_counts_what_held(findings):
    assert hypotheses.tab(findings).headline == (
        "The one rule found on one half of the customers held on the other."
    )
    first = findings.hypotheses[0]
    lost = replace(first, verdict="about_same")
    three = replace(findings, hypotheses=(first, replace(first, segment_id="x"), lost))
    assert hypotheses.tab(three).headline == (
        "Two of three rules found on one half of the customers held on the other."
    )


def test_columns_that_may_be_results_are_named(findings):
    assert any(
        text.startswith("Not searched, because they may be a result") and "plan" in text
        for text in texts(hypotheses.tab(findings))
    )


def test_too_few_and_too_many_hypotheses_are_said(findings):
    assert any("Two hypotheses in all" in text for text in texts(hypotheses.tab(findings)))
    many = replace(
        findings,
        hypotheses=tuple(replace(findings.hypotheses[0], segment_id=str(i)) for i in range(6)),
    )
    assert any("choose three to five" in text for text in texts(hypotheses.tab(many)))


def test_where_nothing_is_found_the_headline_says_so_and_the_rows_to_fill_are_there():
    tab = hypotheses.tab(found(people(plain=True)))
    assert tab.headline == (
        "Nothing is proposed: no rule stands out by more than chance on the half that is searched."
    )
    assert len(tables(tab)[own_segments.OWN].rows) == own_segments.ROWS


def test_every_row_of_ones_own_is_yellow_and_explained(findings):
    table = tables(hypotheses.tab(findings))[own_segments.OWN]
    assert table.keyed
    every = list(cells(table).values())
    assert all(isinstance(c, Input) and c.message for c in every)
    assert len(every) == own_segments.ROWS * 5


def test_a_condition_that_cannot_be_read_is_flagged_and_said(findings):
    key = ("own 2", "condition 1")
    wrong = replace(
        findings, refused=(Refused("Mine", "x", "cannot be read", "Hypotheses!C9", key),)
    )
    tab = hypotheses.tab(wrong)
    row = tables(tab)[own_segments.OWN].rows[1]
    cell = row.cells["condition 1"]
    assert isinstance(cell, Cell)
    assert (cell.look, cell.content.message) == ("worse", "cannot be read")
    assert "Not counted: line 2, condition 1: cannot be read" in texts(tab)


def test_a_rate_of_four_is_not_printed_bold():
    rows = [{**row, "industry": "Law firm"} if at < 4 else row for at, row in enumerate(people())]
    findings = found(rows, segments=("Law: industry = 'Law firm'",))
    table = tables(hypotheses.tab(findings))[hypotheses.BELIEVED]
    assert not isinstance(table.rows[0].cells["value"], Cell)


def test_segments_people_believe_in_come_with_who_and_rule():
    tab = hypotheses.tab(trials())
    assert hypotheses.BELIEVED in tables(tab)
    assert any("Industry is Agency and channel is Referral" in text for text in texts(tab))
