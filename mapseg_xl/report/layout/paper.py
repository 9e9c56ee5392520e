"""Print set-up of a tab: one page where it fits, else the scale that needs the fewest pages. Internal."""

from __future__ import annotations

from itertools import pairwise

from mapseg_xl.report.layout.draft import BODY, GRID_LAST, Draft
from mapseg_xl.report.verbs import Page, Rect

# A4 landscape less margins (0.5 in top, 0.6 bottom), in points; Letter is wider and 17 pt higher
_PAGE_POINTS = 595.3 - 36.0 - 43.2
SMALLEST, LARGEST = 75, 92  # per cent; wider than 92 a page does not fit the paper
_ORPHAN = 110.0  # points that a head and some rows need at the foot of a page
_MIDDLE_MAX, _LEFT_MAX = 60, 120


def lay_paper(draft: Draft, footer: str) -> Page:
    """Page set-up of a laid-out tab."""
    last = draft.last_row
    heights = [draft.heights.get(row, BODY) for row in range(last + 1)]
    one_page = sum(heights) * SMALLEST / 100 <= _PAGE_POINTS
    most = _scale_of_first(draft, heights)
    scale, breaks = (100, ()) if one_page else best_scale(heights, _starts(draft), most)
    return Page(
        area=Rect(0, 0, last, GRID_LAST + 2),
        one_page=one_page,
        scale=scale,
        breaks=breaks,
        repeat=(0, 1),
        footer_left=footer[:_LEFT_MAX],
        footer_centre=draft.sheet[:_MIDDLE_MAX],
    )


def room(scale: int) -> float:
    """Points of rows that a page holds at a scale; some are kept for the rounding of row heights."""
    return _PAGE_POINTS / (scale / 100) - 6


def _starts(draft: Draft) -> tuple[int, ...]:
    return tuple(sorted(set(draft.blocks)))


def _scale_of_first(draft: Draft, heights: list[float]) -> int:
    """The largest scale at which the sections that belong together stand on the first page; else any."""
    starts, together = _starts(draft), draft.tab.together
    if not 0 < together < len(starts):
        return LARGEST
    needed = sum(heights[: starts[together]])
    fitting = (s for s in range(LARGEST, SMALLEST - 1, -1) if needed <= room(s))
    return next(fitting, LARGEST)


def best_scale(
    heights: list[float], starts: tuple[int, ...], most: int = LARGEST
) -> tuple[int, tuple[int, ...]]:
    """The largest scale from `most` down to 75 % that needs the fewest pages, and where those start.

    `heights` are the points of every row, `starts` the first rows of the blocks, rising. A block cut
    in its middle counts as a page more: a smaller scale that keeps it whole is worth that.

    >>> best_scale([5.0] * 10 + [50.0] * 22, (2, 10, 21))
    (85, (21,))
    """

    def cost(scale: int) -> int:
        breaks = page_breaks(heights, starts, room(scale))
        return len(breaks) + sum(row not in starts for row in breaks)

    scale = min(range(most, SMALLEST - 1, -1), key=cost)
    return scale, page_breaks(heights, starts, room(scale))


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
