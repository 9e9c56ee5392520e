"""How many more customers would settle a comparison."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.stats.sample_size import units_needed


def test_units_needed_are_by_hand():
    # (.05/1.959964)^2 = .000650795; less .0001 = .000550795; 100 * .002 / that = 363.1
    assert units_needed(100, 0.002, 0.0001, 0.05, 0.03, 1) == 360


def test_near_zero_the_margin_decides_and_far_from_it_the_difference():
    assert units_needed(100, 0.002, 0.0, 0.0, 0.05, 1) == units_needed(
        100, 0.002, 0.0, 0.05, 0.0, 1
    )


def test_a_rest_too_small_cannot_be_made_up_by_the_segment():
    assert units_needed(100, 0.002, 0.01, 0.05, 0.03, 1) is None
    assert units_needed(100, 0.002, 0.0, 0.0, 0.0, 1) is None
    assert units_needed(100, float("nan"), 0.0, 0.05, 0.0, 1) is None


def test_more_comparisons_need_more_units():
    assert units_needed(100, 0.002, 0.0, 0.05, 0.0, 10) > units_needed(
        100, 0.002, 0.0, 0.05, 0.0, 1
    )


@given(st.integers(1, 10**6), st.floats(1e-6, 1), st.floats(0.01, 1), st.integers(0, 30))
def test_units_have_two_significant_digits(n, v, difference, m):
    got = units_needed(n, v, 0.0, difference, 0.0, m)
    assert got >= 0
    assert len(str(got).rstrip("0")) <= 2


@pytest.mark.parametrize("sign", [1, -1])
def test_the_sign_of_the_difference_does_not_matter(sign):
    # z = 2.39398 for 3 comparisons; .2 / ((.05/z)^2 - .0001) = 594.9
    assert units_needed(100, 0.002, 0.0001, sign * 0.05, 0.03, 3) == 590
