"""The sentence at the top of Cluster pivot, by rules from the verdicts; true also when nothing is clear."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mapseg_xl.intake.tables import BLANK
from mapseg_xl.measure.pivots import OTHER, Pivot, PivotCell
from mapseg_xl.report import words
from mapseg_xl.report.parts.selection import label

NOTHING_TO_CROSS = "There is nothing to cross: it takes two columns that tell customers apart."
_LONGEST = 40
_NEAR = 0.9
_DOES = {
    "conversion": "converts",
    "win_rate": "is won",
    "monthly_churn": "leaves",
    "churned_share": "has left",
}


def pivot_headline(pivots: Sequence[Pivot], base: int) -> str:
    """The pair that does best, how far, and whether others come near."""
    if not pivots:
        return NOTHING_TO_CROSS
    for pivot in sorted(pivots, key=lambda p: bool(p.followers)):
        if ranked := clear(pivot, "better"):
            return _best(pivot, ranked)
    for pivot in pivots:
        if ranked := clear(pivot, "worse"):
            return f"{_does(pivot, ranked[0])}; no pair does clearly better."
    return _unclear(pivots[0], base)


def clear(pivot: Pivot, verdict: str) -> list[PivotCell]:
    """The pairs with that verdict, the furthest from everyone else first; those of no group come last."""
    found = [cell for cell in pivot.cells if cell.verdict == verdict and cell.index is not None]
    return sorted(found, key=lambda cell: (_is_leftover(cell), -_distance(cell)))


def _is_leftover(cell: PivotCell) -> bool:
    """Whether a side is an empty cell or what was too small for a place of its own."""
    return any(side == BLANK or side.startswith(f"{OTHER} (") for side in (cell.row, cell.column))


def _distance(cell: PivotCell) -> float:
    return abs(math.log(cell.index)) if cell.index else math.inf


def _best(pivot: Pivot, ranked: Sequence[PivotCell]) -> str:
    sentence = _does(pivot, ranked[0])
    if len(ranked) == 1:
        return f"{sentence}; no other pair does clearly better."
    second = ranked[1]
    if not _is_leftover(second) and _distance(second) >= _NEAR * _distance(ranked[0]):
        return f"{sentence}; {pair_name(pivot, second)} comes close."
    others = words.counted_word(len(ranked) - 1, "other pair")
    return f"{sentence}; {others} {'does' if len(ranked) == 2 else 'do'} better too."


def _does(pivot: Pivot, cell: PivotCell) -> str:
    assert cell.index is not None  # noqa: S101  # a clear cell has one
    times = f"{cell.index:.1f}" if cell.index >= 0.1 else f"{cell.index:.2f}"
    return f"{pair_name(pivot, cell)} {_DOES[pivot.metric]} {times} times as often as everyone else"


def pair_name(pivot: Pivot, cell: PivotCell) -> str:
    """Two values inside a sentence, each with its attribute where it says too little alone."""
    row = label(pivot.rows_attribute, cell.row)
    column = label(pivot.columns_attribute, cell.column)
    return f"“{words.short(row, _LONGEST)}, {words.short(column, _LONGEST)}”"


def _unclear(pivot: Pivot, base: int) -> str:
    sides = [
        words.short(words.header(n), _LONGEST)
        for n in (pivot.rows_attribute, pivot.columns_attribute)
    ]
    if pivot.judged:
        return f"No pair of {sides[0]} and {sides[1]} differs from everyone else more than chance would."
    largest = max(pivot.cells, key=lambda cell: cell.n)
    return f"{pair_name(pivot, largest)} is the largest pair: {largest.n:,} of {base:,} rows."
