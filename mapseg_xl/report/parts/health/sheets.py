"""What became of each sheet of the sources: what it holds, whether it counts, which columns play a part, why."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.tables import SheetUse
from mapseg_xl.report import words
from mapseg_xl.report.spec import Cell, Column, Content, Row, Section, Table

SHEETS = "sheets"
_FEWEST = 2
_NAMED = 4  # columns
_HOLDS = {"no table": "nothing", "transactions": "orders"}
_COLUMNS = (
    Column("header", "Header", 0, "count"),
    Column("sheet", "Sheet", 1, "text"),
    Column("kind", "Holds", 2, "text"),
    Column("rows", "Rows", 3, "count"),
    Column("used", "Used", 4, "text"),
    Column("columns", "Columns that count", 5, "text"),
    Column("why", "Because", 7, "text"),
)


def sheets_section(findings: Findings) -> tuple[Section, ...]:
    """A line a sheet, where there are several."""
    uses = findings.origin.sheets
    if len(uses) < _FEWEST:
        return ()
    rows = tuple(_row(at, use) for at, use in enumerate(uses))
    used = sum(use.used for use in uses)
    help_text = f"{used} of {len(uses)} are used; name the sheets to read with --sheet"
    return (Section("Your sheets", (Table(SHEETS, _COLUMNS, rows),), help_text),)


def _row(at: int, use: SheetUse) -> Row:
    cells: dict[str, Content | Cell] = {
        "sheet": words.short(use.sheet, 40),
        "kind": _HOLDS.get(use.kind, use.kind),
        "header": use.header_row,
        "rows": use.rows,
        "used": "yes" if use.used else "no",
        "columns": _columns(use) or None,
        "why": use.why,
    }
    return Row(f"{at:03} {use.sheet}", cells, "body" if use.used else "muted")


def _columns(use: SheetUse) -> str:
    """The headers that play a part, the first ones."""
    headers = [words.short(header, 24) for _, header in use.columns]
    more = f" and {len(headers) - _NAMED} more" if len(headers) > _NAMED else ""
    return ", ".join(headers[:_NAMED]) + more
