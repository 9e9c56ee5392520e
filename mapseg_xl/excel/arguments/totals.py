"""Rows of sums at the foot of columns that were passed whole: no customer, and twice the company if counted as one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.excel.arguments.cells import Cells, is_blank
from mapseg_xl.intake.finding.leftouts import is_total, total_words
from mapseg_xl.intake.tables import Array

FEWEST_ROWS = 3  # above a row of sums; of fewer a sum may be a coincidence
ROUNDING = 1e-9


def total_rows(
    is_label: Sequence[bool], columns: Sequence[Cells], held: Sequence[Array]
) -> NDArray[np.bool_]:
    """Which rows hold the totals of the others: called so, or the last one without a name and exactly their sum."""
    found = np.zeros(len(held[0]), np.bool_)
    names = [h for h, label in zip(held, is_label, strict=True) if label]
    if len(found) <= FEWEST_ROWS or not names:
        return found
    said = [_words(c, h) for c, h, label in zip(columns, held, is_label, strict=True) if label]
    for at in {at for places in said for at in places.values()}:
        found[at] = all(
            is_blank(name[at]) or name[at] in places
            for name, places in zip(names, said, strict=True)
        )
    if not found[-1] and all(is_blank(name[-1]) for name in names):
        amounts = (h for h, label in zip(held, is_label, strict=True) if not label)
        found[-1] = any(_is_sum(column) for column in amounts)
    return found


def _words(cells: Cells, held: Array) -> dict[str, int]:
    """What calls a row of totals in this column and where: of all, and of groups where there is one of all.

    What is said of several rows is a segment.
    """
    words = total_words(frozenset(v for v in cells.values if isinstance(v, str)))
    places = {word: np.flatnonzero(held == word) for word in words}
    once = {word: int(at[0]) for word, at in places.items() if len(at) == 1}
    return once if any(map(is_total, once)) else {}


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
