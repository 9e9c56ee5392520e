"""Scoring sheets that go across, a column a segment and the criteria down: they are turned to read as any table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mapseg_xl.intake.columns.kind_words import MARKET
from mapseg_xl.intake.columns.role_words import header_key
from mapseg_xl.intake.finding.blocks import Grid, grid
from mapseg_xl.intake.reading.package import column_letters, column_number
from mapseg_xl.intake.tables import RawSheet, RawTable

FEWEST_CRITERIA = 3
MOST = 60  # rows, and columns, of a scoring sheet
_CRITERIA = {
    key: field
    for field, keys in MARKET.items()
    for key in keys
    if field not in ("segment", "said_by")
}


def upright(sheet: RawSheet) -> RawSheet | None:
    """The sheet turned, where its first labels are criteria of a market and segments stand over the columns.

    Its rows are then the columns of the sheet, and the other way round (`as_on_sheet`). None for any other sheet.
    """
    if sheet.headers or not 2 <= len(sheet.columns) <= MOST or len(sheet.columns[0]) > MOST:
        return None
    cells = grid(sheet.columns)
    for column in range(min(3, len(sheet.columns) - 1)):
        rows = [r for r in range(cells.height) if _criterion(cells.columns[column][r])]
        fields = {_criterion(cells.columns[column][r]) for r in rows}
        if len(fields) >= FEWEST_CRITERIA and (head := _head(cells, column, rows[0])) is not None:
            return _turned(sheet, cells, column, (head, *range(head + 1, cells.height)))
    return None


def _criterion(value: Any) -> str:
    return _CRITERIA.get(header_key(value), "") if isinstance(value, str) and value.strip() else ""


def _head(cells: Grid, column: int, first: int) -> int | None:
    """The row with the names of segments: the last one above the criteria with two texts that are no criteria."""
    right = range(column + 1, len(cells.columns))
    for row in range(first - 1, -1, -1):
        texts = [v for v in cells.row(row, list(right)) if isinstance(v, str)]
        if len(texts) >= 2 and not any(map(_criterion, texts)):
            return row
    return None


def _turned(sheet: RawSheet, cells: Grid, column: int, rows: Sequence[int]) -> RawSheet:
    """Columns from the labels on, as rows; the corner says that what is below it are segments.

    Columns without a name, as that of the weights, and rows without a label are left blank.
    """
    named = [
        c == column or bool(cells.filled[rows[0], c]) for c in range(column, len(sheet.columns))
    ]
    columns = []
    for row in rows:
        made = np.full(len(named), None, dtype=object)
        if row == rows[0] or cells.filled[row, column]:
            values = cells.row(row, list(range(column, len(sheet.columns))))
            made[:] = [v if known else None for v, known in zip(values, named, strict=True)]
        if row == rows[0]:
            made[0] = "Segment"
        columns.append(made)
    return replace(
        sheet, columns=tuple(columns), top=sheet.left + column, left=sheet.top + rows[0], issues=()
    )


def as_on_sheet(table: RawTable) -> RawTable:
    """A table of a turned sheet with the addresses its cells have on the sheet itself."""
    return replace(
        table,
        letters=tuple(str(column_number(letter)) for letter in table.letters),
        turned={int(row): column_letters(int(row)) for row in table.rows},
        issues=(),
    )
