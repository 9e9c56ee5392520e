"""Which repairs a run made, in how many cells, and how each is switched off."""

from __future__ import annotations

from collections import Counter

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.repairs import REPAIRS, repair_of
from mapseg_xl.report.spec import Cell, Column, Row, Section, Table

MADE = "repairs made"


def repairs_section(findings: Findings) -> Section:
    """A row a repair: the cells or rows of this run, and whether it is on."""
    made: Counter[str] = Counter()
    for issue in findings.health.issues:
        made[repair_of(issue.kind)] += issue.count
    off = findings.settings.repairs_off
    columns = (
        Column("title", "Repair", 0, "text"),
        Column("count", "Here", 2, "count"),
        Column("on", "Now", 3, "text"),
        Column("says", "What it does", 4, "text"),
        Column("name", "Its name in a settings file", 7, "text"),
    )
    rows = tuple(
        Row(
            repair.name,
            {
                "title": repair.title,
                "count": made[repair.name] or None,
                "on": Cell("off", "worse") if repair.name in off else "on",
                "says": repair.says,
                "name": repair.name,
            },
        )
        for repair in REPAIRS
    )
    help_text = (
        f'switch one off: on Settings, or repairs_off = ["{REPAIRS[0].name}"] in a settings file'
    )
    return Section("Repairs", (Table(MADE, columns, rows),), help_text)
