"""Pages: the scale that needs the fewest, blocks whole."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.report.layout.paper import LARGEST, SMALLEST, best_scale, page_breaks, room

ROW = 18.0


@st.composite
def tabs(draw):
    blocks = draw(st.lists(st.integers(1, 30), min_size=1, max_size=12))
    starts = [4 + sum(blocks[:at]) for at in range(len(blocks))]
    return [ROW] * (4 + sum(blocks)), tuple(starts)


def test_a_smaller_scale_is_taken_only_where_it_saves_a_page():
    heights, starts = [ROW] * 40, (2, 20)
    assert best_scale(heights, starts)[0] == LARGEST
    assert best_scale([ROW] * 66, (2, 33)) == (81, (33,))  # 33 rows, rows 1 and 2 again: 630 points


@given(tabs())
def test_no_scale_needs_fewer_pages_with_its_blocks_whole(tab):
    heights, starts = tab
    scale, breaks = best_scale(heights, starts)
    assert SMALLEST <= scale <= LARGEST
    for other in range(SMALLEST, LARGEST + 1):
        against = page_breaks(heights, starts, room(other))
        if set(against) <= set(starts):
            assert len(breaks) <= len(against)


@given(tabs())
def test_every_page_holds_what_stands_on_it(tab):
    heights, starts = tab
    scale, breaks = best_scale(heights, starts)
    edges = [0, *breaks, len(heights)]
    for at, (first, last) in enumerate(pairwise(edges)):
        head = sum(heights[:2]) if at else 0.0
        assert head + sum(heights[first:last]) <= room(scale)
