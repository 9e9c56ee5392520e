import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import relative_risk

from mapseg_xl.stats.relative import share_ratio


@given(st.integers(1, 200), st.integers(0, 300), st.integers(1, 200), st.integers(0, 300))
def test_the_range_of_a_ratio_is_scipys(x1, more1, x2, more2):
    n1, n2 = x1 + more1, x2 + more2
    expected = relative_risk(x1, n1, x2, n2).confidence_interval(0.95)
    assert share_ratio(x1, n1, x2, n2) == pytest.approx((expected.low, expected.high))


def test_a_side_without_success_has_no_range():
    assert share_ratio(0, 10, 5, 10) == (None, None)
    assert share_ratio(5, 10, 0, 10) == (None, None)
    assert share_ratio(0, 0, 5, 10) == (None, None)


def test_more_successes_than_people_are_refused():
    with pytest.raises(ValueError, match="between 0 and n"):
        share_ratio(3, 2, 1, 2)
