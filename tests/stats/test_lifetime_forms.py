"""The reference forms agree with the sums they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.stats.lifetime_forms import (
    arpa_over_churn,
    margin_multiple,
    margin_multiple_delayed,
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
