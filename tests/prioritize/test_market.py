"""Market answers: which line speaks of which candidate, what follows from the answers, what people typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.intake.tables import MarketLine
from mapseg_xl.prioritize.market import (
    Typed,
    answered,
    growth_a_year,
    market_of,
    merged,
    sheet_lines,
    with_typed,
)
from mapseg_xl.prioritize.matching import match_lines
from tests.prioritize.worlds import candidate

LINE = MarketLine("A", 1000, 0.5, 0.2, None, 0.1, 2, 3, 1)


def market(line=LINE, typed=None, pays=100.0, customers=50, plan=0.5):
    return market_of("a", line, typed or Typed(), pays, customers, plan)


def test_tam_sam_and_som_are_parts_of_each_other():
    # worked example T33: 1,000 accounts x 10,000 a year
    found = market(MarketLine("A", 1000, 0.4, 0.25, 10_000))
    assert (found.tam, found.sam, found.som) == pytest.approx((10_000_000, 4_000_000, 1_000_000))


def test_a_year_is_worth_twelve_months_where_nobody_says():
    assert market().contract_value == 1200
    assert market(pays=None).tam is None


def test_headroom_is_what_can_be_reached_less_our_customers():
    found = market()
    assert found.headroom == 450
    assert found.needed == 25
    assert found.headroom_used == pytest.approx(25 / 450)


def test_more_customers_than_accounts_is_flagged_and_not_clipped():
    found = market(customers=600)
    assert found.headroom == -100
    assert found.headroom_used is None
    assert found.note == "the market estimate is wrong: 600 customers, 500 reachable accounts"


def test_no_estimate_gives_no_headroom():
    found = market(MarketLine("A", reachable=0.5))
    assert (found.tam, found.headroom, found.headroom_used) == (None, None, None)


def test_the_plan_needs_at_least_one_customer():
    assert market(customers=0).needed == 1
    assert market(plan=None).needed == 1


def test_typed_answers_win_and_a_cleared_one_is_none():
    typed = Typed(market={("a", "growth"): 0.3, ("a", "reachable"): None, ("b", "accounts"): 7})
    line = with_typed("a", LINE, typed)
    assert (line.growth, line.reachable, line.accounts) == (0.3, None, 1000)


@pytest.mark.parametrize(
    ("name", "value"), [("competition", 7), ("reachable", 1.4), ("accounts", -2)]
)
def test_an_answer_outside_its_range_is_none(name, value):
    assert getattr(with_typed("a", MarketLine("A", **{name: value}), Typed()), name) is None


def test_lines_about_the_same_customers_fill_each_other():
    one, other = MarketLine("A", accounts=10, growth=None), MarketLine("B", accounts=20, growth=0.1)
    found = merged([one, other])
    assert (found.accounts, found.growth) == (10, 0.1)
    assert sheet_lines([("x", ["twin"])], {"twin": [other]})["x"].accounts == 20


def test_answered_counts_the_five():
    assert answered(LINE) == 5
    assert answered(MarketLine("A", accounts=3)) == 0


def test_growth_over_years_is_compounded():
    assert growth_a_year(100, 144, 2) == pytest.approx(0.2)
    assert growth_a_year(0, 144, 2) is None


RULE = "industry = 'Agency' and country = 'Netherlands'"


@pytest.mark.parametrize(
    "said",
    [
        *("Agency · Netherlands", "agency, netherlands", "  Netherlands AGENCY ", "Agencies – Netherlands"),
        *("Dutch agencies", RULE, "country = 'netherlands' and industry = 'agency'"),
        "industry Agency, country Netherlands",
    ],
)  # fmt: skip
def test_a_line_matches_by_name_by_rule_and_by_the_values_of_the_rule(said):
    found, unmatched = match_lines([candidate("Dutch agencies", RULE)], [MarketLine(said, 10)])
    assert found == {"Dutch agencies": [MarketLine(said, 10)]}
    assert unmatched == ()


@pytest.mark.parametrize("said", ["Agency", "Netherlands", "Agency Belgium", "", "and ="])
def test_a_line_about_others_matches_nobody_and_is_said(said):
    found, unmatched = match_lines([candidate("Dutch agencies", RULE)], [MarketLine(said, 10)])
    assert found == {}
    assert unmatched == (said,)


def test_a_rule_of_limits_is_not_matched_by_its_number_alone():
    found, _ = match_lines([candidate("Large", "employees >= 1000")], [MarketLine("1000")])
    assert found == {}


def test_a_name_comes_before_the_values_of_a_rule():
    named, ruled = candidate("Agency", "size = 'x'"), candidate("Others", "industry = 'Agency'")
    exact, loose = MarketLine("Agency", 1), MarketLine("agencies", 2)
    found, _ = match_lines([named, ruled], [loose, exact])
    assert found["Agency"] == [exact, loose]
    assert found["Others"] == [loose, exact]


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_can_be_matched(name, said):
    found, unmatched = match_lines([candidate(name or "x", RULE)], [MarketLine(said)])
    assert bool(found) != bool(unmatched)
