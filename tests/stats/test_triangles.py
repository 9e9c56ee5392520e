"""Open, missing and empty cells of a cohort triangle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.stats.triangles import pooled_shares, triangle_chain


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


def test_where_people_come_back_the_share_is_of_all_starters():
    pooled = pooled_shares([2, 10, 10], [[2, 1, 2], [9, 7, 6], [9, 6, 4]])
    assert pooled.survival == [20 / 22, 14 / 22, 12 / 22]


def test_an_open_cell_takes_its_starters_out_of_the_pooled_share_too():
    pooled = pooled_shares([100, 50], [[100, 0, 30], [50, None]])
    assert pooled.survival == [1.0, 0.0, 0.3]
    assert pooled.at_risk == [150, 100, 100]
    assert pooled_shares([10], [[None]]).survival == [None]


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=6), min_size=1, max_size=6))
def test_a_chain_over_whole_rows_is_what_is_left_over_all_who_started(drops):
    ages = min(len(row) for row in drops)
    new = [sum(row) + 1 for row in drops]
    rows = [
        [n - sum(row[: age + 1]) for age in range(ages)] for n, row in zip(new, drops, strict=True)
    ]
    chain = triangle_chain(new, rows).survival
    assert chain[-1] == pytest.approx(sum(row[-1] for row in rows) / sum(new))
