"""The reference forms agree with the sums they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.stats.lifetime_forms import (
    annual_from_period_churn,
    annual_from_person_time,
    arpa_over_churn,
    margin_multiple,
    margin_multiple_delayed,
    monthly_discount,
    simple_payback,
)

retention = st.floats(0.0, 0.98)
discount = st.floats(0.0, 0.5)


@given(retention, discount)
def test_multiples_are_the_sums_over_a_long_life(r, i):
    assert margin_multiple(r, i) == pytest.approx(sum((r / (1 + i)) ** k for k in range(3000)))


@given(retention, discount)
def test_the_two_conventions_differ_by_exactly_one_margin(r, i):
    assert margin_multiple(r, i) - margin_multiple_delayed(r, i) == pytest.approx(1)


def test_without_loss_or_discount_the_sum_has_no_limit():
    assert margin_multiple(1.0, 0.0) is None
    assert margin_multiple_delayed(1.0, 0.0) is None


def test_no_churn_is_never_an_infinite_value():
    assert arpa_over_churn(100, 0.0) is None


def test_no_margin_never_pays_back():
    assert simple_payback(100, 50, 0.0) is None
    assert simple_payback(100, 50, -0.2) is None


@given(st.floats(0.0, 0.08))
def test_yearly_churn_is_less_than_twelve_times_the_monthly(c):
    assert annual_from_period_churn(c) <= 12 * c + 1e-15
    assert annual_from_person_time(c) <= annual_from_period_churn(c) + 1e-15


@given(st.floats(-0.5, 1.0))
def test_twelve_months_compound_to_the_year(annual):
    assert (1 + monthly_discount(annual)) ** 12 == pytest.approx(1 + annual)
