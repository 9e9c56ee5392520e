"""Rows of sums at the foot of columns that were passed whole: no customer, and twice the company if counted as one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.excel.cells import Cells, is_blank
from mapseg_xl.intake.finding.leftouts import is_total, total_words
from mapseg_xl.intake.tables import Array

FEWEST_ROWS = 3  # above a row of sums; of fewer a sum may be a coincidence
ROUNDING = 1e-9


def total_rows(
    is_label: Sequence[bool], columns: Sequence[Cells], held: Sequence[Array]
) -> NDArray[np.bool_]:
    """Which rows hold the totals of the others: called so, or the last one without a name and exactly their sum."""
    n = len(held[0])
    found = np.zeros(n, np.bool_)
    if n <= FEWEST_ROWS:
        return found
    names = [h for h, label in zip(held, is_label, strict=True) if label]
    for cells, name in zip(
        (c for c, label in zip(columns, is_label, strict=True) if label), names, strict=True
    ):
        for at in _named(cells, name):
            found[at] = all(_is_unnamed(other[at]) for other in names)
    if not found[-1] and names and all(is_blank(name[-1]) for name in names):
        amounts = [h for h, label in zip(held, is_label, strict=True) if not label]
        found[-1] = any(_is_sum(column) for column in amounts)
    return found


def _named(cells: Cells, held: Array) -> list[int]:
    """Places of the one row called Total, and of the groups' own where there is one."""
    words = total_words(frozenset(v for v in cells.values if isinstance(v, str)))
    if not any(map(is_total, words)):
        return []
    places = [np.flatnonzero(held == word) for word in words]
    return [int(at[0]) for at in places if len(at) == 1]


def _is_unnamed(value: Any) -> bool:
    return is_blank(value) or (isinstance(value, str) and bool(total_words(frozenset([value]))))


def _is_sum(column: Array) -> bool:
    """Whether the last cell is what Excel's SUM makes of the numbers above it."""
    total = column[-1]
    if not _is_number(total) or not total:
        return False
    above = [v for v in column[:-1] if _is_number(v)]
    several = sum(1 for v in above if v) >= FEWEST_ROWS
    return several and math.isclose(math.fsum(above), total, rel_tol=ROUNDING)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
