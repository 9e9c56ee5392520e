"""Rates against scipy and statsmodels, and where they are undefined."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mapseg_xl.stats.rates import conditional_binomial_p, poisson_interval, rate_ratio

events = st.integers(0, 500)
exposure = st.floats(0.1, 1e6)


@given(events, exposure, st.sampled_from([0.8, 0.95]))
def test_poisson_limits_are_the_chi_square_quantiles(d, t, confidence):
    side = (1 - confidence) / 2
    low = stats.chi2.ppf(side, 2 * d) / 2 / t if d else 0
    high = stats.chi2.ppf(1 - side, 2 * d + 2) / 2 / t
    assert poisson_interval(d, t, confidence) == pytest.approx((low, high), rel=1e-8)


@given(st.integers(1, 500), exposure, st.integers(1, 500), exposure)
def test_rate_ratio_is_that_of_statsmodels(d1, t1, d2, t2):
    from statsmodels.stats.rates import confint_poisson_2indep

    value, low, high = rate_ratio(d1, t1, d2, t2)
    other = confint_poisson_2indep(d1, t1, d2, t2, method="waldcc", compare="ratio")
    plain = np.exp(
        np.log(value) + np.array([-1, 1]) * 1.959963984540054 * np.hypot(d1**-0.5, d2**-0.5)
    )
    assert (low, high) == pytest.approx(tuple(plain), rel=1e-9)
    assert other[0] < value * 1.2  # statsmodels corrects for continuity: near, not equal
    assert value == pytest.approx((d1 / t1) / (d2 / t2))


@given(st.integers(0, 60), exposure, st.integers(0, 60), exposure)
def test_swapped_sides_give_the_inverse_ratio(d1, t1, d2, t2):
    there, back = rate_ratio(d1, t1, d2, t2), rate_ratio(d2, t2, d1, t1)
    if there.value and back.value:
        assert there.value * back.value == pytest.approx(1)
    if there.high and back.low:
        assert there.high * back.low == pytest.approx(1, rel=1e-6)


def test_a_side_without_event_takes_the_exact_limits_of_its_part():
    ratio = rate_ratio(0, 50.0, 8, 100.0)
    part = stats.binomtest(0, 8).proportion_ci(0.95).high
    assert ratio.value == 0
    assert ratio.low == 0
    # With this ratio the first side would get that part of the events.
    assert ratio.high * 50 / (ratio.high * 50 + 100) == pytest.approx(part)
    assert rate_ratio(8, 100.0, 0, 50.0) == (None, pytest.approx(1 / ratio.high), None)


@pytest.mark.parametrize("sides", [(0, 10.0, 0, 10.0), (3, 0.0, 4, 10.0), (3, 10.0, 4, 0.0)])
def test_a_ratio_without_events_or_without_exposure_is_undefined(sides):
    assert rate_ratio(*sides) == (None, None, None)


def test_a_rate_without_exposure_is_undefined_even_with_events():
    assert poisson_interval(0, 0.0) == (None, None)
    assert poisson_interval(2, 0.0) == (None, None)
    assert conditional_binomial_p(2, 0.0, 3, 10.0) is None


def test_no_event_on_either_side_is_no_evidence():
    assert conditional_binomial_p(0, 10.0, 0, 20.0) == 1


@given(st.integers(0, 300), st.floats(1, 1e4), st.integers(0, 300), st.floats(1, 1e4))
def test_the_test_of_two_rates_is_scipys_binomial_test(d1, t1, d2, t2):
    if d1 + d2:
        other = stats.binomtest(d1, d1 + d2, t1 / (t1 + t2)).pvalue
        got = conditional_binomial_p(d1, t1, d2, t2)
        assert got == pytest.approx(other, rel=1e-7, abs=1e-14)


def test_the_test_of_two_rates_is_quick_for_half_a_million_events():
    began = time.process_time()
    got = conditional_binomial_p(200_000, 1e6, 301_000, 1.5e6)
    assert time.process_time() - began < 0.5
    other = stats.binomtest(200_000, 501_000, 0.4).pvalue
    assert got == pytest.approx(other, rel=1e-5)


@pytest.mark.parametrize(("d", "t"), [(-1, 5.0), (1.5, 5.0), (1, -5.0), (1, float("nan"))])
def test_impossible_events_and_exposures_are_refused(d, t):
    with pytest.raises(ValueError, match="must be"):
        poisson_interval(d, t)
