"""The named functions of a workbook that holds customers, a row each: those over rows and those on aggregates."""

from __future__ import annotations

from mapseg_xl.report.named_functions.aggregate import AGGREGATE
from mapseg_xl.report.named_functions.rows import ROW_LEVEL
from mapseg_xl.report.verbs import NamedFunction

CARRIED: tuple[NamedFunction, ...] = (*AGGREGATE, *ROW_LEVEL)
CARRIED_NAMES = frozenset(function.name for function in CARRIED)
