"""Shares against scipy, statsmodels and their own symmetries."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mapseg_xl.stats.exact import binomial_p, fisher_p
from mapseg_xl.stats.intervals import chi_square_p_value, normal_p, normal_quantile
from mapseg_xl.stats.proportions import (
    chi_square_p,
    clopper_pearson,
    newcombe,
    two_proportion_p,
    wilson,
)

counts = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
some = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(some, st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_limits_are_scipys(pair, confidence):
    x, n = pair
    other = stats.binomtest(x, n).proportion_ci(confidence, method="wilson")
    assert wilson(x, n, confidence) == pytest.approx((other.low, other.high), abs=1e-12)


@given(some)
def test_wilson_limits_hold_the_share_and_stay_in_0_to_1(pair):
    x, n = pair
    low, high = wilson(x, n)
    assert 0 <= low <= x / n <= high <= 1
    assert low < high


def test_wilson_limits_at_the_ends_are_exactly_0_and_1():
    assert {wilson(0, n).low for n in range(1, 500)} == {0.0}
    assert {wilson(n, n).high for n in range(1, 500)} == {1.0}


@given(some)
def test_wilson_limits_of_the_failures_mirror_those_of_the_successes(pair):
    x, n = pair
    low, high = wilson(x, n)
    assert wilson(n - x, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_a_share_of_nothing_has_no_limits():
    assert wilson(0, 0) == (None, None)
    assert clopper_pearson(0, 0) == (None, None)
    assert newcombe(0, 0, 3, 10) == (None, None)
    assert newcombe(3, 10, 0, 0) == (None, None)
    assert two_proportion_p(0, 0, 3, 10) is None


@pytest.mark.parametrize(("x", "n"), [(-1, 5), (6, 5), (1, -1), (float("nan"), 5), (1, np.inf)])
def test_impossible_counts_are_refused(x, n):
    for compute in (wilson, clopper_pearson):
        with pytest.raises(ValueError, match="between 0 and n"):
            compute(x, n)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.1, float("nan")])
def test_a_confidence_outside_0_to_1_is_refused(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(3, 10, confidence)


@given(some, st.sampled_from([0.8, 0.95]))
def test_exact_limits_are_scipys(pair, confidence):
    x, n = pair
    other = stats.binomtest(x, n).proportion_ci(confidence, method="exact")
    assert clopper_pearson(x, n, confidence) == pytest.approx((other.low, other.high), abs=1e-9)


@given(some, some)
def test_newcombe_limits_are_those_of_statsmodels(first, second):
    from statsmodels.stats.proportion import confint_proportions_2indep

    other = confint_proportions_2indep(*first, *second, compare="diff", method="newcomb")
    assert newcombe(*first, *second) == pytest.approx(other, abs=1e-9)


@given(some, some)
def test_newcombe_of_the_swapped_sides_is_the_mirror_image(first, second):
    low, high = newcombe(*first, *second)
    assert newcombe(*second, *first) == pytest.approx((-high, -low), abs=1e-12)


@given(some, some)
def test_p_of_two_shares_is_pooled_z_or_fisher_by_the_expected_cells(first, second):
    (x1, n1), (x2, n2) = first, second
    table = np.array([[x1, n1 - x1], [x2, n2 - x2]])
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    if expected.min() < 5:
        other = stats.fisher_exact(table).pvalue
    else:
        other = stats.chi2_contingency(table, correction=False).pvalue
    assert two_proportion_p(x1, n1, x2, n2) == pytest.approx(other, rel=1e-8, abs=1e-14)


@given(some, some)
def test_fisher_is_scipys(first, second):
    (x1, n1), (x2, n2) = first, second
    other = stats.fisher_exact([[x1, n1 - x1], [x2, n2 - x2]]).pvalue
    assert fisher_p(x1, n1, x2, n2) == pytest.approx(other, rel=1e-8, abs=1e-14)


@given(some, st.floats(0.01, 0.99))
def test_exact_binomial_is_scipys(pair, share):
    x, n = pair
    assert binomial_p(x, n, share) == pytest.approx(
        stats.binomtest(x, n, share).pvalue, rel=1e-8, abs=1e-14
    )


def test_nobody_or_everybody_successful_on_both_sides_is_no_evidence():
    assert two_proportion_p(0, 10, 0, 20) == 1
    assert two_proportion_p(10, 10, 20, 20) == 1


def test_an_exact_test_of_five_million_customers_is_right_and_quick():
    began = time.process_time()
    got = two_proportion_p(9, 1500, 6000, 5_000_000)
    assert time.process_time() - began < 0.2
    other = stats.fisher_exact([[9, 1491], [6000, 4_994_000]]).pvalue
    assert got == pytest.approx(other, rel=1e-6)


def test_fractional_counts_are_refused_where_the_test_is_exact():
    with pytest.raises(ValueError, match="whole counts"):
        two_proportion_p(0.5, 10, 3, 20)


tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 60), min_size=width, max_size=width), min_size=2, max_size=6
    )
)


@given(tables)
def test_chi_square_is_scipys_after_empty_rows_and_columns_are_left_out(rows):
    table = np.array(rows)
    kept = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    got = chi_square_p(table)
    if min(kept.shape) < 2:
        assert got is None
    else:
        other = stats.chi2_contingency(kept, correction=False).pvalue
        assert got == pytest.approx(other, rel=1e-9, abs=1e-300)


def test_a_chi_square_of_one_row_or_of_nothing_is_undefined():
    assert chi_square_p([[3, 4]]) is None
    assert chi_square_p([[0, 0], [0, 0]]) is None


@pytest.mark.parametrize("counts", [[1, 2], [[1, -2]], [[1, float("nan")], [2, 3]]])
def test_a_chi_square_of_no_table_of_counts_is_refused(counts):
    with pytest.raises(ValueError, match="table of numbers"):
        chi_square_p(counts)


@given(st.floats(0, 2000), st.integers(1, 600))
def test_chi_square_tail_is_scipys(chi2, df):
    assert chi_square_p_value(chi2, df) == pytest.approx(
        stats.chi2.sf(chi2, df), rel=1e-9, abs=1e-300
    )


@given(st.floats(-38, 38))
def test_normal_p_is_scipys_far_out(z):
    assert normal_p(z) == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-12)


def test_normal_quantile_is_scipys():
    assert normal_quantile() == pytest.approx(1.959963984540054, abs=1e-14)
