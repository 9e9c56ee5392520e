"""Every cell function but SEG_WHY, which explains them: the tuple of each family file, one after the other."""

from __future__ import annotations

from mapseg_xl.excel.cell_function import CellFunction
from mapseg_xl.excel.functions import (
    comparing,
    conversion,
    market,
    mix,
    money,
    rate_table,
    rates,
    revenue,
    scoring,
    staying,
    triangles,
    value,
    volume,
)

FAMILIES: tuple[CellFunction, ...] = (
    *volume.FUNCTIONS,
    *conversion.FUNCTIONS,
    *revenue.FUNCTIONS,
    *staying.FUNCTIONS,
    *value.FUNCTIONS,
    *comparing.FUNCTIONS,
    *rates.FUNCTIONS,
    *rate_table.FUNCTIONS,
    *mix.FUNCTIONS,
    *triangles.FUNCTIONS,
    *money.FUNCTIONS,
    *market.FUNCTIONS,
    *scoring.FUNCTIONS,
)
