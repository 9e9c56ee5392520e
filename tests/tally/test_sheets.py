"""Tallies of what a team has counted itself."""

from datetime import date

import numpy as np
import pytest

from mapseg_xl.intake.tables import EVERYBODY, CohortRow, CohortTable, Pivot, PivotLine
from mapseg_xl.metrics.base import Context
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.settings import Settings
from mapseg_xl.stats.resampling import fold_weights
from mapseg_xl.tally.cohort_sheets import closed_on, lifetimes_of, of_all
from mapseg_xl.tally.sheets import count_sheets
from mapseg_xl.tally.tally import Question

ASKED = Question(None, None)


def pivot(field, sheet="Pivot", remarks=None, **segments):
    lines = tuple(PivotLine((name,), figures, {}) for name, figures in segments.items())
    return Pivot("t.xlsx", sheet, "A1:B9", (field,), lines, remarks=remarks or {})


def table(cells, sizes, segment="", times=(1.0, 2.0, 3.0), kind="retained"):
    names = [f"2025-{m:02}" for m in range(1, len(cells) + 1)]
    rows = tuple(CohortRow(*row) for row in zip(names, sizes, cells, strict=True))
    field = "Industry" if segment else ""
    return CohortTable("t.xlsx", "C", "A1:D4", kind, rows, times, (1, 2, 3), field, segment)


def estimate(name, tally, horizon=2, **settings):
    made = Settings(**settings)
    return metric(name).estimate(tally, Context(made, horizon, 3.0, fold_weights(1, 100, 1)))


def test_segments_and_everyone_else_add_up_to_the_whole():
    counts = {
        "size": 30.0,
        "leads": 20.0,
        "customers": 8.0,
        "churned": 2.0,
        "started": 30.0,
        "converted": 10.0,
    }
    (cut,) = count_sheets(
        [pivot("Industry", A=counts, B=dict.fromkeys(counts, 6.0))], [], ASKED
    ).cuts
    rest = cut.whole.minus(cut.tallies[0])
    assert (cut.whole.size, rest.size, rest.conversion.converted, rest.churned) == (36, 6, 6, 6)


def test_what_one_sheet_lacks_another_of_the_same_segments_gives():
    money = pivot(
        "industry ", "Money", A={"price": 80.0, "price_n": 8.0}, B={"price": 9.0, "price_n": 3.0}
    )
    life = pivot("Industry", A={"size": 9.0, "customers": 9.0}, B={"size": 3.0, "customers": 3.0})
    for order in ([money, life], [life, money]):
        (cut,) = count_sheets(order, [], ASKED).cuts
        assert [(t.customers, t.price_sums.mean) for t in cut.tallies] == [(9, 10), (3, 3)]


def test_everybody_is_no_customer_where_another_sheet_counts_leads():
    everybody = {"customers": EVERYBODY}
    by_region = pivot("Region", remarks=everybody, EU={"size": 50.0, "customers": 50.0})
    by_life = pivot("Industry", A={"size": 50.0, "leads": 40.0, "customers": 10.0})
    region, _ = count_sheets([by_region, by_life], [], ASKED).cuts
    assert (region.whole.size, region.whole.customers) == (50, 0)


def test_the_chain_of_a_triangle_is_its_kaplan_meier_curve():
    months = lifetimes_of(table([(90.0, 80.0, 70.0), (45.0, 40.0, None)], (100.0, 50.0))).months
    assert months.events.tolist() == [15, 15, 10]
    assert months.censored.tolist() == [0, 40, 70]


def test_a_cohort_without_a_closed_age_is_left_out_and_counted():
    life = lifetimes_of(table([(90.0, 80.0, 70.0), (None, None, None)], (100.0, 50.0)))
    assert (life.months.n, life.left_out) == (100, 50)


def test_a_month_that_is_not_over_is_open():
    made = table([(90.0, 80.0, 70.0), (45.0, 40.0, 30.0)], (100.0, 50.0))
    cells = [row.cells for row in closed_on(made, date(2025, 3, 30)).rows]
    assert cells == [(90, None, None), (None, None, None)]
    assert [row.cells for row in closed_on(made, date(2025, 3, 31)).rows] == [
        (90, 80, None),
        (45, None, None),
    ]


def test_segments_of_one_field_together_are_the_base():
    parts = [table([(90.0, 80.0, None)], (100.0,), "A"), table([(9.0, 8.0, 7.0)], (10.0,), "B")]
    (whole,) = of_all(parts)
    assert whole.rows[0] == CohortRow("2025-01", 110.0, (99.0, 88.0, None))
    assert count_sheets([], parts, ASKED).whole.lifetimes.months.n == 110


def test_value_has_a_range_where_the_spread_of_prices_is_known():
    counts = {"size": 100.0, "customers": 70.0, "churned": 30.0, "price": 5000.0, "price_n": 100.0}
    life = [table([(90.0, 80.0, 70.0)], (100.0,), "A")]
    (without,) = count_sheets([pivot("Industry", A=counts)], life, ASKED).cuts
    spread = {**counts, "price_squares": 99 * 10**2 + 5000**2 / 100}
    (known,) = count_sheets([pivot("Industry", A=spread)], life, ASKED).cuts
    bare, ranged = estimate("ltv", without.tallies[0]), estimate("ltv", known.tallies[0])
    discount = 1.1 ** (-1 / 12)
    assert bare.value == ranged.value == pytest.approx(50 * (1 + 0.9 * discount))
    assert (bare.low, bool(bare.untested)) == (None, True)
    # delta method: the variances of the price and of S(1), each times the square of the other factor
    by_price = (1 + 0.9 * discount) ** 2 * 1.0
    by_curve = (50 * discount) ** 2 * 0.9 * 0.1 / 100
    assert ranged.variance == pytest.approx(by_price + by_curve)
    assert ranged.low == pytest.approx(
        ranged.value - 1.959964 * np.sqrt(by_price + by_curve), rel=1e-6
    )


def test_customer_months_and_losses_give_a_rate_with_its_range():
    counts = {"size": 50.0, "customers": 40.0, "churned": 10.0, "months": 400.0}
    (cut,) = count_sheets([pivot("Industry", A=counts)], [], ASKED).cuts
    rate = estimate("monthly_churn", cut.tallies[0])
    assert (rate.value, rate.n, rate.events) == (0.025, 400, 10)
    assert rate.low == pytest.approx(4.7954 / 400, abs=1e-6)  # half of chi2(.025, 20)


def test_spend_and_new_customers_give_what_one_costs():
    counts = {
        "size": 50.0,
        "leads": 30.0,
        "customers": 20.0,
        "started": 50.0,
        "converted": 20.0,
        "spend": 1000.0,
    }
    (cut,) = count_sheets([pivot("Industry", A=counts)], [], ASKED).cuts
    assert estimate("cac", cut.tallies[0]).value == 50
