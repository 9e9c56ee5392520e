"""Combine: one row a customer out of several tables, with the report of how they matched. Pure but for reading."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mapseg_xl.intake.combined import CombinedColumn, combine
from mapseg_xl.intake.tables import Sources
from mapseg_xl.pipeline import READ, Progress, Request, intake
from mapseg_xl.report.customer_sheet import customer_sheet
from mapseg_xl.report.parts.names import CUSTOMERS
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Report
from mapseg_xl.report.tabs import match_report
from mapseg_xl.report.verbs import Plan

TITLE = "Customers, combined"


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """The customers side by side, and where each table's rows went."""

    sources: Sources
    columns: tuple[CombinedColumn, ...]


def merge(request: Request, progress: Progress) -> Merged:
    """Read and join the sources; what cannot be joined by exact keys is an InputError that says how to choose."""
    progress("Reading", READ)
    sources = intake(request)
    return Merged(sources, combine(sources))


def merged_plan(merged: Merged) -> Plan:
    """Customers and Match report as a workbook."""
    sources = merged.sources
    customers = sources.customers
    tab = match_report.tab(sources.matches, sources.taken, customers.n, sources.currency)
    report = Report((tab,), TITLE, f"{customers.source} · Customers", "", sources.currency)
    plan = lay_out(report)
    sheet = customer_sheet(merged.columns, CUSTOMERS, customers.source)
    return replace(plan, sheets=(sheet, *plan.sheets))
