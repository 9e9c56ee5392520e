"""The named functions that work on aggregates: exports carry them, since they ask for no row of a customer."""

from __future__ import annotations

from mapseg_xl.report.named_functions.market import MARKET
from mapseg_xl.report.named_functions.mix import MIX
from mapseg_xl.report.named_functions.money import MONEY
from mapseg_xl.report.named_functions.rates import RATES
from mapseg_xl.report.named_functions.triangles import TRIANGLES
from mapseg_xl.report.verbs import NamedFunction

AGGREGATE: tuple[NamedFunction, ...] = (*RATES, *MIX, *TRIANGLES, *MONEY, *MARKET)
