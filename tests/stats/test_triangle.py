"""Open, missing and empty cells of a cohort triangle."""

import pytest

from mapseg_xl.stats.survival import triangle_chain


def test_an_open_cell_is_in_no_sum():
    whole = triangle_chain([100, 50], [[80, 60], [40]])
    marked = triangle_chain([100, 50], [[80, 60], [40, None]])
    assert whole == marked
    assert whole.survival == pytest.approx([0.8, 0.6])


def test_a_gap_breaks_both_pairs_it_belongs_to():
    chain = triangle_chain([10, 10], [[9, None, 7], [8, 6, 3]])
    assert chain.retained == [17, 6, 3]
    assert chain.at_risk == [20, 8, 6]


def test_once_nobody_is_left_it_stays_0():
    assert triangle_chain([10], [[5, 0, 0]]).survival == [0.5, 0, 0]


def test_an_age_nobody_is_observed_at_is_unknown_from_there_on():
    assert triangle_chain([10], [[5, None, 4, 3]]).survival == [0.5, None, None, None]
    assert triangle_chain([None], [[5]]).survival == [None]


def test_no_cohorts_no_ages():
    assert triangle_chain([], []) == ([], [], [])


def test_a_row_too_many_is_refused():
    with pytest.raises(ValueError, match="1 cohorts of new customers, but 2 rows"):
        triangle_chain([10], [[5], [4]])
