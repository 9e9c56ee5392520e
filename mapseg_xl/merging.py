"""Customers as rows: combined out of several tables with a report of how they matched, and listed by segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.joining.combined import CombinedColumn, combine
from mapseg_xl.intake.tables import Sources
from mapseg_xl.report.customer_sheet import ROWS, customer_sheet, rows_print
from mapseg_xl.report.identity import Previous, keep
from mapseg_xl.report.parts.joins.answers import pair_memory, typed_pairs
from mapseg_xl.report.parts.joins.likely import shown
from mapseg_xl.report.parts.names import CUSTOMERS
from mapseg_xl.report.plan import lay_out, sheet_names
from mapseg_xl.report.spec import Report
from mapseg_xl.report.tabs import match_report
from mapseg_xl.report.verbs import Plan
from mapseg_xl.request import READ, Progress, Request, intake
from mapseg_xl.tally.rows import Mask
from mapseg_xl.tally.standing import sources_as_they_stood

TITLE, LISTS = "Customers, combined", "Customer lists"


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """The customers side by side, and where each table's rows went."""

    sources: Sources
    columns: tuple[CombinedColumn, ...]


def answered(request: Request, earlier: Previous | None) -> Request:
    """The request with what people said of likely pairs in a merge workbook of before; it asks for more."""
    pairs = typed_pairs(earlier, request.settings.accept_pairs_from, ask=True)
    return replace(request, pairs=pairs)


def merge(request: Request, progress: Progress) -> Merged:
    """Read and join the sources; what cannot be joined by sure keys is an InputError that says how to choose."""
    progress("Reading", READ)
    sources = intake(replace(request, include_email=True))  # rows of customers, as they are
    return Merged(sources, combine(sources))


def merged_plan(merged: Merged, earlier: Previous | None = None) -> Plan:
    """Customers and Match report as a workbook, with what people answered in an earlier one."""
    sources = merged.sources
    customers = sources.customers
    tab = match_report.tab(
        sources.matches, sources.taken, customers.n, sources.currency, sources.joining
    )
    memory = {
        **pair_memory(shown(sources.joining.pairs), earlier),
        ROWS: rows_print(merged.columns),
    }
    report = Report(
        (tab,), TITLE, f"{customers.source} · Customers", "", sources.currency, memory=memory
    )
    plan = lay_out(keep(report, earlier))
    sheet = customer_sheet(merged.columns, CUSTOMERS, customers.source)
    return replace(plan, sheets=(sheet, *plan.sheets))


@dataclass(frozen=True, slots=True, eq=False)
class CustomerList:
    """The rows of one chosen segment."""

    name: str
    columns: tuple[CombinedColumn, ...]


def customer_lists(request: Request, findings: Findings) -> tuple[CustomerList, ...]:
    """The rows of every chosen segment, all columns side by side; none where none is chosen yet.

    The same sources as the findings': their customers are read again, as they stood on its day.
    """
    chosen = {profile.segment_id: profile for profile in findings.profiles.chosen}
    if not chosen:
        return ()
    sources = intake(replace(request, include_email=True))  # names are what was asked for
    columns = combine(sources_as_they_stood(sources, findings.as_of))
    members = {c.segment_id: c.member for c in findings.candidates}
    return tuple(
        CustomerList(profile.name, _only(columns, members[key])) for key, profile in chosen.items()
    )


def _only(columns: Sequence[CombinedColumn], kept: Mask) -> tuple[CombinedColumn, ...]:
    places = np.flatnonzero(kept).tolist()
    return tuple(replace(c, values=tuple(c.values[at] for at in places)) for c in columns)


def lists_plan(lists: Sequence[CustomerList], source: str) -> Plan:
    """A sheet a segment, an Excel table each."""
    names = sheet_names([one.name for one in lists])
    footer = f"{source} · {LISTS}"
    sheets = tuple(
        customer_sheet(one.columns, names[one.name], footer, f"Segment_{at}")
        for at, one in enumerate(lists, start=1)
    )
    return replace(lay_out(Report((), LISTS, footer, "")), sheets=sheets)
