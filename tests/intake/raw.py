"""Hand-made tables for the tests of intake."""

from __future__ import annotations

from typing import Any

import numpy as np

from mapseg_xl.intake.tables import RawTable


def raw(
    columns: dict[str, list[Any]], sheet: str = "Customers", source: str = "crm.xlsx"
) -> RawTable:
    """A table with headers in row 1 and records from row 2, cells as Python objects."""
    arrays = []
    for cells in columns.values():
        array = np.empty(len(cells), dtype=object)
        array[:] = cells
        arrays.append(array)
    letters = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(columns)])
    n = len(arrays[0])
    return RawTable(source, sheet, tuple(columns), letters, 1, np.arange(2, n + 2), tuple(arrays))
