"""All cell functions, in one explicit tuple. VBA wrappers, Functions tab, command line and docs read it.

A new family adds its own tuple in `functions/families.py`, and its functions to `functions/__init__.py`.
"""

from __future__ import annotations

from mapseg_xl.excel.cell_function import CellFunction
from mapseg_xl.excel.functions import why
from mapseg_xl.excel.functions.families import FAMILIES

FUNCTIONS: tuple[CellFunction, ...] = (*FAMILIES, *why.FUNCTIONS)
