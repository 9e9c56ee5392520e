"""What was found in the cells: the issues grouped for reading, and cell by cell what was there and what was read."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.health import SEVERITIES, each_cell
from mapseg_xl.intake.tables import Issue
from mapseg_xl.report import words
from mapseg_xl.report.spec import Column, Part, Row, Section, Table, Text

LONGEST = 500  # lines of a table on the tab
ISSUES, CELLS = "issues", "cells"


def issues_section(findings: Findings) -> Section:
    """Every kind of issue by column, the gravest first."""
    issues = findings.health.grouped()
    if not issues:
        return Section("What was found", (Text(("Nothing to repair, nothing left out.",), "note"),))
    columns = (
        Column("severity", "Severity", 0, "text"),
        Column("source", "Source", 1, "text"),
        Column("sheet", "Sheet", 2, "text"),
        Column("cell", "Cell", 3, "text"),
        Column("column", "Column", 4, "text"),
        Column("issue", "Issue", 5, "text"),
        Column("count", "Count", 6, "count"),
        Column("action", "What we did", 7, "text"),
    )
    rows = tuple(
        Row(
            f"{at:04}",
            {
                "severity": issue.severity,
                "source": issue.source,
                "sheet": issue.sheet,
                "cell": issue.cell,
                "column": issue.column or "(whole table)",
                "issue": issue.issue,
                "count": issue.count,
                "action": issue.action,
            },
        )
        for at, issue in enumerate(issues[:LONGEST])
    )
    parts: list[Part] = [Table(ISSUES, columns, rows, filter=True), *_more(len(issues))]
    counts = [sum(i.count for i in issues if i.severity == s) for s in SEVERITIES]
    said = [words.counted(n, s) for n, s in zip(counts, SEVERITIES, strict=True) if n]
    return Section("What was found", tuple(parts), " · ".join(said))


def _more(lines: int) -> tuple[Part, ...]:
    if lines <= LONGEST:
        return ()
    more = f"and {lines - LONGEST:,} more in data_health.csv (mapseg check --tables)"
    return (Text((more,), "note"),)


def cells_section(findings: Findings) -> tuple[Section, ...]:
    """Each cell of the issues that stand in several, and each that was read as something else: before and after."""
    lines = [i for i in each_cell(findings.health.issues) if i.before or i.after]
    if not lines:
        return ()
    columns = (
        Column("severity", "Severity", 0, "text"),
        Column("sheet", "Sheet", 1, "text"),
        Column("cell", "Cell", 3, "text"),
        Column("column", "Column", 4, "text"),
        Column("before", "Before", 5, "text"),
        Column("after", "After", 7, "text"),
    )
    rows = tuple(Row(f"{at:04}", _cells(line)) for at, line in enumerate(lines[:LONGEST]))
    table = Table(CELLS, columns, rows, filter=True)
    help_text = "what stands in the cell, and what was read; your sheets are unchanged"
    return (Section("Before and after", (table, *_more(len(lines))), help_text),)


def _cells(line: Issue) -> dict[str, str]:
    return {
        "severity": line.severity,
        "sheet": line.sheet,
        "cell": line.cell,
        "column": line.column or "(whole table)",
        "before": line.before,
        "after": line.after or "as it is",
    }
