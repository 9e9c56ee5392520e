"""The team's own sheets of an open workbook, cell by cell as reading the saved file would give them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from mapseg_xl.errors import InputError
from mapseg_xl.hosts.live import memory as live_memory
from mapseg_xl.hosts.live import read as live_read
from mapseg_xl.hosts.live.app import from_1904
from mapseg_xl.intake.cleaning.cells import ERROR_WORDS
from mapseg_xl.intake.reading.package import MAX_CELLS
from mapseg_xl.intake.reading.sheet_cells import note_1904, note_hidden_sheet, reading_issues
from mapseg_xl.intake.reading.sheet_facts import SheetFacts
from mapseg_xl.intake.tables import Array, CellError, RawSheet
from mapseg_xl.report import memory
from mapseg_xl.report.verbs import Rect

_ERRORS = {code: CellError(code) for code in ERROR_WORDS}


def sheets_of(book: Any) -> tuple[RawSheet, ...]:
    """Every sheet that is not ours and holds something: numbers, texts, days and error values as they are stored."""
    ours = {name.casefold() for name in (*live_memory.read(book).ours, memory.SHEET)}
    counts_1904 = from_1904(book)
    found = []
    for sheet in book.sheets:
        if sheet.name.casefold() not in ours:
            raw = _raw(book.name, sheet, is_1904=counts_1904)
            if raw is not None:
                found.append(raw)
    return tuple(found)


def _raw(source: str, sheet: Any, *, is_1904: bool) -> RawSheet | None:
    name = sheet.name
    area = live_read.used(sheet)
    if (area.bottom + 1) * (area.right + 1) > MAX_CELLS:
        raise InputError(
            f"Sheet '{name}' reaches to cell {Rect.cell(area.bottom, area.right).a1}, more than can be read. "
            "Delete the rows and columns beyond the data."
        )
    columns, top, left = _trimmed(_columns(sheet, area))
    if not columns:
        return None
    facts = SheetFacts(hidden_rows=list(_hidden_rows(sheet, area)))
    facts.filtered = bool(facts.hidden_rows)
    issues = reading_issues(source, name, facts, {})
    if is_1904 and any(isinstance(value, date) for column in columns for value in column):
        issues += note_1904(source, name, columns, (top, left))
    hidden = sheet.visible not in (True, -1)
    if hidden:
        issues += (note_hidden_sheet(source, name),)
    return RawSheet(source, name, tuple(columns), top, left, hidden, issues)


def _columns(sheet: Any, area: Rect) -> list[Array]:
    """Columns from blocks of rows, so that rows and columns are never both held whole."""
    height, width = area.bottom + 1, area.right + 1
    columns = [np.empty(height, dtype=object) for _ in range(width)]
    at = 0
    for rows in live_read.values(sheet, area):
        for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
            column[at : at + len(rows)] = [_ERRORS.get(v, v) if _is_text(v) else v for v in cells]
        at += len(rows)
    return columns


def _is_text(value: object) -> bool:
    return type(value) is str and value[:1] == "#"


def _trimmed(columns: list[Array]) -> tuple[list[Array], int, int]:
    """Without the empty rows and columns around the cells that hold something; first row and column, from 1."""
    filled = [np.flatnonzero(column != None) for column in columns]  # noqa: E711  # cell by cell
    held = [at for at, rows in enumerate(filled) if rows.size]
    if not held:
        return [], 1, 1
    top = min(int(filled[at][0]) for at in held)
    bottom = max(int(filled[at][-1]) for at in held)
    left, right = held[0], held[-1]
    return [c[top : bottom + 1] for c in columns[left : right + 1]], top + 1, left + 1


def _hidden_rows(sheet: Any, area: Rect) -> Iterator[int]:
    """Sheet rows that are hidden or filtered out, found by asking for those in sight."""
    shown = sheet.range(area.a1).get_special_cells("visible")
    rows = set(range(1, area.bottom + 2))
    for part in shown:
        rows.difference_update(range(part.row, part.row + part.shape[0]))
    yield from sorted(rows)
