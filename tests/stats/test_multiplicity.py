"""Adjusted p-values against statsmodels and their own rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.stats.multiplicity import benjamini_hochberg, benjamini_yekutieli

probabilities = st.lists(st.floats(0, 1), min_size=1, max_size=30)
METHODS = [
    (benjamini_hochberg, "fdr_bh"),
    (benjamini_yekutieli, "fdr_by"),
]


@pytest.mark.parametrize(("adjust", "name"), METHODS)
@given(p=probabilities)
def test_adjusted_values_are_those_of_statsmodels(adjust, name, p):
    from statsmodels.stats.multitest import multipletests

    assert adjust(p) == pytest.approx(multipletests(p, method=name)[1].tolist(), rel=1e-12)


@pytest.mark.parametrize(("adjust", "name"), METHODS)
@given(p=probabilities, extra=st.integers(0, 20))
def test_a_larger_family_acts_like_added_tests_that_showed_nothing(adjust, name, p, extra):
    padded = adjust([*p, *[1.0] * extra])[: len(p)]
    assert adjust(p, len(p) + extra) == pytest.approx(padded, rel=1e-12)


@given(probabilities)
def test_a_test_not_made_stays_empty_and_changes_nothing(p):
    got = benjamini_hochberg([None, *p, None], len(p))
    assert got[0] is None
    assert got[-1] is None
    assert got[1:-1] == benjamini_hochberg(p)


@given(probabilities)
def test_no_q_is_below_its_p_and_order_is_kept(p):
    q = benjamini_hochberg(p)
    assert all(one >= other for one, other in zip(q, p, strict=True))
    by_p = [value for _, value in sorted(zip(p, q, strict=True))]
    assert by_p == sorted(by_p)


def test_no_tests_no_values():
    assert benjamini_hochberg([]) == []
    assert benjamini_hochberg([None, None], 4) == [None, None]


def test_a_family_smaller_than_its_tests_is_refused():
    with pytest.raises(ValueError, match="family of 1 cannot hold 2"):
        benjamini_hochberg([0.1, 0.2], 1)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability_is_refused(value):
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([value])
