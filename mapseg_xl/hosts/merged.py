"""Reads a workbook that `mapseg merge` made: what was answered in it, and whether somebody changed its rows."""

from __future__ import annotations

from pathlib import Path

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.previous import book_of
from mapseg_xl.hosts.save import refuse_open
from mapseg_xl.intake.workbook import read_sheets
from mapseg_xl.report.customer_sheet import ROWS, cells_print
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.names import CUSTOMERS

_ELSEWHERE = "Name another file with --out, or move this one; nothing was changed."


def merged_before(path: Path) -> Previous:
    """What the merge workbook at `path` holds of an earlier run and of people since.

    Raises RefusedOutput where the file is none, is open in Excel, has other sheets, or rows that somebody changed.
    """
    refuse_open(path)
    book = None if path.is_dir() else book_of(path.read_bytes(), path.name)
    if book is None or ROWS not in book.remembered.memory:
        raise RefusedOutput(f"{path.name} is there already and stays as it is. Name another file.")
    others = [f"'{name}'" for name in book.others if name != CUSTOMERS]
    if others:
        said = f"{path.name} holds sheets that mapseg did not make: {', '.join(others)}."
        raise RefusedOutput(f"{said} {_ELSEWHERE}")
    if CUSTOMERS in book.others and _rows_print(path) != book.remembered.memory[ROWS]:
        raise RefusedOutput(
            f"The sheet {CUSTOMERS} of {path.name} was changed by hand; made again it would lose that. {_ELSEWHERE}"
        )
    return book.previous


def _rows_print(path: Path) -> str:
    """A print of the sheet Customers as it stands now."""
    (sheet,) = read_sheets(path, (CUSTOMERS,))
    return cells_print(column.tolist() for column in sheet.columns)
