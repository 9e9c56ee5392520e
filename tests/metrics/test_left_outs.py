"""What is unknown is left out and counted, what is 0 is 0, and infinite draws rank."""

import numpy as np
import pytest

from mapseg_xl.metrics.acquisition import cac, compare_cac, compare_payback, ltv_to_cac
from mapseg_xl.metrics.base import known, less
from mapseg_xl.metrics.churn import compare_monthly_churn
from mapseg_xl.metrics.conversion import conversion
from mapseg_xl.metrics.lifetime_value import ltv
from mapseg_xl.metrics.revenue import arpu
from mapseg_xl.tally.groups import tally_groups
from tests.bases import bound, context, customers, performance, trait


def estimate(of, base, as_of=None, horizon=12, **settings):
    rows, whole, made = bound(base, as_of, **settings)
    return of(whole, context(rows, made, horizon))


def compared(of, base, codes, **settings):
    rows, whole, made = bound(base, **settings)
    part = tally_groups(rows, np.array(codes), 1)[0]
    return of(part, whole.minus(part), context(rows, made))


def test_a_customer_of_unknown_cost_is_in_neither_part_of_the_cost():
    base = customers(status=[2, 2, 2, 0], acquisition_cost=[100.0, 300.0, None, 200.0])
    got = estimate(cac, base)
    assert (got.value, got.n) == (300.0, 2)
    assert "1 customer left out: cost unknown" in got.note
    assert estimate(cac, customers(status=[2], acquisition_cost=[0.0])).note == "the cost is 0"


def test_a_cost_of_nothing_is_compared_without_a_ratio():
    gap = compared(compare_cac, customers(status=[2, 2], acquisition_cost=[0.0, 50.0]), [0, -1])
    assert (gap.difference, gap.low, gap.p) == (-50.0, None, None)


def test_against_a_rate_of_nothing_there_is_no_range_of_the_difference():
    base = customers(tenure_months=[10.0] * 4, churned=[1, 1, 0, 0])
    gap = compared(compare_monthly_churn, base, [0, 0, -1, -1])
    assert gap.difference == pytest.approx(0.1)
    assert (gap.low, gap.high) == (None, None)


def test_the_mean_price_of_those_still_here_stands_in_the_note():
    got = estimate(arpu, customers(status=[2, 3], revenue_monthly=[10.0, 30.0]))
    assert got.value == 20
    assert "10.00 for those still here" in got.note


def test_a_margin_of_each_customer_is_used_without_monthly_prices_too():
    base = customers(
        tenure_months=[20.0] * 40,
        churned=[0] * 40,
        revenue_total=[400.0] * 40,
        gross_margin=[0.5] * 39 + [None],
        acquisition_cost=[60.0] * 40,
    )
    got = estimate(ltv, base, annual_discount=0.0)
    assert got.value == pytest.approx(12 * 20 * 0.5)
    assert "no margin is known" not in got.note
    assert "1 customer left out: margin unknown" in got.note
    assert estimate(ltv_to_cac, base, annual_discount=0.0).value == pytest.approx(2.0)


def test_few_customers_make_a_value_that_is_probably_too_narrow():
    few = customers(tenure_months=[20.0] * 50, churned=[0] * 50, revenue_monthly=[9.0] * 50)
    assert "range probably too narrow" in estimate(ltv, few).note


def test_who_left_on_the_first_day_has_paid_all_the_same():
    base = customers(
        status=[2, 3], tenure_months=[10.0, 0.0], churned=[0, 1], revenue_total=[100.0, 20.0]
    )
    assert estimate(arpu, base).value == pytest.approx(12.0)


def test_flags_without_dates_say_that_the_window_is_not_known_to_hold_them():
    base = customers(trial_on=["2025-01-01"] * 3, converted=[1, 0, 0])
    assert "no conversion dates" in estimate(conversion, base, "2025-06-30").note


def test_a_draw_without_any_customer_is_the_worst_and_none_is_lost():
    draws = known(less(np.array([1.0, np.inf, np.inf, np.nan]), np.array([0.5, 2.0, np.inf, 1.0])))
    assert draws.tolist() == [0.5, np.inf]


def test_sooner_paid_back_but_worth_less_is_neither_better_nor_worse():
    n = 200
    base = customers(
        tenure_months=[40.0] * (2 * n),
        churned=[0] * (2 * n),
        revenue_monthly=[10.0] * n + [100.0] * n,
        acquisition_cost=[20.0] * n + [900.0] * n,
        traits=[trait("plan", ["cheap"] * n + ["dear"] * n)],
    )
    row = performance(base, "payback_months", "plan", horizon=36, gross_margin=1.0)["cheap"]
    assert row.difference < 0
    assert row.verdict == "cant_tell"
    assert "value less cost points the other way" in row.note


def test_payback_is_judged_by_value_less_cost():
    n = 200
    r = np.random.default_rng(4)
    base = customers(
        tenure_months=[40.0] * (2 * n),
        churned=[0] * (2 * n),
        revenue_monthly=[*r.normal(50, 3, n), *r.normal(25, 3, n)],
        acquisition_cost=[100.0] * (2 * n),
    )
    gap = compared(compare_payback, base, [0] * n + [-1] * n, gross_margin=1.0, annual_discount=0.0)
    assert gap.difference == -2
    assert gap.p == pytest.approx(2 / 401)
