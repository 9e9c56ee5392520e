"""Areas and discounted sums against lifelines, plain loops and simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.stats.curve_draws import survival_draws
from mapseg_xl.stats.resampling import fold_weights
from mapseg_xl.stats.survival import (
    annuity,
    annuity_variance,
    greenwood_variance,
    hazard_sum_at,
    kaplan_meier,
    payback_payments,
    rmst,
    rmst_variance,
    survival_at,
)

SEEDS = range(20)
NOBODY_LEAVES = kaplan_meier([24], [0], [10])


@pytest.mark.parametrize("seed", SEEDS)
def test_mean_months_are_those_of_lifelines(independent, random_people, grouped, seed):
    durations, left = random_people(seed)
    theirs = independent("lifelines").KaplanMeierFitter().fit(durations, left)
    curve = kaplan_meier(*grouped(durations, left))
    tau = 0.8 * curve.last_time
    value = independent("lifelines.utils").restricted_mean_survival_time(theirs, t=tau)
    assert rmst(curve, tau) == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_variance_of_the_mean_months_is_the_double_area_of_the_covariance(
    random_people, grouped, seed
):
    curve = kaplan_meier(*grouped(*random_people(seed)))
    tau = 0.7 * curve.last_time
    edges = np.unique(np.concatenate(([0, tau], curve.times[curve.times < tau])))
    starts, widths = edges[:-1], np.diff(edges)
    share = np.array([survival_at(curve, t) for t in starts])
    hazard = np.array([hazard_sum_at(curve, t) for t in starts])
    covariance = np.outer(share, share) * np.minimum.outer(hazard, hazard)
    assert rmst_variance(curve, tau) == pytest.approx(widths @ covariance @ widths, rel=1e-9)


def test_mean_months_need_follow_up_to_tau_unless_all_have_left():
    curve = kaplan_meier([6, 9], [1, 0], [0, 2])
    assert rmst(curve, 9) == pytest.approx(6 + 3 * 2 / 3)
    assert rmst(curve, 9.5) is None
    assert rmst_variance(curve, 9.5) is None
    all_left = kaplan_meier([2, 4], [1, 1], [0, 0])
    assert rmst(all_left, 100) == pytest.approx(3)
    assert rmst_variance(all_left, 100) == pytest.approx(0.5)  # of the mean of 2 and 4
    assert rmst(kaplan_meier([], [], []), 1) is None


def test_mean_months_within_0_are_0():
    assert rmst(NOBODY_LEAVES, 0) == 0


@pytest.mark.parametrize("at_end", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_annuity_and_its_variance_are_the_sums_over_the_payments(
    random_people, grouped, seed, at_end
):
    curve = kaplan_meier(*grouped(*random_people(seed)))
    months = int(curve.last_time)
    payments = range(1, months + 1) if at_end else range(months)
    value = variance = 0.0
    for j in payments:
        value += (survival_at(curve, j) if j else 1) / 1.01**j
        for k in payments:
            if j and k and survival_at(curve, max(j, k)) > 0:
                shares = survival_at(curve, j) * survival_at(curve, k)
                variance += shares * hazard_sum_at(curve, min(j, k)) / 1.01 ** (j + k)
    assert annuity(curve, months, 0.01, at_end) == pytest.approx(value)
    assert annuity_variance(curve, months, 0.01, at_end) == pytest.approx(variance, rel=1e-9)


@given(st.integers(1, 24), st.floats(0, 0.05))
def test_with_nobody_leaving_the_annuity_is_the_geometric_sum(months, discount):
    plain = sum((1 + discount) ** -k for k in range(months))
    assert annuity(NOBODY_LEAVES, months, discount) == pytest.approx(plain)
    assert annuity_variance(NOBODY_LEAVES, months, discount) == 0


def test_the_first_payment_is_made_by_those_who_leave_in_month_0_too():
    curve = kaplan_meier([0, 24], [5, 0], [0, 5])
    assert annuity(curve, 3, 0.0) == pytest.approx(1 + 0.5 + 0.5)
    assert annuity_variance(curve, 3, 0.0) == pytest.approx(4 * greenwood_variance(curve, 1))


def test_payments_past_the_follow_up_have_no_value():
    assert annuity(NOBODY_LEAVES, 25, 0.01) is not None
    assert annuity(NOBODY_LEAVES, 26, 0.01) is None
    assert annuity(NOBODY_LEAVES, 24, 0.01, at_end=True) is not None
    assert annuity(NOBODY_LEAVES, 25, 0.01, at_end=True) is None
    assert annuity_variance(NOBODY_LEAVES, 26, 0.01) is None
    assert annuity(NOBODY_LEAVES, 0, 0.01) is None
    assert annuity(kaplan_meier([], [], []), 1, 0.01) is None


def test_payback_counts_payments_until_the_cost_is_covered():
    assert payback_payments(NOBODY_LEAVES, 25, 0.0, 100, 24) == (4, 1.0)
    assert payback_payments(NOBODY_LEAVES, 0.15, 0.0, 0.45, 24) == (3, 1.0)  # .15 * 3 < .45
    assert payback_payments(NOBODY_LEAVES, 25, 0.0, 101, 24) == (5, 1.0)


def test_payback_is_never_without_margin_or_within_too_few_payments():
    assert payback_payments(NOBODY_LEAVES, 0, 0.0, 100, 24) is None
    assert payback_payments(NOBODY_LEAVES, -5, 0.0, 100, 24) is None
    assert payback_payments(NOBODY_LEAVES, 25, 0.0, 100, 3) is None
    assert payback_payments(NOBODY_LEAVES, 25, 0.0, 10_000, 999) is None
    assert payback_payments(kaplan_meier([], [], []), 25, 0.0, 100, 24) is None


def test_nothing_to_cover_takes_no_payment():
    assert payback_payments(NOBODY_LEAVES, 25, 0.0, 0, 24) == (0, 1.0)


@given(st.floats(1, 2000), st.integers(1, 24))
def test_payback_is_the_least_number_that_covers(arms, cac, most):
    curve = kaplan_meier(*arms["drug"])
    got = payback_payments(curve, 50, 0.01, cac, most)
    if got is None:
        assert 50 * annuity(curve, most, 0.01) < cac
    else:
        assert 50 * annuity(curve, got.payments, 0.01) >= cac * (1 - 1e-9)
        before = annuity(curve, got.payments - 1, 0.01) if got.payments > 1 else 0
        assert 50 * before < cac


def test_curves_of_all_draws_at_once_are_the_curves_one_by_one():
    rng = np.random.default_rng(11)
    times = np.arange(0, 20) + 0.5
    events, censored = rng.integers(0, 3, (2, 8, 20))
    weights = fold_weights(8, draws=30, seed=3)
    at = [0, 3, 7.5, 12, 19]
    got = survival_draws(times, events, censored, weights, at)
    for row, weight in zip(got, weights, strict=True):
        curve = kaplan_meier(times, weight @ events, weight @ censored)
        assert row == pytest.approx([survival_at(curve, t) for t in at])


def test_a_draw_that_ends_early_keeps_its_last_value_and_an_empty_one_has_none():
    events, censored = np.array([[1, 0], [0, 0]]), np.array([[3, 0], [0, 4]])
    weights = np.array([[2, 0], [0, 2], [0, 0]])
    got = survival_draws([5.0, 9.0], events, censored, weights, [4, 9])
    assert got[:2].tolist() == [[1.0, 0.75], [1.0, 1.0]]
    assert np.isnan(got[2]).all()


def test_spread_of_the_draws_is_near_greenwoods():
    rng = np.random.default_rng(2)
    life, seen = np.ceil(rng.exponential(20, 4000)), np.ceil(rng.uniform(1, 40, 4000))
    month, left, fold = np.minimum(life, seen), life <= seen, rng.integers(0, 200, 4000)
    times = np.unique(month)
    shape = (200, times.size)
    events, censored = np.zeros(shape), np.zeros(shape)
    np.add.at(events, (fold[left], np.searchsorted(times, month[left])), 1)
    np.add.at(censored, (fold[~left], np.searchsorted(times, month[~left])), 1)
    draws = survival_draws(times, events, censored, fold_weights(200, seed=1), [12])
    curve = kaplan_meier(times, events.sum(axis=0), censored.sum(axis=0))
    assert draws.var() == pytest.approx(greenwood_variance(curve, 12), rel=0.2)
    assert draws.mean() == pytest.approx(survival_at(curve, 12), abs=0.001)
