"""Scores of segments on a team's own scale: weighted sums, must-haves, how firm the order is."""

from __future__ import annotations

from typing import Any

import numpy as np

from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.arguments.blocks import (
    COUNT,
    Floats,
    block,
    figures,
    is_nothing,
    is_word,
    line,
    number,
)
from mapseg_xl.excel.arguments.cells import block_rows
from mapseg_xl.excel.cell_function import Answer, Column, Number, Spilled, Table, cell_function
from mapseg_xl.prioritize.acceptability import acceptability, free_weights
from mapseg_xl.prioritize.criteria import Measure
from mapseg_xl.prioritize.scoring import Scored, ranks
from mapseg_xl.settings import Settings

_DEFAULTS = Settings()
_PASSES = frozenset({"yes", "y", "true", "passed", "pass", "ok", "1"})
_FAILS = frozenset({"no", "n", "false", "failed", "fail", "0"})


def seg_score(scores: Table, weights: Column, gates: Table = None) -> Answer:
    """A weighted score on your own scale: scores times weights, over the sum of the weights. Of several rows a column
    of scores. A row that fails a must-have has none.

    Parameters
    ----------
    scores
        A row a segment, a cell a criterion; all on one scale, more is better.
    weights
        A weight a criterion, in the same order; they need not sum to 1.
    gates
        Must-haves, a row a segment: TRUE, yes or 1 passes; FALSE, no or 0 fails; blank is not known and fails nothing.

    >>> round(seg_score([[10, 10, 4]], [[0.5, 0.3, 0.2]]), 6)
    8.8
    """
    given, shares = _scored(scores, weights)
    totals = Scored(given, np.zeros_like(given), shares).totals.tolist()
    failed = _failed(gates, len(totals))
    shown = ["" if gone or np.isnan(t) else t for t, gone in zip(totals, failed, strict=True)]
    if len(shown) > 1:
        return [[score] for score in shown]
    if failed[0]:
        raise NotAvailable("A must-have is failed, so there is no score.")
    if shown[0] == "":
        raise NotAvailable("A score is blank: what is missing is not 0.")
    return float(totals[0])


def seg_grade(value: Number, worst: Number, best: Number) -> float:
    """A figure as a grade from 0 to 1 between two fixed anchors, so that segments can be scored on figures of
    different kinds. For a cost, worst is the higher one.

    Parameters
    ----------
    value
        The figure to grade.
    worst
        The figure that is worth 0.
    best
        The figure that is worth 1.

    >>> seg_grade(9, 24, 4)
    0.75
    """
    figure = number(value, "value")
    low, high = number(worst, "worst"), number(best, "best")
    grade = Measure("grade", "", "", "", low, high).utility(figure)
    if grade is None:
        raise BadArguments("worst and best are the same figure: nothing lies between them.")
    return grade


def seg_rank(segment: Column, scores: Table, weights: Column) -> Spilled:
    """Segments in order of their weighted score, and how firm that order is: in what share of 10,000 reruns with other
    weights each one comes first, and among the first three. A table.

    Parameters
    ----------
    segment
        The segments' names, one a row.
    scores
        A row a segment, a cell a criterion; all on one scale, more is better.
    weights
        A weight a criterion, in the same order; one of weight 0 does not count.

    >>> seg_rank([["A"], ["B"]], [[1, 0], [0, 1]], [3, 1])[1][:3]
    ['A', 0.75, 1]
    """
    given, shares = _scored(scores, weights)
    names = [str(cell) for cell in line(segment, "segment") if not is_nothing(cell)]
    if len(names) == len(given) + 1:
        names = names[1:]
    if len(names) != len(given):
        raise BadArguments(f"There are {len(names)} segments, but {len(given)} rows of scores.")
    blank = np.isnan(given[:, shares > 0]).any(axis=1)
    if blank.any():
        said = f"A score of {names[int(blank.argmax())]} is blank: what is missing is not 0."
        raise NotAvailable(said)
    totals = Scored(given, np.zeros_like(given), shares).totals
    places = ranks(totals, [0] * len(names), [f"{at:09}" for at in range(len(names))])
    firm = acceptability(*_reruns(given[:, shares > 0]))
    rows: list[list[Any]] = [
        [names[at], float(totals[at]), places[at], float(firm.first[at]), float(firm.top_three[at])]
        for at in sorted(range(len(names)), key=places.__getitem__)
    ]
    return [["segment", "score", "rank", "p_rank1", "p_top3"], *rows]


def _reruns(given: Floats) -> tuple[Any, Any]:
    """The scores as they are in every rerun, and weights drawn evenly, the same at every call."""
    rng = np.random.default_rng(_DEFAULTS.seed)
    drawn = free_weights(_DEFAULTS.reruns, given.shape[1], rng)
    return np.broadcast_to(given, (_DEFAULTS.reruns, *given.shape)), drawn


def _scored(scores: Table, weights: Column) -> tuple[Floats, Floats]:
    """Scores, a row a segment, and weights that sum to 1. A score of weight 0 may be blank."""
    given = block(scores, "scores")
    cells = line(weights, "weights")
    if len(cells) == given.shape[1] + 1 and is_word(cells[0]):
        cells = cells[1:]  # the row's own label
    shares = figures(cells, "weights", COUNT)
    if given.shape[1] == 1 and len(given) == len(shares) > 1:
        given = given.T  # a single segment, its scores under each other
    if given.shape[1] != len(shares):
        said = f"{len(shares)} weights, but {given.shape[1]} scores in a row."
        raise BadArguments(f"There are {said}")
    if np.isnan(shares).any():
        raise NotAvailable("A weight is blank: type 0 for a criterion that does not count.")
    if not shares.sum():
        raise BadArguments("All weights are 0.")
    counted = np.where(shares > 0, given, 0.0)
    return counted, shares / shares.sum()


def _failed(gates: Table, segments: int) -> list[bool]:
    """Which rows fail a must-have."""
    if gates is None or is_nothing(gates):
        return [False] * segments
    rows = block_rows(gates, "gates")
    if segments == 1:
        rows = [[cell for row in rows for cell in row]]
    if len(rows) != segments:
        raise BadArguments(f"There are {len(rows)} rows of gates, but {segments} of scores.")
    return [any(_fails(cell) for cell in row) for row in rows]


def _fails(gate: Any) -> bool:
    if is_nothing(gate):
        return False
    said = str(int(gate)) if isinstance(gate, float) and gate.is_integer() else str(gate)
    if said.strip().casefold() in _PASSES:
        return False
    if said.strip().casefold() in _FAILS:
        return True
    raise BadArguments(f"gates holds '{gate}'; write yes, no, or leave it blank.")


FUNCTIONS = (
    cell_function(seg_score, "Score", "=SEG_SCORE(B2:D2,B$1:D$1,E2:F2)"),
    cell_function(seg_grade, "Score", "=SEG_GRADE(9,24,4)"),
    cell_function(seg_rank, "Score", "=SEG_RANK(A2:A6,B2:D6,B1:D1)"),
)
