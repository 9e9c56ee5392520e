"""Sheets as rows of cells, for the tests of what teams have counted themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mapseg_xl.intake.aggregated.summaries import Summaries, summaries
from mapseg_xl.intake.tables import CohortTable, Pivot, RawSheet


def sheet(rows: Sequence[Sequence[Any]], name: str = "Sheet1") -> RawSheet:
    """A sheet from its rows, padded with blanks; whole numbers are floats, as files hold them."""
    width = max(map(len, rows))
    columns = []
    for cells in zip(*([*row, *([None] * (width - len(row)))] for row in rows), strict=True):
        column = np.empty(len(cells), dtype=object)
        column[:] = [
            float(c) if isinstance(c, int) and not isinstance(c, bool) else c for c in cells
        ]
        columns.append(column)
    return RawSheet("team.xlsx", name, tuple(columns))


def found(rows: Sequence[Sequence[Any]], name: str = "Sheet1") -> Summaries:
    """What is read of one sheet."""
    return summaries([sheet(rows, name)])


def pivot(rows: Sequence[Sequence[Any]], name: str = "Sheet1") -> Pivot:
    """The only pivot of a sheet."""
    (only,) = found(rows, name).pivots
    return only


def figures(read: Pivot, *names: str) -> dict[tuple[str, ...], tuple[float, ...]]:
    """Some figures of each segment."""
    return {line.values: tuple(line.figures[name] for name in names) for line in read.lines}


def cohorts(rows: Sequence[Sequence[Any]], name: str = "Sheet1") -> tuple[CohortTable, ...]:
    """The cohort tables of a sheet."""
    return found(rows, name).cohorts
