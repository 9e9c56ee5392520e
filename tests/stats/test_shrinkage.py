"""Cautious estimates against a direct maximum of scipy's likelihood, R's rule for tau, and edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special, stats

from mapseg_xl.stats.shrinkage import (
    NO_MORE_THAN_CHANCE,
    beta_binomial_fit,
    paule_mandel,
    shrink_means,
    shrink_shares,
    shrink_toward,
)


def segments(seed, a=4.0, b=12.0, k=25):
    rng = np.random.default_rng(seed)
    n = rng.integers(5, 400, k)
    return rng.binomial(n, rng.beta(a, b, k)), n


def log_likelihood(x, n, a, b):
    return stats.betabinom.logpmf(x, n, a, b).sum()


@pytest.mark.parametrize("seed", range(8))
def test_the_fit_is_the_maximum_a_simplex_search_finds(seed):
    x, n = segments(seed)
    a, b = beta_binomial_fit(x, n)
    other = optimize.minimize(
        lambda point: -log_likelihood(x, n, *np.exp(point)),
        [0.0, 0.0],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000},
    )
    assert log_likelihood(x, n, a, b) >= -other.fun - 1e-7
    assert (a, b) == pytest.approx(tuple(np.exp(other.x)), rel=1e-3)


def test_the_fit_finds_the_prior_the_segments_were_drawn_from():
    a, b = beta_binomial_fit(*segments(1, k=4000))
    assert (a, b) == pytest.approx((4, 12), rel=0.08)


def test_the_fit_holds_for_segments_of_a_million():
    rng = np.random.default_rng(7)
    n = np.full(40, 1_000_000)
    a, b = beta_binomial_fit(rng.binomial(n, rng.beta(40, 60, 40)), n)
    assert a / (a + b) == pytest.approx(0.4, abs=0.03)
    assert 50 < a + b < 220


def test_segments_all_alike_have_no_prior():
    assert beta_binomial_fit([20, 20, 20, 20], [100, 100, 100, 100]) is None


@pytest.mark.parametrize(
    ("x", "n"), [([], []), ([3], [9]), ([0, 0, 0], [5, 6, 7]), ([5, 6], [5, 6]), ([3, 0], [9, 0])]
)
def test_too_few_segments_or_a_share_of_0_or_1_have_no_prior(x, n):
    assert beta_binomial_fit(x, n) is None


def test_shrunken_shares_lie_between_the_segments_and_the_prior_mean():
    x, n = segments(3)
    a, b = beta_binomial_fit(x, n)
    shrunk = shrink_shares(x, n)
    assert shrunk.note == ""
    for value, raw in zip(shrunk.values, x / n, strict=True):
        assert min(raw, a / (a + b)) <= value <= max(raw, a / (a + b))


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_segments_changes_no_share(seed):
    x, n = segments(seed, k=4)
    order = np.random.default_rng(seed).permutation(4)
    forth, back = shrink_shares(x, n).values, shrink_shares(x[order], n[order]).values
    assert [forth[k] for k in order] == back


def test_shrinking_brings_estimates_nearer_to_the_truth():
    rng = np.random.default_rng(9)
    truth = rng.beta(4, 12, 300)
    n = rng.integers(5, 60, 300)
    x = rng.binomial(n, truth)
    cautious = np.array(shrink_shares(x, n).values)
    assert ((cautious - truth) ** 2).mean() < 0.7 * ((x / n - truth) ** 2).mean()


@pytest.mark.parametrize(
    ("x", "n"),
    [([5, 60], [100, 100]), ([20, 21, 19, 20], [100] * 4), ([0, 0, 0], [10] * 3)],
    ids=["two segments", "no more than chance", "no success at all"],
)
def test_segments_not_told_apart_all_get_the_common_rate(x, n):
    shrunk = shrink_shares(x, n)
    assert shrunk.note == NO_MORE_THAN_CHANCE
    assert shrunk.values == [sum(x) / sum(n)] * len(x)


def test_segments_just_wider_than_chance_are_not_pooled():
    # sum n(p_i - p)^2/(p(1-p)): 6.07 against k - 1 = 3, and 2.52
    assert shrink_shares([20, 28, 14, 20], [100] * 4).note == ""
    assert shrink_shares([20, 25, 16, 21], [100] * 4).note == NO_MORE_THAN_CHANCE


def test_an_empty_segment_has_no_cautious_share():
    assert shrink_shares([5, 60, 0], [100, 100, 0]).values[2] is None
    shrunk = shrink_shares([5, 60, 0, 30], [100, 100, 0, 100])
    assert shrunk.values[2] is None
    assert shrunk.note == ""
    assert shrink_shares([], []).values == []


def test_more_successes_than_units_are_refused():
    with pytest.raises(ValueError, match="between 0 and n"):
        shrink_shares([5, 3], [4, 9])


@given(st.integers(0, 100), st.integers(0, 100), st.floats(0, 1))
def test_drawn_toward_the_rest_lies_between_both(x, more, p0):
    n = x + more
    got = shrink_toward(x, n, p0)
    low, high = sorted([p0, x / n if n else p0])
    assert low - 1e-12 <= got <= high + 1e-12


@pytest.mark.parametrize("seed", range(10))
def test_tau_solves_paule_and_mandels_equation(seed):
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.5, 5, 12)
    y = rng.normal(50, 6, 12) + rng.normal(0, np.sqrt(v))
    tau2 = paule_mandel(y, v)
    w = 1 / (v + tau2)
    assert (w * (y - np.average(y, weights=w)) ** 2).sum() == pytest.approx(11, rel=1e-9)
    shrunk = shrink_means(y, v)
    by_hand = np.average(y, weights=w) + (y - np.average(y, weights=w)) * tau2 / (tau2 + v)
    assert shrunk == pytest.approx(by_hand)


def test_tau_is_that_of_statsmodels():
    from statsmodels.stats.meta_analysis import combine_effects

    y, v = np.array([10.0, 12.0, 19.0, 30.0, 8.0]), np.array([1.0, 4.0, 2.0, 9.0, 3.0])
    assert paule_mandel(y, v) == pytest.approx(
        combine_effects(y, v, method_re="iterated").tau2, rel=1e-4
    )


def test_means_no_wider_than_chance_all_get_the_weighted_mean():
    assert shrink_means([10, 11, 10.5], [4, 4, 1]) == pytest.approx(
        [(10 / 4 + 11 / 4 + 10.5) / 1.5] * 3
    )


def test_two_means_are_pooled_and_one_stays():
    assert shrink_means([10, 30], [1, 3]) == [15, 15]
    assert shrink_means([10], [1]) == [10]
    assert shrink_means([], []) == []


def test_a_missing_mean_or_variance_stays_empty_and_out():
    got = shrink_means([10, None, 20, 35, 12], [1, 1, None, 1, 1])
    assert got[1] is None
    assert got[2] is None
    assert [got[0], *got[3:]] == shrink_means([10, 35, 12], [1, 1, 1])


def test_a_mean_without_variance_of_its_own_is_not_drawn():
    assert shrink_means([10, 20, 40], [0, 1, 1])[0] == pytest.approx(10)
    assert shrink_means([10, 20, 40], [0, 0, 0]) == pytest.approx([10, 20, 40])
    assert shrink_means([10, 10, 10], [0, 1, 1]) == pytest.approx([10, 10, 10])
    assert shrink_means([10, 20], [0, 4]) == pytest.approx([15, 15])


@pytest.mark.parametrize(("mean", "variance"), [(float("nan"), 1.0), (1.0, -1.0), (1.0, np.inf)])
def test_impossible_means_and_variances_are_refused(mean, variance):
    with pytest.raises(ValueError, match="finite"):
        shrink_means([1.0, 2.0, mean], [1.0, 1.0, variance])


def test_at_the_fit_the_likelihood_is_level():
    x, n = (
        np.array([6200.0, 5950.0, 6400.0, 6010.0]),
        np.array([12500.0, 12400.0, 12600.0, 12500.0]),
    )
    a, b = beta_binomial_fit(x, n)

    def likelihood(a, b):
        return float((special.betaln(x + a, n - x + b) - special.betaln(a, b)).sum())

    for factor in (1.001, 0.999):
        assert likelihood(a * factor, b) < likelihood(a, b)
        assert likelihood(a * factor, b * factor) <= likelihood(a, b)
    slope = special.psi(x + a) - special.psi(a) + special.psi(a + b) - special.psi(n + a + b)
    assert abs(slope.sum()) * a < 1e-6
