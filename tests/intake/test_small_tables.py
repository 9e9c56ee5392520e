from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from mapseg_xl.errors import InputError
from mapseg_xl.intake.customers import IntakeOptions, read_sources
from mapseg_xl.intake.privacy import impersonal
from mapseg_xl.measure.parsing import parse_rule

from .exports import FIRST, crm_rows, write_book


def people(n=60):
    """Every second came by Ads, the others by Referral, the last one by nobody knows what; half converted in March."""
    rows = [["Customer ID", "Created", "Converted on", "Channel", "MRR"]]
    for i in range(n):
        day = date(2025, 3, 1 + i % 28) if i % 4 < 2 else date(2025, 6, 1)
        channel = "Fairs" if i == n - 1 else ("Ads", " referral ")[i % 2]
        rows.append([f"c{i}", FIRST, day, channel, 10.0])
    return rows


def read(tmp_path, options=None, **sheets):
    named = {name.replace("_", " "): rows for name, rows in sheets.items()}
    return read_sources([write_book(tmp_path / "team.xlsx", named)], options)


def issue(found, kind):
    return next(i for i in found.issues if i.kind == kind)


SPEND = [
    ["Marketing spend 2025"],
    [],
    ["Channel", "Month", "Spend"],
    ["Ads", date(2025, 2, 1), 100.10],
    ["Ads", date(2025, 3, 1), 200.20],
    ["Referral", date(2025, 3, 1), 45.45],
    ["Radio", date(2025, 3, 1), 99.99],
    ["Total", None, 445.74],
]


def test_spend_is_shared_out_to_those_who_converted_in_its_periods(tmp_path):
    found = read(tmp_path, CRM=people(), Spend=SPEND)
    cost = found.customers.roles["acquisition_cost"]
    table = pd.DataFrame(people()[1:], columns=people()[0])
    inside = pd.to_datetime(table["Converted on"]) < "2025-04-01"
    ads = inside & (table["Channel"] == "Ads")
    referral = inside & (table["Channel"].str.strip() == "referral")
    assert np.allclose(cost[ads], 300.30 / ads.sum())
    assert np.allclose(cost[referral], 45.45 / referral.sum())
    assert np.isnan(cost[~(ads | referral)]).all()
    assert np.nansum(cost) == pytest.approx(345.75)
    assert found.cost_estimated


def test_spend_without_customers_and_customers_without_spend_are_counted(tmp_path):
    rows = people()
    rows[1][3] = "Fairs"
    found = read(tmp_path, CRM=rows, Spend=SPEND)
    idle = issue(found, "spend_without_customers")
    assert "99.99 spent" in idle.issue
    assert "Radio" in idle.issue
    unknown = issue(found, "channel_without_spend")
    assert unknown.count == 1
    assert "Fairs (1)" in unknown.issue
    assert issue(found, "outside_spend").count == 29


def test_lines_of_spend_keep_period_money_and_cell(tmp_path):
    found = read(tmp_path, CRM=people(), Spend=SPEND)
    assert [line.channel for line in found.spend] == ["Ads", "Ads", "Referral", "Radio"]
    line = found.spend[1]
    assert (line.period, line.spend, line.cell) == (date(2025, 3, 1), 200.20, "Spend!C5")


def test_a_cost_that_a_column_tells_is_not_estimated(tmp_path):
    rows = [[*row, "CAC" if i == 0 else 7.0] for i, row in enumerate(people())]
    found = read(tmp_path, CRM=rows, Spend=SPEND)
    assert set(found.customers.roles["acquisition_cost"]) == {7.0}
    assert not found.cost_estimated
    assert len(found.spend) == 4


@pytest.mark.parametrize(
    ("written", "first_day"),
    [
        ("Q1 2025", date(2025, 1, 1)),
        ("Mar-25", date(2025, 3, 1)),
        (2025, date(2025, 1, 1)),
        ("2025-03", date(2025, 3, 1)),
    ],
)
def test_periods_are_read_as_people_write_them(tmp_path, written, first_day):
    spend = [["Channel", "Period", "Spend"], ["Ads", written, 5.0], ["Referral", written, 6.0]]
    found = read(tmp_path, CRM=people(), Spend=spend)
    assert {line.period for line in found.spend} == {first_day}


def test_a_quarter_counts_who_converted_in_all_of_it(tmp_path):
    spend = [["Channel", "Quarter", "Spend"]]
    spend += [["Ads", f"Q{q} 2025", 60.0] for q in (1, 2)]
    found = read(tmp_path, CRM=people(), Spend=spend)
    ads = [row for row in people()[1:] if row[3] == "Ads"]
    assert np.nansum(found.customers.roles["acquisition_cost"]) == pytest.approx(120.0)
    assert np.isfinite(found.customers.roles["acquisition_cost"]).sum() == len(ads)


def test_spend_without_a_channel_column_stays_visible(tmp_path):
    rows = [[*row[:3], *row[4:]] for row in people()]
    found = read(tmp_path, CRM=rows, Spend=SPEND)
    assert not found.cost_estimated
    assert issue(found, "spend_without_channel").sheet == "Spend"


MARKET = [
    ["Segment", "Accounts", "Reachable", "Winnable", "Growth a year", "Competition", "Roadmap fit",
     "Scalable channel", "Source"],
    ["Agency", 9400, "55%", 0.12, 0.09, 1, 3, 3, "Register"],
    ["Retail", 100, 0.3, 1.4, -0.02, 5, None, 2, None],
    ["agency", 1, 0.1, 0.1, 0.1, 1, 1, 1, "twice"],
]  # fmt: skip


def test_market_answers_are_read_with_shares_as_fractions(tmp_path):
    lines = read(tmp_path, CRM=crm_rows(), Market=MARKET).market
    assert [line.segment for line in lines] == ["Agency", "Retail"]
    one = lines[0]
    assert (one.accounts, one.reachable, one.winnable, one.growth) == (9400, 0.55, 0.12, 0.09)
    assert (one.competition, one.roadmap_fit, one.scalable_channel, one.said_by) == (
        1,
        3,
        3,
        "Register",
    )
    assert (lines[1].roadmap_fit, lines[1].said_by) == (None, "Market")


@pytest.mark.parametrize("scores", ["", ", 0–3", " (0-3)"])
def test_market_answers_are_read_under_the_heads_of_our_own_tab(tmp_path, scores):
    head = ["Candidate", "Share we can reach", "Growth a year"]
    head += [f"{name}{scores}" for name in ("Competition", "Roadmap fit", "Channel scales")]
    head += ["Accounts in all", "Share we can win", "Source"]
    rows = [head, ["Agency", 0.4, 0.1, 1, 2, 3, 5000, 0.2, "census"]]
    (line,) = read(tmp_path, CRM=crm_rows(), TAM=rows).market
    assert (line.reachable, line.growth, line.winnable, line.accounts) == (0.4, 0.1, 0.2, 5000)
    assert (line.competition, line.roadmap_fit, line.scalable_channel) == (1, 2, 3)


def test_market_cells_out_of_range_are_left_out_and_named(tmp_path):
    found = read(tmp_path, CRM=crm_rows(), Market=MARKET)
    assert (found.market[1].winnable, found.market[1].competition) == (None, None)
    wrong = {i.cell: i.issue for i in found.issues if i.kind == "market_out_of_range"}
    assert wrong["F3"] == "not a score from 0 to 3: 5"
    assert wrong["D3"].startswith("not a share")
    assert issue(found, "segment_twice").cell == "A4"


FEEDBACK = [
    ["Date", "Team", "Segment", "Customer e-mail", "Contact", "Quote", "Theme"],
    [date(2025, 5, 1), "Support", "Agency", "person3@firm3.example", "Ann Smith",
     "Too slow, call me on +31 20 123 4567", "Speed"],
    [date(2025, 5, 2), "Sales", None, None, "Bob", "Write to bob@firm9.example about the price", "Price"],
    [date(2025, 5, 3), "Sales", None, None, "Bob", None, "Price"],
]  # fmt: skip


def test_feedback_keeps_the_words_and_nobody_who_said_them(tmp_path):
    found = read(tmp_path, CRM=crm_rows(), Feedback=FEEDBACK)
    assert found.feedback[0].quote == "Too slow, call me on +31 20 123 4567"
    notes = impersonal(found).feedback
    assert len(notes) == 2
    assert (notes[0].said_on, notes[0].team, notes[0].segment) == (
        date(2025, 5, 1),
        "Support",
        "Agency",
    )
    assert (notes[0].theme, notes[0].customer, notes[1].customer) == ("Speed", 3, -1)
    assert notes[0].quote == "Too slow, call me on …"
    assert notes[1].quote == "Write to …@… about the price"
    held = " ".join(str(v) for n in notes for v in (n.team, n.segment, n.quote, n.theme))
    assert not any(name in held for name in ("Ann", "Bob", "example", "4567"))


def segments(tmp_path, rows):
    return read(tmp_path, CRM=crm_rows(), My_segments=rows).own_segments


def test_conditions_in_one_cell_are_joined_by_and(tmp_path):
    rows = [
        ["Segment", "Condition 1", "Condition 2", "Condition 3", "Suggested by"],
        ["Law firms", "Industry = Law firm", None, None, "CEO"],
        ["Big Dutch", "Employees >= 1000", "Country = NL", None, None],
    ]
    own = segments(tmp_path, rows)
    assert [o.rule for o in own] == ["Industry = Law firm", "Employees >= 1000 and Country = NL"]
    assert (own[0].suggested_by, own[1].suggested_by, own[1].cell) == ("CEO", "", "My segments!A3")


def test_conditions_in_three_cells_become_rules_that_can_be_parsed(tmp_path):
    rows = [
        ["Name", "Column", "Operator", "Value", "Column", "Operator", "Value", "Suggested by"],
        ["Big", "Company size", "at least", 1000, "Country", "one of", "US, CA", "Ann"],
        ["Mid", "Employees", "between", "10 and 50", None, None, None, "Bob"],
        ["O'Hare", "City", None, "O'Hare", "Plan", "is blank", None, None],
    ]
    own = segments(tmp_path, rows)
    said = [str(parse_rule(o.rule)) for o in own]
    assert said == [
        "\"Company size\" >= 1000 and Country in ('US', 'CA')",
        "Employees between 10 and 50",
        "City = 'O''Hare' and Plan is blank",
    ]


def test_a_comparison_nobody_knows_stops_with_its_cell(tmp_path):
    rows = [["Name", "Column", "Operator", "Value"], ["Big", "Employees", "about", 1000]]
    with pytest.raises(
        InputError, match=r"My segments!B2: 'about' is no comparison\. Write one of"
    ):
        segments(tmp_path, rows)


def test_a_segment_without_a_condition_is_left_out_and_said(tmp_path):
    rows = [["Segment", "Rule"], ["Nice people", None], ["Pros", "Plan = Pro"]]
    found = read(tmp_path, CRM=crm_rows(), My_segments=rows)
    assert [o.name for o in found.own_segments] == ["Pros"]
    assert issue(found, "segment_without_rule").cell == "A2"


def test_a_rule_that_cannot_be_parsed_is_named_by_its_cell(tmp_path):
    from mapseg_xl.compared import own_segments
    from mapseg_xl.request import Request

    rows = [["Segment", "Rule"], ["Nice people", "Plan like Pro"], ["x", "Plan = Pro"]]
    found = read(tmp_path, CRM=crm_rows(), My_segments=rows)
    kept, refused = own_segments(Request(()), found)
    assert [named.name for named in kept] == ["x"]
    assert [(r.name, r.cell) for r in refused] == [("Nice people", "My segments!A2")]


def test_a_crm_with_comments_and_a_segment_column_stays_a_crm(tmp_path):
    rows = [
        [*row, ("Comment", "Segment")[0] if i == 0 else "called them twice this week", "A"]
        for i, row in enumerate(crm_rows())
    ]
    rows[0][-1] = "Segment"
    found = read(tmp_path, CRM=rows, Spend=SPEND)
    assert found.customers.n == 120


def test_orders_of_the_sheets_do_not_change_what_they_are(tmp_path):
    sheets = {"Spend": SPEND, "Market": MARKET, "Feedback": FEEDBACK, "CRM": people()}
    found = read_sources([write_book(tmp_path / "t.xlsx", sheets)], IntakeOptions())
    assert found.customers.sheet == "CRM"
    assert (len(found.spend), len(found.market), len(found.feedback)) == (4, 2, 2)


def test_dates_of_feedback_are_read_as_the_options_say(tmp_path):
    rows = [
        FEEDBACK[0],
        *[
            [f"0{d}/04/2025", "Sales", None, None, None, "A long enough sentence", "x"]
            for d in (1, 2, 3)
        ],
    ]
    found = read(tmp_path, IntakeOptions(day_first=True), CRM=crm_rows(), Feedback=rows)
    assert [n.said_on for n in found.feedback] == [
        date(2025, 4, 1) + timedelta(i) for i in range(3)
    ]
