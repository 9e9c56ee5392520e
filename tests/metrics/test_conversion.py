import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from mapseg_xl.metrics.conversion import (
    conversion,
    time_to_convert_days,
    win_rate,
    win_rate_by_value,
)
from tests.bases import bound, context, customers, performance, trait


def estimate(of, base, as_of=None, **settings):
    rows, whole, made = bound(base, as_of, **settings)
    return of(whole, context(rows, made))


def test_an_open_trial_counts_in_neither_part_of_the_rate():
    base = customers(
        trial_on=["2025-06-01", "2025-06-20"], converted_on=["2025-06-05", "2025-06-22"]
    )
    got = estimate(conversion, base, "2025-06-30", window_days=14)
    assert (got.events, got.n) == (1, 1)
    assert "1 unit still open on 2025-06-30" in got.note
    assert "converted already" in got.note


def test_a_conversion_after_the_window_is_matured_and_not_converted():
    base = customers(
        trial_on=["2025-01-01", "2025-01-01"], converted_on=["2025-01-15", "2025-01-16"]
    )
    got = estimate(conversion, base, "2025-06-30", window_days=14)
    assert (got.events, got.n) == (1, 2)  # 14 days is inside: the window is inclusive


def test_without_start_dates_the_rate_is_converted_over_all_and_says_that_it_understates():
    got = estimate(conversion, customers(converted=[1, 0, 0, 1, 0]))
    assert (got.events, got.n, got.value) == (2, 5, 0.4)
    assert "understates" in got.note


def test_a_flag_that_is_neither_yes_nor_no_is_left_out_and_counted():
    got = estimate(conversion, customers(status=[2, 0, 0], converted=[1, 0, -1]))
    assert (got.events, got.n) == (1, 2)
    assert "1 row left out" in got.note


def test_a_base_of_customers_only_has_no_conversion():
    got = estimate(conversion, customers(tenure_months=[1, 2], churned=[0, 1]))
    assert got.value is None
    assert "every row is a customer" in got.note


def test_a_conversion_before_the_start_is_left_out():
    base = customers(
        trial_on=["2025-01-10", "2025-01-10"], converted_on=["2025-01-01", "2025-01-12"]
    )
    got = estimate(conversion, base, "2025-06-30", window_days=14)
    assert (got.events, got.n) == (1, 1)


def test_a_window_of_all_counts_everybody_and_names_the_open_ones():
    base = customers(trial_on=["2025-01-10", "2025-06-28"], converted_on=["2025-01-12", None])
    got = estimate(conversion, base, "2025-06-30", window_all=True)
    assert (got.events, got.n) == (1, 2)
    assert "1 unit has not converted so far" in got.note


def test_the_default_window_is_the_smallest_that_holds_nine_in_ten_conversions_of_old_enough_units():
    waits = [5] * 35 + [29] * 3 + [80] * 2
    base = customers(
        trial_on=["2023-01-01"] * 40 + ["2025-06-01"] * 5,
        converted_on=[str(np.datetime64("2023-01-01") + w) for w in waits] + ["2025-06-02"] * 5,
    )
    rows, _, _ = bound(base, "2025-06-30")
    assert rows.question.window_days == 30
    assert "40 conversions" in rows.question.window_reason


def test_what_happens_after_the_as_of_date_has_not_happened():
    base = customers(
        created_on=["2025-01-01", "2025-01-01"],
        converted_on=["2025-02-01", "2025-05-01"],
        churned_on=["2025-04-01", None],
    )
    _, whole, _ = bound(base, "2025-03-01")
    assert (whole.leads, whole.customers, whole.churned) == (1, 1, 0)


def test_rates_over_groups_are_the_ratio_of_the_sums():
    plans = ["A"] * 40 + ["B"] * 30 + ["C"] * 50
    won = [1] * 26 + [0] * 14 + [1] * 15 + [0] * 15 + [1] * 32 + [0] * 18
    base = customers(converted=won, traits=[trait("plan", plans)])
    assert estimate(conversion, base).value == pytest.approx(73 / 120, abs=1e-15)  # T22
    rows = performance(base, "conversion", "plan")
    assert [rows[p].value for p in "ABC"] == [0.65, 0.5, 0.64]
    assert rows["A"].rest_value == pytest.approx(47 / 80)
    assert rows["A"].index == pytest.approx(0.65 / (47 / 80))


def test_days_to_convert_halve_those_who_convert_within_the_window():
    r = np.random.default_rng(4)
    start = np.datetime64("2025-01-01") + r.integers(0, 120, 400)
    wait = r.integers(1, 60, 400)
    done = (r.random(400) < 0.6) & (start + wait <= np.datetime64("2025-05-30"))
    base = customers(
        trial_on=start.astype(str).tolist(),
        converted_on=[str(s + w) if d else None for s, w, d in zip(start, wait, done, strict=True)],
    )
    got = estimate(time_to_convert_days, base, "2025-05-30", window_days=30)
    age = (np.datetime64("2025-05-30") - start).astype(float)
    km = KaplanMeierFitter().fit(np.where(done, wait, age), done)
    curve = km.survival_function_["KM_estimate"]
    still = curve[curve.index <= 30].iloc[-1]
    expected = curve[curve <= 1 - (1 - still) / 2 + 1e-12].index[0]
    assert got.value == expected
    assert got.low <= got.value <= got.high


def test_the_all_data_rate_stands_beside_when_a_fifth_or_more_is_open():
    base = customers(
        trial_on=["2025-01-01"] * 6 + ["2025-06-28"] * 4,
        converted_on=["2025-01-05"] * 3 + [None] * 7,
    )
    got = estimate(conversion, base, "2025-06-30", window_days=14)
    assert "counting them while they were watched: 50.0%" in got.note


def test_win_rate_leaves_open_opportunities_out_of_both_parts():
    base = customers(outcome=[1, 1, 0, -1, -1], revenue_total=[100, 300, 400, None, 5])
    got = estimate(win_rate, base)
    assert (got.events, got.n) == (2, 3)
    assert "2 opportunities not decided yet" in got.note
    assert estimate(win_rate_by_value, base).value == pytest.approx(400 / 800)


def test_no_decided_opportunity_is_no_win_rate():
    assert estimate(win_rate, customers(outcome=[-1, -1])).value is None


def test_lost_deals_without_value_make_no_win_rate_by_value():
    base = customers(outcome=[1] * 20 + [0] * 20, revenue_total=[10.0] * 20 + [0.0] * 20)
    got = estimate(win_rate_by_value, base)
    assert got.value is None
    assert "lost opportunities carry no value" in got.note
