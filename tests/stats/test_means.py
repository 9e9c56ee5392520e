"""Means and ratios of sums against scipy and statsmodels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mapseg_xl.stats.means import ratio_of_sums, t_interval, welch, welch_of_variances

amounts = st.lists(st.floats(-1e4, 1e4).map(lambda x: round(x, 2)), min_size=2, max_size=40)


def summary(values):
    values = np.asarray(values, dtype=float)
    return values.size, values.mean(), ((values - values.mean()) ** 2).sum()


def spreads(values):
    return len(set(values)) > 1


@given(amounts.filter(spreads), st.sampled_from([0.8, 0.95]))
def test_t_limits_are_scipys(values, confidence):
    other = stats.ttest_1samp(values, 0).confidence_interval(confidence)
    scale = max(abs(v) for v in values)
    assert t_interval(*summary(values), confidence) == pytest.approx(
        (other.low, other.high), rel=1e-8, abs=1e-9 * scale
    )


@given(amounts.filter(spreads), amounts.filter(spreads))
def test_welch_is_scipys(first, second):
    got = welch(*summary(first), *summary(second))
    other = stats.ttest_ind(first, second, equal_var=False)
    limits = other.confidence_interval()
    assert got.p == pytest.approx(other.pvalue, rel=1e-6, abs=1e-12)
    assert got.df == pytest.approx(other.df, rel=1e-6)
    scale = max(map(abs, first + second))
    assert (got.low, got.high) == pytest.approx(tuple(limits), rel=1e-6, abs=1e-8 * scale)


def test_one_value_or_none_has_no_interval():
    assert t_interval(0, 0.0, 0.0) == (None, None)
    assert t_interval(1, 5.0, 0.0) == (None, None)
    assert welch(1, 5.0, 0.0, 10, 3.0, 9.0) == (2.0, None, None, None, None)
    assert welch(0, 0.0, 0.0, 10, 3.0, 9.0) == (None,) * 5


def test_constant_sides_have_an_interval_without_width_and_no_p():
    assert welch(5, 3.0, 0.0, 7, 2.0, 0.0) == (1.0, 1.0, 1.0, None, None)
    assert t_interval(5, 3.0, 0.0) == (3.0, 3.0)


def test_one_constant_side_leaves_the_spread_of_the_other():
    got = welch(5, 3.0, 0.0, 4, 2.0, 12.0)
    assert got.df == pytest.approx(3)
    assert got.high - got.low == pytest.approx(2 * stats.t.ppf(0.975, 3) * 1.0)


def test_rounding_noise_below_zero_counts_as_no_spread():
    assert t_interval(5, 3.0, -1e-12) == (3.0, 3.0)


def test_tiny_amounts_do_not_underflow():
    got = welch(5, 3e-200, 4e-320, 4, 2e-200, 12e-320)
    assert got.df is not None
    assert np.isfinite(got.df)


def test_a_spread_that_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        t_interval(5, 3.0, float("nan"))


@given(st.lists(st.tuples(st.integers(-500, 5000), st.integers(1, 60)), min_size=3, max_size=50))
def test_variance_of_a_ratio_of_sums_is_that_of_the_mean_residual(rows):
    y, x = np.array(rows, dtype=float).T
    value, variance = ratio_of_sums(
        y.size, y.sum(), x.sum(), (y * y).sum(), (x * y).sum(), (x * x).sum()
    )
    residual = y - value * x
    assert value == pytest.approx(y.sum() / x.sum())
    other = residual.var(ddof=1) / y.size / x.mean() ** 2
    assert variance == pytest.approx(other, rel=1e-6, abs=1e-6)


def test_variance_of_a_ratio_of_sums_is_near_that_of_the_bootstrap():
    rng = np.random.default_rng(5)
    x = rng.uniform(1, 30, 400)
    y = 20 * x + rng.normal(0, 60, 400)
    _, variance = ratio_of_sums(400, y.sum(), x.sum(), (y * y).sum(), (x * y).sum(), (x * x).sum())
    drawn = rng.integers(0, 400, (4000, 400))
    draws = y[drawn].sum(axis=1) / x[drawn].sum(axis=1)
    assert variance == pytest.approx(draws.var(), rel=0.08)


def test_a_ratio_over_nothing_is_undefined():
    assert ratio_of_sums(0, 0, 0, 0, 0, 0) == (None, None)
    assert ratio_of_sums(3, 5.0, 0.0, 9.0, 0.0, 0.0) == (None, None)
    assert ratio_of_sums(1, 5.0, 2.0, 25.0, 10.0, 4.0) == (2.5, None)


def test_two_ratios_compare_as_welch_does_for_means():
    values = np.array([3.0, 5.0, 9.0, 4.0])
    others = np.array([2.0, 8.0, 1.0])
    by_variance = welch_of_variances(
        4, values.mean(), values.var(ddof=1) / 4, 3, others.mean(), others.var(ddof=1) / 3
    )
    assert by_variance == pytest.approx(welch(*summary(values), *summary(others)))
