"""A tab's verbs as cells, and cells as few rectangles: every rectangle is a round trip to Excel. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from mapseg_xl.hosts.finishes import Finish, laid_over, step
from mapseg_xl.report.verbs import (
    Block,
    Entry,
    NumberFormat,
    Rect,
    Rule,
    Sheet,
    Style,
    Value,
)

Spot = tuple[int, int]  # row and column, from 0


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """What the verbs of a tab say of its cells: values, looks, and where people type."""

    values: Mapping[Spot, Value]
    finishes: Mapping[Spot, Finish]
    inputs: frozenset[Spot]

    @property
    def zones(self) -> tuple[Rect, ...]:
        """The tab's areas, left to right: columns side by side in which anything stands, from first to last row."""
        used = self.values.keys() | self.finishes.keys()
        columns = sorted({column for _, column in used})
        zones = []
        for first, last in _runs(columns):
            rows = [row for row, column in used if first <= column <= last]
            zones.append(Rect(min(rows), first, max(rows), last))
        return tuple(zones)


def grid_of(sheet: Sheet) -> Grid:
    """The cells of a tab; later verbs win."""
    values: dict[Spot, Value] = {}
    finishes: dict[Spot, Finish] = {}
    inputs: set[Spot] = set()
    over: dict[tuple[Finish, tuple[str, str]], Finish] = {}
    for verb in sheet.verbs:
        match verb:
            case Block():
                values |= _written(verb)
            case Entry():
                inputs |= set(spots(verb.rect))
            case Style() | NumberFormat() | Rule():
                for spot in spots(verb.rect):
                    before = finishes.get(spot, Finish())
                    key = before, step(verb)
                    if key not in over:
                        over[key] = laid_over(before, verb)
                    finishes[spot] = over[key]
    return Grid(values, finishes, frozenset(inputs))


def _written(block: Block) -> dict[Spot, Value]:
    return {
        (row, column): value
        for row, contents in enumerate(block.rows, start=block.rect.top)
        for column, value in enumerate(contents, start=block.rect.left)
        if value is not None
    }


def spots(rect: Rect) -> Iterator[Spot]:
    """The cells of a rectangle, row by row."""
    for row in range(rect.top, rect.bottom + 1):
        for column in range(rect.left, rect.right + 1):
            yield row, column


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Rising numbers as runs, first and last of each.

    >>> _runs([1, 2, 3, 7])
    [(1, 3), (7, 7)]
    """
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def cover(wanted: Collection[Spot], kept: Collection[Spot], within: Rect) -> list[Rect]:
    """Rectangles over all cells `wanted` and none of those `kept`; any other cell of the area may lie under one.

    Greedy: from the first cell not yet covered to the right and down, or down and to the right, whichever covers more.

    >>> [r.a1 for r in cover({(0, 0), (2, 0), (2, 1)}, {(0, 1)}, Rect(0, 0, 4, 4))]
    ['A1:A3', 'B3']
    """
    open_spots, closed = dict.fromkeys(sorted(wanted)), set(kept)
    found = []
    while open_spots:
        start = next(iter(open_spots))
        tries = _right_then_down(start, closed, within), _down_then_right(start, closed, within)
        best = max(tries, key=lambda rect: _count(rect, open_spots))
        best = _trimmed(best, open_spots)
        for spot in spots(best):
            open_spots.pop(spot, None)
        found.append(best)
    return found


def _right_then_down(start: Spot, closed: set[Spot], within: Rect) -> Rect:
    top, left = start
    right, bottom = left, top
    while right < within.right and (top, right + 1) not in closed:
        right += 1
    while bottom < within.bottom and not any(
        (bottom + 1, at) in closed for at in range(left, right + 1)
    ):
        bottom += 1
    return Rect(top, left, bottom, right)


def _down_then_right(start: Spot, closed: set[Spot], within: Rect) -> Rect:
    top, left = start
    right, bottom = left, top
    while bottom < within.bottom and (bottom + 1, left) not in closed:
        bottom += 1
    while right < within.right and not any(
        (at, right + 1) in closed for at in range(top, bottom + 1)
    ):
        right += 1
    return Rect(top, left, bottom, right)


def _count(rect: Rect, wanted: Collection[Spot]) -> int:
    return sum(spot in wanted for spot in spots(rect))


def _trimmed(rect: Rect, wanted: Collection[Spot]) -> Rect:
    """The part of a rectangle in which wanted cells lie."""
    inside = [spot for spot in spots(rect) if spot in wanted]
    rows, columns = [row for row, _ in inside], [column for _, column in inside]
    return Rect(min(rows), min(columns), max(rows), max(columns))
