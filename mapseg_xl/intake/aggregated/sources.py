"""Sources of a workbook that holds no customers but what a team has counted: pivots, cohort tables, market answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mapseg_xl.intake.aggregated.reconcile import reconciled
from mapseg_xl.intake.aggregated.summaries import Summaries, words_beside_rows, words_of
from mapseg_xl.intake.beside.small_tables import with_small_tables
from mapseg_xl.intake.cleaning.amounts import CURRENCIES, amount
from mapseg_xl.intake.columns.classify import Classified, Kind
from mapseg_xl.intake.columns.key_columns import keyed
from mapseg_xl.intake.columns.readings import IntakeOptions
from mapseg_xl.intake.tables import Customers, RawSheet, Sources

_HEADER_UNIT = re.compile(r"[(\[]\s*([A-Za-z]{3}|[$€£¥])\s*[)\]]|([$€£¥])")


def nobody(source: str, sheet: str) -> Customers:
    """Customers without a row: what is known of them is on sheets that count them."""
    none = np.empty(0, dtype=object)
    return Customers(
        0, np.empty(0, np.int8), none, {}, {}, (), source, sheet, np.empty(0, np.int64)
    )


def sources_of(
    found: Summaries,
    sheets: Sequence[RawSheet],
    others: Sequence[Classified],
    options: IntakeOptions,
) -> Sources:
    """The typed tables of the aggregated sheets, with what small tables beside them say: market, spend, feedback."""
    first = next(s for s in sheets if found.holds(s))
    names = [s.sheet for s in sheets if found.holds(s)]
    sources = Sources(
        nobody(first.source, ", ".join(names)),
        found.issues,
        _currency([s for s in sheets if found.holds(s)]) or "$",
        words_of(found),
        pivots=found.pivots,
        cohorts=found.cohorts,
    )
    if not others:
        return sources
    small = [t for t in others if t.kind not in (Kind.OTHER, Kind.CUSTOMERS, Kind.TRANSACTIONS)]
    said = tuple(
        f"Left sheet '{t.table.sheet}': nothing on it says whom it counts. "
        "Name a row or column of it Leads, Customers or Churned."
        for t in others
        if t not in small
    )
    sources = replace(sources, taken=(*sources.taken, *said))
    return with_small_tables(sources, small, keyed(others[0].table, ()), options)


def with_summaries(sources: Sources, found: Summaries) -> Sources:
    """Sources with rows of customers, and what the team's own sheets say beside them. The rows win."""
    if not found.sheets:
        return sources
    return replace(
        sources,
        issues=(*sources.issues, *reconciled(found.pivots, sources.customers)),
        taken=(*sources.taken, *words_beside_rows(found)),
        pivots=found.pivots,
        cohorts=found.cohorts,
    )


def _currency(sheets: Sequence[RawSheet]) -> str:
    """The one currency that texts or headers of the sheets name; empty where there is none, or several."""
    seen: set[str] = set()
    for sheet in sheets:
        texts = {v for column in sheet.columns for v in column.tolist() if isinstance(v, str)}
        for text in texts:
            read = amount(text)
            if read is not None and read.symbol:
                seen.add(read.symbol)
            for unit in _HEADER_UNIT.findall(text) if read is None else ():
                word = unit[0] or unit[1]
                known = CURRENCIES.get(word.upper(), word if word in "$€£¥" else "")
                seen |= {known} if known else set()
    return seen.pop() if len(seen) == 1 else ""
