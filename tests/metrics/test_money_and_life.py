import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

from mapseg_xl.metrics.acquisition import cac, ltv_to_cac, payback_months
from mapseg_xl.metrics.churn import churned_share, monthly_churn
from mapseg_xl.metrics.lifetime import median_lifetime_months, rmst_months, survival
from mapseg_xl.metrics.lifetime_value import ltv, ltv_draws
from mapseg_xl.metrics.revenue import arpu, revenue_per_customer
from tests.bases import bound, context, customers, performance, trait

DRUG_TIMES = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
DRUG_EVENTS = [1] * 9 + [0] * 12


def estimate(of, base, as_of=None, horizon=12, tau=12.0, **settings):
    rows, whole, made = bound(base, as_of, **settings)
    return of(whole, context(rows, made, horizon, tau))


def the_drug_arm(**more):
    return customers(tenure_months=DRUG_TIMES, churned=DRUG_EVENTS, **more)


@pytest.mark.parametrize(
    ("month", "still"),
    [
        (6, 0.8571),
        (7, 0.8067),
        (10, 0.7529),
        (13, 0.6902),
        (16, 0.6275),
        (22, 0.5378),
        (23, 0.4482),
    ],
)
def test_share_still_here_is_the_published_one(month, still):  # T14
    got = estimate(lambda t, c: survival(t, c, month), the_drug_arm())
    assert got.value == pytest.approx(still, abs=0.00005)
    assert got.n == 21


def test_median_and_average_months_are_the_published_ones():  # T14
    assert estimate(median_lifetime_months, the_drug_arm()).value == 23
    got = estimate(rmst_months, the_drug_arm(), tau=23.0)
    assert got.value == pytest.approx(17.909, abs=0.0005)
    assert got.variance**0.5 == pytest.approx(1.5532, abs=0.00005)


def test_lifetime_value_is_the_published_one():  # T36: 50 a month, 1 % a month, 24 payments
    annual = 1.01**12 - 1
    base = the_drug_arm(revenue_monthly=[50.0] * 21)
    got = estimate(ltv, base, horizon=24, annual_discount=annual, gross_margin=1.0)
    assert got.value == pytest.approx(832.14, abs=0.005)


def test_payback_counts_those_who_leave():  # T36: the ninth payment
    annual = 1.01**12 - 1
    base = the_drug_arm(revenue_monthly=[50.0] * 21, acquisition_cost=[400.0] * 21)
    got = estimate(payback_months, base, horizon=24, annual_discount=annual, gross_margin=1.0)
    assert got.value == 9
    assert "81%" in got.note


def test_cost_to_win_a_customer_is_spend_over_new_customers():  # T25
    assert estimate(cac, customers(status=[2] * 75, acquisition_cost=[1000.0] * 75)).value == 1000
    lost_leads = customers(status=[2] * 25 + [0] * 25, acquisition_cost=[1000.0] * 50)
    assert estimate(cac, lost_leads).value == 2000


def test_payback_and_ratio_of_the_showcase():  # T24 simple form: value 2500 at cost 500 is 5
    base = customers(
        tenure_months=[40.0] * 40,
        churned=[0] * 40,
        revenue_monthly=[75.0] * 40,
        acquisition_cost=[500.0] * 40,
    )
    got = estimate(payback_months, base, horizon=36, annual_discount=0.0, gross_margin=1.0)
    assert got.value == 7  # 500 / 75 = 6.67: the seventh payment covers it
    ratio = estimate(ltv_to_cac, base, horizon=36, annual_discount=0.0, gross_margin=1.0)
    assert ratio.value == pytest.approx(36 * 75 / 500)


def test_without_a_margin_there_is_revenue_over_months_but_no_ratio_and_no_payback():
    base = the_drug_arm(revenue_monthly=[50.0] * 21, acquisition_cost=[400.0] * 21)
    assert "12-month revenue" in estimate(ltv, base).note
    assert estimate(ltv_to_cac, base).value is None
    assert "gross margin" in estimate(payback_months, base).note


def test_nobody_has_left_gives_a_value_for_the_horizon_only():
    base = customers(tenure_months=[20.0] * 40, churned=[0] * 40, revenue_monthly=[10.0] * 40)
    got = estimate(ltv, base, gross_margin=0.5, annual_discount=0.0)
    assert got.value == pytest.approx(60.0)
    assert "nobody has left" in got.note


def test_a_zero_cost_gives_no_ratio_and_spend_without_customers_no_cost():
    free = the_drug_arm(revenue_monthly=[50.0] * 21, acquisition_cost=[0.0] * 21)
    assert estimate(ltv_to_cac, free, gross_margin=0.8).value is None
    assert estimate(cac, free).value == 0
    nobody = estimate(cac, customers(status=[0, 0], acquisition_cost=[10.0, 20.0]))
    assert nobody.value is None
    assert "no new customer" in nobody.note


def test_payback_that_never_comes_is_empty_and_says_so():
    base = the_drug_arm(revenue_monthly=[1.0] * 21, acquisition_cost=[4000.0] * 21)
    got = estimate(payback_months, base, gross_margin=0.8)
    assert got.value is None
    assert "never within 12 months" in got.note


def test_draws_of_lifetime_value_lie_around_it():
    r = np.random.default_rng(3)
    n = 1500
    base = customers(
        customer_id=[f"c{i}" for i in range(n)],
        tenure_months=r.integers(0, 40, n).tolist(),
        churned=(r.random(n) < 0.4).astype(int).tolist(),
        revenue_monthly=r.gamma(2, 20, n).tolist(),
    )
    rows, whole, made = bound(base, gross_margin=0.7)
    c = context(rows, made)
    got = ltv(whole, c)
    draws = ltv_draws(whole, c)
    assert draws.mean() == pytest.approx(got.value, rel=0.01)
    assert got.low < got.value < got.high


def test_redrawing_rows_gives_the_bootstrap_of_rows():
    """A naive second version: resample customers, fit lifelines anew, and compare the spread."""
    r = np.random.default_rng(8)
    n = 120
    tenure, churned = r.integers(1, 24, n), r.random(n) < 0.4
    price = r.gamma(2, 20, n)
    base = customers(
        tenure_months=tenure.tolist(),
        churned=churned.astype(int).tolist(),
        revenue_monthly=price.tolist(),
    )
    rows, whole, made = bound(base, gross_margin=1.0, annual_discount=0.0)
    ours = ltv_draws(whole, context(rows, made))
    naive = []
    for _ in range(150):
        at = r.integers(0, n, n)
        curve = KaplanMeierFitter().fit(tenure[at], churned[at])
        naive.append(price[at].mean() * curve.survival_function_at_times(range(12)).sum())
    assert np.std(ours) == pytest.approx(np.std(naive), rel=0.25)
    assert np.mean(ours) == pytest.approx(np.mean(naive), rel=0.03)


def test_monthly_churn_is_events_over_months_lived():
    got = estimate(monthly_churn, the_drug_arm())
    assert got.value == pytest.approx(9 / 359)
    assert got.n == 359


def test_nobody_left_is_a_rate_of_zero_with_an_upper_limit():
    got = estimate(monthly_churn, customers(tenure_months=[10, 12], churned=[0, 0]))
    assert got.value == 0
    assert got.low == 0
    assert got.high > 0


def test_churned_share_has_customers_and_churned_below_the_line():
    got = estimate(churned_share, customers(status=[0, 1, 2, 2, 3]))
    assert (got.events, got.n) == (1, 3)


def test_a_price_is_averaged_over_everybody_who_ever_paid():
    base = customers(status=[2, 2, 3, 0], revenue_monthly=[10.0, None, 30.0, 500.0])
    assert estimate(arpu, base).value == 20.0


def test_without_prices_revenue_is_divided_by_months_lived():
    base = customers(
        status=[2, 3], tenure_months=[10.0, 30.0], churned=[0, 1], revenue_total=[100.0, 900.0]
    )
    assert estimate(arpu, base).value == pytest.approx(25.0)


def test_revenue_so_far_is_shown_and_never_judged():
    base = customers(
        status=[2] * 80,
        revenue_total=[10.0] * 40 + [900.0] * 40,
        traits=[trait("plan", ["A"] * 40 + ["B"] * 40)],
    )
    row = performance(base, "revenue_per_customer", "plan")["B"]
    assert (row.verdict, row.note.split(";")[0]) == ("not_available", "depends on age")
    assert row.value == 900


def test_average_months_equal_lifelines():
    r = np.random.default_rng(2)
    tenure, churned = r.integers(0, 30, 300), r.random(300) < 0.5
    base = customers(tenure_months=tenure.tolist(), churned=churned.astype(int).tolist())
    km = KaplanMeierFitter().fit(tenure, churned)
    expected = restricted_mean_survival_time(km, t=24)
    assert estimate(rmst_months, base, tau=24.0).value == pytest.approx(expected, rel=1e-9)


def test_months_come_from_dates_where_no_tenure_is_given():
    base = customers(converted_on=["2024-01-15", "2024-01-15"], churned_on=["2025-01-15", None])
    _, whole, _ = bound(base, "2025-03-15")
    assert whole.lifetimes.months.times.tolist() == [12.0, 14.0]


def test_a_churned_customer_without_a_date_is_left_out_and_counted():
    base = customers(converted_on=["2024-01-15", "2024-01-15"], churned=[1, 0])
    got = estimate(monthly_churn, base, "2025-03-15")
    assert "1 customer left out" in got.note
    assert revenue_per_customer(bound(base)[1], None).value is None


def test_where_nothing_says_who_has_left_nothing_is_said_about_staying():
    base = customers(status=[2] * 40, tenure_months=[12.0] * 40, revenue_monthly=[10.0] * 40)
    for of in (monthly_churn, churned_share, ltv, rmst_months, median_lifetime_months):
        got = estimate(of, base)
        assert got.value is None
        assert "who has left" in got.note
    assert estimate(arpu, base).value == 10.0


def test_what_deals_are_worth_is_not_revenue_a_month():
    """Lost deals have an amount too, which nobody has paid; what was paid stays money over months."""
    won = [1, 0, 0, 1, 0, 1] * 10
    days = ["2025-01-05" if w else None for w in won]
    worth = [100.0 + at for at in range(60)]
    deals = customers(outcome=won, revenue_total=worth, converted_on=days)
    assert estimate(arpu, deals, "2025-07-05").value is None
    assert estimate(revenue_per_customer, deals, "2025-07-05").value == pytest.approx(130.0, abs=2)
    paid = [amount if w else None for amount, w in zip(worth, won, strict=True)]
    billed = customers(outcome=won, revenue_total=paid, converted_on=days)
    assert estimate(arpu, billed, "2025-07-05").value == pytest.approx(130 / 6, rel=0.05)
