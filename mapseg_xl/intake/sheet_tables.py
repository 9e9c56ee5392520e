"""The tables that a sheet gives to a run: its largest, and others on it that can be told to hold something of use."""

from __future__ import annotations

from mapseg_xl.intake.classify import Kind, classify
from mapseg_xl.intake.finding.several_tables import find_tables
from mapseg_xl.intake.roles import guess_roles
from mapseg_xl.intake.tables import RawSheet, RawTable

_SMALL = frozenset({Kind.SPEND, Kind.MARKET, Kind.FEEDBACK, Kind.SEGMENTS})
_OF_CUSTOMERS = frozenset({Kind.CUSTOMERS, Kind.TRANSACTIONS})


def tables_of(sheet: RawSheet, *, keep_totals: bool = False) -> tuple[RawTable, ...]:
    """The largest table of a sheet, then those beside and below it that tell of customers, spend, market or the like."""
    return find_tables(sheet, _counts, keep_totals=keep_totals)


def _counts(table: RawTable) -> bool:
    told = classify(table, guess_roles(table))
    named = any(key.strict for key in told.keys)
    return told.kind in _SMALL or (told.kind in _OF_CUSTOMERS and named)
