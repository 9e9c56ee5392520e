"""Cell functions on a team's tables: tables as people keep them, and never a wrong number."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.excel import functions
from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.stats.survival import annuity, kaplan_meier, loglog_interval
from tests.report.named_functions.cases import column

COHORTS = [[100, 80, 60], [120, 100, None], [50, None, None]]
MONEY = [[100, 5000, 4000], [120, 6600, None]]


def test_a_header_row_and_a_column_of_names_are_no_cohort():
    head = ["Start", "New", "Month 1", "Month 2"]
    starts = ("Jan", date(2025, 2, 1), "2025-03")
    labelled = [[start, *row] for start, row in zip(starts, COHORTS, strict=True)]
    labelled = [head, *labelled, [None] * 4]
    assert functions.seg_cohort_survival(labelled) == functions.seg_cohort_survival(COHORTS)


def test_columns_of_sums_may_carry_their_headers_and_empty_rows():
    spend = column("Spend", 1000, None, 500)
    won = column("New customers", 4, None, 1)
    assert functions.seg_cac(spend, won) == 300


def test_amounts_typed_as_text_are_read_as_the_numbers_they_show():
    assert functions.seg_cac("$75,000", "75") == 1000
    assert functions.seg_payback("1,000.00", "100", "80%") == 12.5
    assert functions.seg_rate_low("81", 263) == functions.seg_rate_low(81, 263)


def test_one_cell_may_come_as_a_block_of_one():
    assert functions.seg_rate([[30]], [[100]]) == functions.seg_rate(30, 100) == 0.3
    assert functions.seg_rate_low([[81]], [[263]], [[None]]) == functions.seg_rate_low(81, 263)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("rate_low", (30, 20)),
        ("rate_low", (-1, 20)),
        ("rate_low", ("many", 20)),
        ("rate_low", (True, 20)),
        ("rate_low", (1, 20, 95)),
        ("rate_low", (0.45, 100)),
        ("rate_low", ("45%", 100)),
        ("rate_cautious", (4, 4, 0.2, 1000)),
        ("rate", (column(0.2, 0.3), column(100, 200))),
        ("what_if", (column(20, 80), column(0.12, 0.05), 1, 10)),
        ("rate_low", ("#N/A", 20)),
        ("rate", (column(30, 5), column(20, 50))),
        ("rate", (column(30, 5), column(20, 50, 60))),
        ("rate", ([[1, 2], [3, 4]], [[5, 6], [7, 8]])),
        ("cohort_survival", ([[100, 80, 90]],)),
        ("cohort_survival", ([[100, 110]],)),
        ("cohort_survival", ([[100, None, 90]],)),
        ("cohort_survival", ([[None, 80, 70]],)),
        ("cohort_survival", ([[100, "eighty", 70]],)),
        ("cohort_survival", ([[100, -1]],)),
        ("cohort_survival", (column(100, 80),)),
        ("cohort_active", ([[10, 12]],)),
        ("cohort_ltv", (MONEY, 80, 0.1)),
        ("cohort_ltv", (MONEY, 0.8, 10)),
        ("cohort_ltv", (MONEY, 0.8, 0.1, 1.5)),
        ("cac", (-5, 2)),
        ("payback", (100, 10, 80)),
        ("simple_ltv", (100, 0.8, 5)),
        ("lifetime_to_churn", (0.5,)),
        ("grr", (100, 60, 50)),
        ("tam", (100, 40, 0.1, 10)),
        ("tam", (100, 0.4, 0.1, 10, "SMA")),
        ("score", ([[1, 2]], [[0.5]])),
        ("score", ([[1, 2]], [[0, 0]])),
        ("score", ([[1, 2]], [[1, -1]])),
        ("score", ([[1, 2]], [[1, 1]], "perhaps")),
        ("grade", (1, 5, 5)),
        ("what_if", (column(1, 2), column(0.1, 0.2), 3, 0.1)),
        ("what_if", (column(1, 2), column(0.1, 0.2), 1, -1.5)),
        ("what_if", (column(1, 2), column(0.1), 1, 0.1)),
        ("funnel", (column(10, 20),)),
    ],
)
def test_arguments_that_cannot_be_used_give_no_number(name, arguments):
    with pytest.raises(BadArguments):
        getattr(functions, f"seg_{name}")(*arguments)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("rate_low", (0, 0)),
        ("rate_low", (None, 20)),
        ("rate_cautious", (0, 0, 5, 50)),
        ("rate", (column(30, None), column(40, 50))),
        ("rate", (column(None), column(None))),
        ("won_share", (0, 0)),
        ("index", (1, 0)),
        ("cac", (500, 0)),
        ("cac", (None, 10)),
        ("payback", (100, 10, 0)),
        ("payback", (100, 10, -0.2)),
        ("simple_ltv", (100, 0.8, 0)),
        ("churn_to_lifetime", (0,)),
        ("ltv_to_cac", (100, 0)),
        ("nrr", (0, 0, 0, 0)),
        ("growth", (0, 10, 2)),
        ("tam", (None, 0.4, 0.1, 10, "TAM")),
        ("market_share", (1, 0, 0.5)),
        ("cohort_survival", ([[100, None], [50, None]],)),
        ("cohort_survival", ([[0, 0]],)),
        ("cohort_ltv", (MONEY, 0.8, 0.1, 3)),
        ("retention_ltv", (COHORTS, 10, 0.8, 0.1, 4)),
        ("score", ([[1, None]], [[1, 1]])),
        ("score", ([[1, 2]], [[1, 1]], [["yes", "no"]])),
        ("what_if", (column(1, 2), column(0.1, None), 1, 0.1)),
        ("what_if", ([["A", 1], ["a", 2]], column(0.1, 0.2), "A", 0.1)),
        ("what_if", (column(5), column(0.1), 1, -1)),
    ],
)
def test_what_is_not_known_is_not_available(name, arguments):
    with pytest.raises(NotAvailable):
        getattr(functions, f"seg_{name}")(*arguments)


def test_unknown_spend_is_not_a_cost_of_nothing():
    assert functions.seg_cac(0, 10) == 0
    with pytest.raises(NotAvailable):
        functions.seg_cac(column(500, None), column(5, 5))


def test_four_of_four_is_no_winner():
    few = functions.seg_rate_cautious(4, 4, 300, 1000)
    many = functions.seg_rate_cautious(200, 400, 300, 1000)
    assert few < 0.36 < many


def test_a_failed_must_have_leaves_a_row_without_score():
    scores = [[1, 2], [3, 4], [5, 6]]
    shown = functions.seg_score(scores, [[1, 1]], column("yes", "no", None))
    assert shown == [[1.5], [""], [5.5]]


def test_the_order_of_scores_comes_with_how_firm_it_is():
    table = functions.seg_rank(column("A", "B", "C"), [[9, 9], [8, 8], [0, 10]], [1, 1])
    assert [row[0] for row in table[1:]] == ["A", "B", "C"]
    first = {row[0]: row[3] for row in table[1:]}
    assert first["B"] == 0  # A is better on both
    assert first["C"] == pytest.approx(0.1, abs=0.02)  # where the second counts for nine tenths
    assert sum(first.values()) == pytest.approx(1)


def test_a_value_by_month_adds_up_to_the_lifetime_value():
    table = functions.seg_cohort_value(MONEY, 0.8, 0.1)
    assert table[-1][-1] == pytest.approx(functions.seg_cohort_ltv(MONEY, 0.8, 0.1))
    first = 0.8 * (5000 + 6600) / 220
    assert table[1][2] == pytest.approx(first)


def test_months_that_few_customers_have_reached_are_not_counted_unless_asked_for():
    table = [[50, 500, 500], [5, 50, None]]
    late = [[5, 50, 50, 900], [50, 500, 500, None]]
    assert functions.seg_cohort_ltv(late, 1, 0) == functions.seg_cohort_ltv(table, 1, 0)
    assert functions.seg_cohort_ltv(late, 1, 0, 3) > functions.seg_cohort_ltv(late, 1, 0) + 100


@given(
    st.lists(
        st.lists(st.integers(0, 60), min_size=2, max_size=6).map(lambda r: sorted(r)[::-1]),
        min_size=1,
        max_size=5,
    )
)
def test_a_cohort_table_is_the_curve_of_its_customers_one_by_one(rows):
    """The same people told one by one, and estimated from those: when each left, or was last seen."""
    if not sum(row[0] for row in rows):
        return
    ages = max(map(len, rows))
    events, censored = np.zeros(ages), np.zeros(ages)
    for row in rows:
        for age in range(1, len(row)):
            events[age] += row[age - 1] - row[age]
        censored[len(row) - 1] += row[-1]
    curve = kaplan_meier(np.arange(ages), events, censored)
    table = functions.seg_cohort_survival([r + [None] * (ages - len(r)) for r in rows])
    for age, at_risk, gone, share, low, high in table[2:]:
        assert gone == events[age]
        step = int(np.searchsorted(curve.times, age, side="right")) - 1
        assert share == pytest.approx(curve.survival[step] if step >= 0 else 1.0)
        if share and at_risk:
            assert (low, high) == pytest.approx(loglog_interval(curve, age))
    reached = len(table) - 1
    paid = functions.seg_retention_ltv(
        [r + [None] * (ages - len(r)) for r in rows], 10, 0.5, 0, reached
    )
    kept = annuity(curve, reached, 0.0)
    assert kept is None or paid == pytest.approx(5 * kept)


def test_a_row_of_totals_changes_no_what_if():
    plain = functions.seg_what_if([["A", 20], ["B", 80]], column(0.12, 0.05), "A", 0.1)
    for name in ("Total", "Company"):
        rows = [["A", 20], ["B", 80], [name, 100]]
        assert functions.seg_what_if(rows, column(0.12, 0.05, 0.064), "A", 0.1) == plain
    bare = column(20, 80, 100)
    assert functions.seg_what_if(bare, column(0.12, 0.05, "6.4%"), 1, 0.1) == plain
    largest = functions.seg_what_if(column(20, 30, 50), column(0.1, 0.2, 0.4), 3, 0.1)
    assert largest == pytest.approx((2 + 6 + 22) / 105)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("tam", (1000, 40, 0.1, 10), "reachable is 40; write 40% or 0.4."),
        ("payback", (1000, 100, 75), "margin is 75; write 75% or 0.75."),
        ("simple_ltv", (500, 0.8, 5), "monthly_churn is 5; write 5% or 0.05."),
        ("rate_high", (45, 100, 95), "confidence is 95; write 95% or 0.95."),
        ("cohort_ltv", (MONEY, 0.8, 10), "annual_discount is 10; write 10% or 0.1."),
        (
            "rate_low",
            ("45%", 100),
            "successes is 0.45, a share: give how many succeeded, not which part.",
        ),
    ],
)
def test_per_cent_without_its_sign_is_told_how_to_be_written(name, arguments, said):
    with pytest.raises(BadArguments) as found:
        getattr(functions, f"seg_{name}")(*arguments)
    assert str(found.value) == said


def test_a_dash_is_an_empty_cell():
    with pytest.raises(NotAvailable, match="successes is blank"):
        functions.seg_rate_low("-", 100)
