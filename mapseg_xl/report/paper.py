"""Print set-up of a tab: one page where it fits, else a fixed scale and breaks between blocks. Internal."""

from __future__ import annotations

from itertools import pairwise

from mapseg_xl.report.draft import BODY, GRID_LAST, Draft
from mapseg_xl.report.verbs import Page, Rect

# A4 landscape less margins (0.5 in top, 0.6 bottom), in points; Letter is wider and 17 pt higher
_PAGE_POINTS = 595.3 - 36.0 - 43.2
SMALLEST_ONE_PAGE, SEVERAL_PAGES = 0.75, 92
_ORPHAN = 110.0  # points that a head and some rows need at the foot of a page
_MIDDLE_MAX, _LEFT_MAX = 60, 120


def lay_paper(draft: Draft, footer: str) -> Page:
    """Page set-up of a laid-out tab."""
    last = draft.last_row
    heights = [draft.heights.get(row, BODY) for row in range(last + 1)]
    one_page = sum(heights) * SMALLEST_ONE_PAGE <= _PAGE_POINTS
    breaks = () if one_page else page_breaks(heights, _starts(draft), _room())
    return Page(
        area=Rect(0, 0, last, GRID_LAST + 2),
        one_page=one_page,
        scale=100 if one_page else SEVERAL_PAGES,
        breaks=breaks,
        repeat=(0, 1),
        footer_left=footer[:_LEFT_MAX],
        footer_centre=draft.sheet[:_MIDDLE_MAX],
    )


def _room() -> float:
    return _PAGE_POINTS / (SEVERAL_PAGES / 100) - 6  # rounding of row heights at a scale


def _starts(draft: Draft) -> tuple[int, ...]:
    return tuple(sorted(set(draft.blocks)))


def page_breaks(heights: list[float], starts: tuple[int, ...], room: float) -> tuple[int, ...]:
    """Rows that start a page: a block that does not fit starts one; one longer than a page is cut in it.

    Parameters
    ----------
    heights
        Points of every row; the first two stand again on every page.
    starts
        First rows of the blocks, rising.
    room
        Points of a page.

    >>> page_breaks([10.0] * 10, (2, 5), 70.0)
    (5,)
    """
    head = sum(heights[:2])
    breaks: list[int] = []
    used = sum(heights[: starts[0]]) if starts else 0.0
    for start, end in pairwise([*starts, len(heights)]):
        block = sum(heights[start:end])
        fits_alone = block <= room - head
        if used + block > room and start != starts[0] and (fits_alone or used > room - _ORPHAN):
            breaks.append(start)
            used = head
        for row in range(start, end):
            if used + heights[row] > room:
                breaks.append(row)
                used = head
            used += heights[row]
    return tuple(breaks)
