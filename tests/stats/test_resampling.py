"""Fold weights and what is read off the draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.stats.resampling import bootstrap_p, fold_weights, percentile_interval

finite = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200)


def test_the_same_seed_draws_the_same_folds():
    assert (fold_weights(200, 50, 7) == fold_weights(200, 50, 7)).all()
    assert (fold_weights(200, 50, 7) != fold_weights(200, 50, 8)).any()


def test_each_draw_takes_as_many_folds_as_there_are():
    weights = fold_weights(200)
    assert weights.shape == (2000, 200)
    assert weights.dtype == np.float32
    assert (weights.sum(axis=1) == 200).all()


def test_counts_are_multinomial():
    weights = fold_weights(200)
    assert weights.mean() == pytest.approx(1)
    assert weights.var() == pytest.approx(1 - 1 / 200, rel=0.02)
    assert (weights == 0).mean() == pytest.approx((1 - 1 / 200) ** 200, rel=0.02)


@pytest.mark.parametrize(("folds", "draws"), [(0, 10), (10, 0)])
def test_nothing_to_draw_is_refused(folds, draws):
    with pytest.raises(ValueError, match="at least 1"):
        fold_weights(folds, draws)


@given(finite)
def test_limits_are_numpys_linear_percentiles(draws):
    assert percentile_interval(draws) == pytest.approx(
        tuple(np.percentile(draws, [2.5, 97.5], method="linear"))
    )


def test_an_unknown_draw_leaves_no_limits():
    assert percentile_interval([1.0, float("nan"), 3.0]) == (None, None)
    assert percentile_interval([]) == (None, None)


def test_a_limit_among_infinite_draws_has_no_bound():
    draws = [*range(90), *[np.inf] * 10]
    assert percentile_interval(draws) == (pytest.approx(2.475), None)


def test_p_counts_draws_on_the_rarer_side():
    assert bootstrap_p([1.0] * 1999) == pytest.approx(2 / 2000)
    assert bootstrap_p([-1.0] * 1999) == pytest.approx(2 / 2000)
    assert bootstrap_p([1.0] * 1950 + [-1.0] * 49) == pytest.approx(100 / 2000)
    assert bootstrap_p([0.0] * 100) == 1
    assert bootstrap_p([]) == 1


def test_an_unknown_draw_speaks_for_neither_side():
    assert bootstrap_p([1.0] * 98 + [float("nan")]) == pytest.approx(4 / 100)


@given(finite)
def test_p_of_the_mirrored_draws_is_the_same_and_within_0_to_1(draws):
    assert bootstrap_p(draws) == bootstrap_p([-draw for draw in draws])
    assert 0 < bootstrap_p(draws) <= 1
