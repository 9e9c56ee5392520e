"""Every cell function but SEG_WHY, which explains them: the tuple of each family file, one after the other."""

from __future__ import annotations

from mapseg_xl.excel.cell_function import CellFunction
from mapseg_xl.excel.functions import volume

FAMILIES: tuple[CellFunction, ...] = (*volume.FUNCTIONS,)
