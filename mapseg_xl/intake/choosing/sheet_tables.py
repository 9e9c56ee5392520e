"""The tables that a sheet gives to a run: its largest, and others on it that can be told to hold something of use."""

from __future__ import annotations

from mapseg_xl.intake.choosing.wide_months import by_month
from mapseg_xl.intake.columns.classify import Kind, classify, share_different
from mapseg_xl.intake.columns.roles import guess_roles
from mapseg_xl.intake.finding.several_tables import find_tables
from mapseg_xl.intake.tables import RawSheet, RawTable

MOST_SUMMED = 600
"""A table of more rows is a list: nobody's pivot is as long."""
_UNIQUE = 0.98
_MOSTLY = 0.6
_TEXTS = 3
_MANY = 20  # rows of which no two have the same count by chance
_SMALL = frozenset({Kind.SPEND, Kind.MARKET, Kind.FEEDBACK, Kind.SEGMENTS})
_OF_CUSTOMERS = frozenset({Kind.CUSTOMERS, Kind.TRANSACTIONS})


def tables_of(sheet: RawSheet, *, keep_totals: bool = False) -> tuple[RawTable, ...]:
    """The largest table of a sheet, then others on it that tell of customers, spend, market or what was said.

    Those with a column a month have a row a month instead.
    """
    return tuple(map(by_month, find_tables(sheet, _counts, keep_totals=keep_totals)))


def _counts(table: RawTable) -> bool:
    told = classify(table, guess_roles(table))
    named = any(key.strict for key in told.keys)
    return told.kind in _SMALL or (told.kind in _OF_CUSTOMERS and named)


def is_list(table: RawTable) -> bool:
    """Whether the rows are customers, deals or orders, one by one, and no summary of them.

    Some summaries count under a header that also names customers (`N° client`). A list has a name for each row, and
    says of it what no sum can: days, addresses, words in several columns.
    """
    if len(table.rows) > MOST_SUMMED:
        return True
    told = classify(table, guess_roles(table))
    named = [k for k in told.keys if k.strict]
    if told.kind not in _OF_CUSTOMERS or not named:
        return False
    seen = told.found.profiles
    if any(p.dates >= _MOSTLY or p.emails >= _MOSTLY for p in seen):
        return True
    worded = sum(p.texts >= _MOSTLY for p in seen) >= _TEXTS
    each = any(share_different(table, k) >= _UNIQUE for k in named)
    return each and (worded or len(table.rows) >= _MANY)
