"""Sheets as they are written: tables among titles, totals and notes, then all of it into one workbook's bytes."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from .truth import Problem


@dataclass(frozen=True, slots=True)
class Wrong:
    """An Excel error value in a cell."""

    code: str = "#N/A"


@dataclass(slots=True)
class Table:
    """Headers and rows, what each column is about, and what was spoilt: (row, column, kind, detail)."""

    concepts: list[str]
    headers: list[str]
    rows: list[list[Any]]
    spoilt: list[tuple[int, int, str, str]] = field(default_factory=list)
    total: bool = False  # whether a row of totals makes sense at its foot

    def at(self, concept: str) -> int:
        return self.concepts.index(concept)


@dataclass(slots=True)
class Page:
    """A sheet being filled."""

    name: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, str]] = field(default_factory=list)  # row, first, last, text
    frozen: int = 0
    filtered: tuple[int, int, int, int] | None = None
    chart: bool = False
    problems: list[Problem] = field(default_factory=list)

    def write(self, row: int, column: int, values: list[Any]) -> None:
        for i, value in enumerate(values):
            if value is not None:
                self.cells[row, column + i] = value


def place(page: Page, table: Table, top: int, left: int) -> tuple[int, int]:
    """Put the table on the page; the row after its last, and the column after its last."""
    page.write(top, left, table.headers)
    for i, row in enumerate(table.rows):
        page.write(top + 1 + i, left, row)
    for row, column, kind, detail in table.spoilt:
        cell = f"{xl_col_to_name(left + column)}{top + 2 + row}"
        page.problems.append(Problem(page.name, cell, kind, detail))
    return top + 1 + len(table.rows), left + len(table.headers)


def messy(
    draw: random.Random, name: str, table: Table, title: tuple[str, ...], *, calm: bool = False
) -> Page:
    """The table as teams keep it: a title above, a gap, a total below, notes beside, rows and columns hidden."""
    page = Page(name)
    top = left = 0
    if not calm and draw.random() < 0.5:
        page.cells[0, 0] = f"{title[0]} {name}"
        if draw.random() < 0.6:
            page.cells[1, 0] = f"{title[1]} 30.06.2025 – {title[2]}"
        top = draw.choice([2, 3, 4])
    if not calm and draw.random() < 0.15:
        left = 1
    if not calm and top >= 3 and draw.random() < 0.3 and len(table.headers) > 6:
        _groups(page, top - 1, left, len(table.headers))
    if not calm and draw.random() < 0.2 and len(table.rows) > 20:
        table = _with_blank_rows(draw, table)
    below, right = place(page, table, top, left)
    page.frozen = top + 1 if draw.random() < 0.6 else 0
    if draw.random() < 0.4:
        page.filtered = (top, left, below - 1, right - 1)
    if not calm:
        _surround(draw, page, table, (top, left, below, right), title[3])
    return page


def _surround(
    draw: random.Random, page: Page, table: Table, area: tuple[int, int, int, int], word: str
) -> None:
    """What stands around the table: a total, notes beside and below, hidden rows and columns."""
    top, left, below, right = area
    if table.total and draw.random() < 0.6:
        _total(page, table, below + draw.choice([0, 1]), left, word)
    if draw.random() < 0.3:
        page.cells[top + 2, right + 1] = "ask Tom whether these are still right"
        page.cells[top + 6, right + 1] = "checked by Ana"
    if draw.random() < 0.2:
        page.cells[below + 4, left] = "Source: system export, prepared for the board meeting"
    if draw.random() < 0.2:
        page.hidden_rows |= set(draw.sample(range(top + 1, below), k=min(5, below - top - 2)))
    if draw.random() < 0.2:
        page.hidden_columns.add(right - 1)


def _groups(page: Page, row: int, left: int, width: int) -> None:
    half = width // 2
    page.merged.append((row, left, left + half - 1, "Master data"))
    page.merged.append((row, left + half, left + width - 1, "Contract"))


def _with_blank_rows(draw: random.Random, table: Table) -> Table:
    """The same table with two empty rows in it; places of what was spoilt move along."""
    gaps = sorted(draw.sample(range(5, len(table.rows) - 5), k=2))
    rows: list[list[Any]] = []
    place_of: dict[int, int] = {}
    for i, row in enumerate(table.rows):
        if i in gaps:
            rows.append([None] * len(row))
        place_of[i] = len(rows)
        rows.append(row)
    spoilt = [(place_of[r], c, k, d) for r, c, k, d in table.spoilt]
    return Table(table.concepts, table.headers, rows, spoilt, table.total)


def _total(page: Page, table: Table, row: int, left: int, word: str) -> None:
    page.cells[row, left] = word
    for i in range(1, len(table.headers)):
        numbers = [r[i] for r in table.rows if isinstance(r[i], float)]
        if len(numbers) > len(table.rows) / 4:
            page.cells[row, left + i] = round(sum(numbers), 2)


def written(pages: list[Page], *, date_format: str) -> bytes:
    """The pages as a workbook."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        day = book.add_format({"num_format": date_format})
        bold = book.add_format({"bold": True, "align": "center"})
        sheets = [book.add_worksheet(page.name) for page in pages]
        for page, sheet in zip(pages, sheets, strict=True):
            _fill(book, sheet, page, day, bold)
    return stream.getvalue()


def _fill(book: Any, sheet: Any, page: Page, day: Any, bold: Any) -> None:
    for row, first, last, text in page.merged:
        sheet.merge_range(row, first, row, last, text, bold)
    for cell, value in page.cells.items():
        _put(sheet, cell, value, day)
    for row in page.hidden_rows:
        sheet.set_row(row, None, None, {"hidden": True})
    for column in page.hidden_columns:
        sheet.set_column(column, column, None, None, {"hidden": True})
    if page.frozen:
        sheet.freeze_panes(page.frozen, 0)
    if page.filtered:
        sheet.autofilter(*page.filtered)
    if page.hidden:
        sheet.hide()
    if page.chart:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": [page.name, 1, 1, 4, 1]})
        sheet.insert_chart(8, 3, chart)


def _put(sheet: Any, cell: tuple[int, int], value: Any, day: Any) -> None:
    if isinstance(value, Wrong):
        sheet.write_formula(*cell, "=NA()", None, value.code)
    elif isinstance(value, date):
        sheet.write_datetime(*cell, value, day)
    elif isinstance(value, str):
        sheet.write_string(*cell, value)
    elif isinstance(value, bool):
        sheet.write_boolean(*cell, value)
    else:
        sheet.write_number(*cell, value)
