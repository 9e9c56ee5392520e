"""Match report: how the tables became one row a customer, what was left over, and whether rows and money tie."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from mapseg_xl.intake.tables import NOTHING_JOINED, Joining, Match
from mapseg_xl.report import words
from mapseg_xl.report.parts.joins.likely import likely_section
from mapseg_xl.report.parts.joins.other_tables import (
    conflict_section,
    coverage_section,
    found_by_section,
    key_section,
)
from mapseg_xl.report.parts.joins.ties import tie_sections
from mapseg_xl.report.parts.names import MATCH_REPORT
from mapseg_xl.report.spec import Section, Tab, Text

_MANY_DIGITS = 1e6
_WIDE = {0: 150, 1: 56, 2: 64, 3: 64, 4: 104, 5: 56, 6: 104, 7: 104, 8: 80, 9: 104, 10: 104}
"""Widths with room for large money to the cent, on a page no wider than others."""
_NOTES = (
    "A row finds its customer when its key is the same but for case, outer spaces and leading zeros.",
    "What is left is joined without accents, signs and legal form of a company, tags of an address, www. of a domain.",
    "A form of a key that two customers share joins nobody: Data health names the rows.",
    "Left over: rows whose key no customer has, or without a key. They are in no figure.",
    "On several rows: keys that a table holds more than once; their money is added up.",
)


def tab(
    matches: Sequence[Match],
    taken: Sequence[str],
    customers: int,
    currency: str,
    joining: Joining = NOTHING_JOINED,
) -> Tab:
    """The tab of `matches`, one a joined table; `taken`: a sentence a sheet, read or left."""
    sections: list[Section] = []
    if matches:
        sections += tie_sections(matches, joining, currency)
        sections += likely_section(
            joining.pairs, currency, fsum(m.money_left or 0.0 for m in matches)
        )
        sections += found_by_section(joining)
        sections += coverage_section(matches, joining, customers)
        sections += conflict_section(joining.conflicts)
        sections.append(key_section(matches))
    sections.append(Section("What was read", (Text(tuple(taken), "note"),)))
    return Tab(
        MATCH_REPORT,
        "TRUST",
        _headline(matches, customers, currency),
        f"Your own sheets are unchanged. {words.counted(customers, 'customer row')} on Customers.",
        tuple(sections),
        notes=_NOTES if matches else (),
        widths=_WIDE if _largest(matches, joining) >= _MANY_DIGITS else {},
        has_inputs=bool(joining.pairs),
    )


def _largest(matches: Sequence[Match], joining: Joining) -> float:
    own = joining.own.money if joining.own is not None else None
    return max((abs(m or 0.0) for m in (own, *(m.money_all for m in matches))), default=0.0)


def _headline(matches: Sequence[Match], customers: int, currency: str) -> str:
    if not matches:
        return f"One table: {words.counted(customers, 'row')}, nothing to join."
    lost = [m for m in matches if m.rows_left]
    if not lost:
        tables = words.counted(len(matches), "table")
        return f"Every row of {tables} found its customer; the money ties to the cent."
    worst = max(lost, key=lambda m: (m.money_left or 0, m.rows_left))
    rows = worst.rows_left + worst.rows_matched
    money = f", {currency}{worst.money_left:,.2f}" if worst.money_left else ""
    return (
        f"{worst.rows_left:,} of {rows:,} rows of {_sheet(worst.right)} found no customer{money}."
    )


def _sheet(table: str) -> str:
    return table.rpartition(" · ")[2]
